import { sql } from 'drizzle-orm';
import { type Claimed, dueQueue } from '../../../db/due-queue.ts';
import { selectRows } from '../../../db/query.ts';
import type { Variables } from '../../../processes/value-types.ts';
import type { EngineContext } from '../instances/engine-context.ts';
import { InterpretationError } from '../instances/interpretation-error.ts';
import { runCommand } from '../instances/run-command.ts';
import { beginByEvent } from './begin-by-event.ts';

/** The claimed delivery of a broadcast signal to one receiver. */
export interface SignalDelivery {
  key: string;
  /** Null: the signal starts an instance of the process. */
  instanceKey: string | null;
  token: number;
  processId: string;
  elementId: string;
  variables: Variables;
}

export const signalDeliveries = dueQueue<SignalDelivery>({
  table: 'engine_signal_deliveries',
  key: ['key'],
  columns: sql`key::text, instance_key::text as "instanceKey", token, process_id as "processId",
    element_id as "elementId", variables`,
  finished: 'delete',
});

export const holdSignal = ({ key }: SignalDelivery) =>
  sql`update engine_signal_deliveries set due_at = 'infinity', unfinished = 0 where key = ${key}::bigint`;

export async function deliverSignal(context: EngineContext, delivery: Claimed<SignalDelivery>): Promise<void> {
  if (delivery.instanceKey === null) return startBySignal(context, delivery);
  const { instanceKey, token, elementId, variables, key } = delivery;
  const done = sql`delete from engine_signal_deliveries
    where key = ${key}::bigint and ${signalDeliveries.isHeld(delivery)}`;
  try {
    const isDelivered = await runCommand(
      context,
      instanceKey,
      async ({ state }, tx) => {
        const delivered = await selectRows(tx, sql`${done} returning key`);
        // Already delivered, or the receiver no longer waits.
        const waiting = await selectRows(
          tx,
          sql`select token from engine_subscriptions where instance_key = ${instanceKey}::bigint
            and token = ${token}::int and element_id = ${elementId}`,
        );
        return delivered.length > 0 && waiting.length > 0 && state.tokens[token]
          ? { kind: 'trigger', token, elementId, variables }
          : undefined;
      },
      { cause: { token, hold: () => holdSignal(delivery) } },
    );
    if (!isDelivered) await context.db.execute(done);
  } catch (error) {
    // The instance has an incident with the reason.
    if (!(error instanceof InterpretationError)) throw error;
  }
}

async function startBySignal(context: EngineContext, delivery: Claimed<SignalDelivery>): Promise<void> {
  const { key, processId, elementId, variables } = delivery;
  const done = sql`delete from engine_signal_deliveries
    where key = ${key}::bigint and ${signalDeliveries.isHeld(delivery)} returning key`;
  const [start] = await selectRows<{ definitionKey: string }>(
    context.db,
    sql`select definition_key::text as "definitionKey" from engine_start_events
      where process_id = ${processId} and element_id = ${elementId}`,
  );
  // The process was removed meanwhile.
  if (!start) return void (await context.db.execute(done));
  await beginByEvent(context, Number(start.definitionKey), async (tx, begin) => {
    if ((await selectRows(tx, done)).length === 0) return;
    await begin({ startId: `signal:${key}:${processId}`, elementId, variables });
  });
}
