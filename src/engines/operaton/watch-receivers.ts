import { z } from 'zod';
import { hasKeptMessages, noteWaiting } from '../remote/kept-messages.ts';
import type { OperatonContext } from './context.ts';
import { correlationVariable } from './correlate.ts';
import { segment } from './rest-client.ts';
import { dateSchema, fromTypedValue, typedValueSchema } from './typed-values.ts';

const subscriptionSchema = z.object({
  id: z.string(),
  eventName: z.string().nullish(),
  processInstanceId: z.string().nullish(),
  createdDate: dateSchema,
});

const pageSize = 100;
/** Number of subscriptions remembered as seen. */
const memory = 20_000;

/**
 * Finds new receivers of messages that are kept: one call a round while there are no new receivers, and none while no messages
 * are kept.
 */
export function createReceiverWatch(context: OperatonContext): { look(overlapMs: number): Promise<void> } {
  const { rest, database, engine } = context;
  const seen = new Set<string>();
  let newest: number | undefined;

  /** Reads subscriptions, newest first, until it meets those that an earlier round has seen. */
  const readNew = async (overlapMs: number) => {
    const found: z.infer<typeof subscriptionSchema>[] = [];
    for (let first = 0; ; first += pageSize) {
      const page = await rest.get(z.array(subscriptionSchema), '/event-subscription', {
        eventType: 'message',
        sortBy: 'created',
        sortOrder: 'desc',
        firstResult: first,
        maxResults: pageSize,
      });
      newest = Math.max(newest ?? 0, page[0]?.createdDate.getTime() ?? 0);
      const since = newest - overlapMs;
      const recent = page.filter(({ createdDate }) => createdDate.getTime() >= since);
      found.push(...recent.filter(({ id }) => !seen.has(id)));
      if (recent.length < pageSize) return found;
    }
  };

  return {
    async look(overlapMs) {
      if (!(await hasKeptMessages(database.db, engine))) return;
      const found = await readNew(overlapMs);
      const waiting = await Promise.all(
        found.map(async ({ eventName, processInstanceId }) => {
          if (!eventName || !processInstanceId) return [];
          const path = `/process-instance/${segment(processInstanceId)}/variables/${correlationVariable}`;
          const variable = await rest.find(typedValueSchema, path, { deserializeValue: false });
          const correlationKey = variable && fromTypedValue(variable);
          return typeof correlationKey === 'string' ? [{ name: eventName, correlationKey }] : [];
        }),
      );
      if (waiting.flat().length > 0) await noteWaiting(database, engine, waiting.flat());
      for (const { id } of found) seen.add(id);
      for (const id of seen) {
        if (seen.size <= memory) break;
        seen.delete(id);
      }
    },
  };
}
