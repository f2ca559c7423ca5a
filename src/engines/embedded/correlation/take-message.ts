import { sql } from 'drizzle-orm';
import type { Db } from '../../../db/client.ts';
import { type Claimed, dueQueue } from '../../../db/due-queue.ts';
import { selectRows } from '../../../db/query.ts';
import type { Variables } from '../../../processes/value-types.ts';
import type { EngineContext } from '../instances/engine-context.ts';
import { InterpretationError } from '../instances/interpretation-error.ts';
import { runCommand } from '../instances/run-command.ts';
import { instant } from '../instances/sql-values.ts';
import { inOrderSaid, isHeardBy } from './subscriptions.ts';

/** A claimed subscription for which there is a message. */
export interface DueSubscription {
  instanceKey: string;
  token: number;
  elementId: string;
}

export const subscriptions = dueQueue<DueSubscription>({
  table: 'engine_subscriptions',
  key: ['instance_key', 'token', 'element_id'],
  columns: sql`instance_key::text as "instanceKey", token, element_id as "elementId"`,
  finished: 'clear',
});

const isOne = ({ instanceKey, token, elementId }: DueSubscription) =>
  sql`instance_key = ${instanceKey}::bigint and token = ${token}::int and element_id = ${elementId}`;

export const holdSubscription = (subscription: DueSubscription) =>
  sql`update engine_subscriptions set due_at = 'infinity', unfinished = 0 where ${isOne(subscription)}`;

/**
 * Delivers the earliest message for the subscription that its process has not received yet. The row, read with the instance
 * locked, shows whether the instance still waits. The receipt is committed together with the change of the instance.
 */
export async function takeMessage(context: EngineContext, subscription: Claimed<DueSubscription>): Promise<void> {
  const { db, now } = context;
  const { instanceKey, token, elementId } = subscription;
  let taken: TakenMessage | undefined;
  // Suspends the subscription until the incident is resolved, and returns the message so that it can be received again.
  const hold = () => sql`with given_back as (
      delete from engine_correlations where message_key = ${taken?.key}::bigint and process_id = ${taken?.processId})
    ${holdSubscription(subscription)}`;
  try {
    const isDone = await runCommand(
      context,
      instanceKey,
      async ({ state }, tx) => {
        // The waiting element has ended; its row will be deleted.
        if (!state.tokens[token]) return undefined;
        taken = await nextMessage(tx, subscription, now());
        return taken && { kind: 'trigger', token, elementId, variables: taken.variables };
      },
      { cause: { token, hold } },
    );
    // A subscription that stays open looks for the next message.
    if (isDone) await subscriptions.postpone(db, subscription, 0);
  } catch (error) {
    // The instance has an incident with the reason.
    if (!(error instanceof InterpretationError)) throw error;
  }
}

interface TakenMessage {
  key: string;
  processId: string;
  variables: Variables;
}

async function nextMessage(
  tx: Db,
  subscription: Claimed<DueSubscription>,
  now: Date,
): Promise<TakenMessage | undefined> {
  for (;;) {
    const [message] = await selectRows<TakenMessage>(
      tx,
      // A message published while the subscription was open is delivered even if its time to live is over.
      sql`select m.key::text, s.process_id as "processId", m.variables
        from engine_subscriptions s join engine_messages m on m.name = s.name and m.correlation_key = s.correlation_key
        where ${isOne(subscription)} and ${subscriptions.isHeld(subscription)} and (m.expires_at > ${instant(now)} or m.key > s.since)
          and ${isHeardBy(sql`s`)} and not exists (
            select from engine_correlations c where c.message_key = m.key and c.process_id = s.process_id)
        order by ${inOrderSaid} limit 1`,
    );
    if (!message) {
      // Has no effect if a later message made the subscription due again.
      await subscriptions.finish(tx, subscription);
      return undefined;
    }
    // Otherwise another instance of the process has just received it.
    if (await correlate(tx, message.key, message.processId)) return message;
  }
}

/** Records that the process received the message. False: it was recorded before. */
export async function correlate(tx: Db, messageKey: string, processId: string): Promise<boolean> {
  const rows = await selectRows(
    tx,
    sql`insert into engine_correlations (message_key, process_id) values (${messageKey}::bigint, ${processId})
      on conflict do nothing returning message_key`,
  );
  return rows.length > 0;
}
