import { sql } from 'drizzle-orm';
import type { Db } from '../../../db/client.ts';
import { type Claimed, dueQueue, marked } from '../../../db/due-queue.ts';
import { selectRows } from '../../../db/query.ts';
import { reservedOf } from '../../../processes/reserved-variables.ts';
import type { Variables } from '../../../processes/value-types.ts';
import type { EngineContext } from '../instances/engine-context.ts';
import { instant } from '../instances/sql-values.ts';
import { beginByEvent, type EventStart } from './begin-by-event.ts';
import { lockStart } from './correlation-lock.ts';
import { inOrderSaid } from './subscriptions.ts';
import { correlate } from './take-message.ts';

/** A claimed message that may start processes. */
export interface DueMessage {
  key: string;
  name: string;
  correlationKey: string;
  variables: Variables;
  saidAt: number | null;
}

/** A process whose instance of a correlation key has ended, so that a buffered message may start the next one. */
export interface FreedKey {
  processId: string;
  correlationKey: string;
}

interface StartRow {
  processId: string;
  elementId: string;
  definitionKey: string;
}

export const startingMessages = dueQueue<DueMessage>({
  table: 'engine_messages',
  prefix: 'starts_',
  key: ['key'],
  columns: sql`key::text, name, correlation_key as "correlationKey", variables, said_at::float8 as "saidAt"`,
  finished: 'clear',
});

export const freedKeys = dueQueue<FreedKey>({
  table: 'engine_message_starts',
  key: ['process_id', 'correlation_key'],
  columns: sql`process_id as "processId", correlation_key as "correlationKey"`,
  finished: 'delete',
});

/** Starts the newest version of each process that begins with the message, unless an existing instance is to receive it. */
export async function startByMessage(context: EngineContext, message: Claimed<DueMessage>): Promise<void> {
  const { db, now } = context;
  const starts = await selectRows<StartRow>(
    db,
    sql`select process_id as "processId", element_id as "elementId", definition_key::text as "definitionKey"
      from engine_start_events where kind = 'message' and name = ${message.name} order by process_id`,
  );
  for (const start of starts) {
    await beginByEvent(context, Number(start.definitionKey), async (tx, begin) => {
      await lockStart(tx, start.processId, message.correlationKey);
      if (await isForInstance(tx, start.processId, message)) return;
      await beginOne(tx, begin, start, await firstOf(tx, start.processId, message, now()));
    });
  }
  await startingMessages.finish(db, message);
}

/**
 * Whether an existing instance is to receive the message: one waits for it, or one that messages with the key started is still
 * active.
 */
async function isForInstance(
  tx: Db,
  processId: string,
  { name, correlationKey, saidAt }: DueMessage,
): Promise<boolean> {
  const rows = await selectRows(
    tx,
    sql`select 1 where exists (
        select from engine_message_starts where process_id = ${processId} and correlation_key = ${correlationKey})
      or exists (
        select from engine_subscriptions where kind = 'message' and name = ${name}
          and correlation_key = ${correlationKey} and process_id = ${processId} and due_at is not null
          and coalesce(hears_after < ${saidAt}::bigint, true))`,
  );
  return rows.length > 0;
}

/** The oldest message of the key: messages of one key are received in order, even if another worker has an older one. */
async function firstOf(tx: Db, processId: string, message: DueMessage, now: Date): Promise<DueMessage> {
  const { key, name, correlationKey, saidAt } = message;
  if (correlationKey === '') return message;
  const [first] = await selectRows<Pick<DueMessage, 'key' | 'variables' | 'saidAt'>>(
    tx,
    sql`select m.key::text, m.variables, m.said_at::float8 as "saidAt" from engine_messages m
      where m.name = ${name} and m.correlation_key = ${correlationKey}
        and coalesce((m.said_at, m.key) < (${saidAt}::bigint, ${key}::bigint), m.key < ${key}::bigint)
        and m.expires_at > ${instant(now)}
        and not exists (select from engine_correlations c where c.message_key = m.key and c.process_id = ${processId})
      order by ${inOrderSaid} limit 1`,
  );
  return { ...message, ...first };
}

/** Starts the next instance with the oldest buffered message, or frees the key if there is none. */
export async function startNext(context: EngineContext, freed: Claimed<FreedKey>): Promise<void> {
  const { db, now } = context;
  const { processId, correlationKey } = freed;
  const [next] = await selectRows<StartRow & Pick<DueMessage, 'key' | 'variables' | 'saidAt'>>(
    db,
    sql`select m.key::text, m.variables, m.said_at::float8 as "saidAt", s.element_id as "elementId", s.definition_key::text as "definitionKey"
      from engine_start_events s join engine_messages m on m.name = s.name
      where s.process_id = ${processId} and s.kind = 'message' and m.correlation_key = ${correlationKey}
        and m.expires_at > ${instant(now())}
        and not exists (select from engine_correlations c where c.message_key = m.key and c.process_id = ${processId})
      order by ${inOrderSaid} limit 1`,
  );
  const isFreed = async (tx: Db) => {
    await lockStart(tx, processId, correlationKey);
    const rows = await selectRows(
      tx,
      sql`delete from engine_message_starts
        where process_id = ${processId} and correlation_key = ${correlationKey} and ${freedKeys.isHeld(freed)}
        returning process_id`,
    );
    return rows.length > 0;
  };
  if (next) {
    await beginByEvent(context, Number(next.definitionKey), async (tx, begin) => {
      if (await isFreed(tx)) await beginOne(tx, begin, { ...next, processId }, { ...next, correlationKey });
    });
    return;
  }
  await db.transaction(async (tx) => {
    if (!(await isFreed(tx))) return;
    // A message published in the meantime found the key in use, so it is looked at again.
    await tx.execute(sql`update engine_messages m set starts_due_at = ${marked(sql`m.starts_due_at`)}
      from engine_start_events s
      where s.process_id = ${processId} and s.kind = 'message' and m.name = s.name
        and m.correlation_key = ${correlationKey} and m.expires_at > ${instant(now())}
        and not exists (select from engine_correlations c where c.message_key = m.key and c.process_id = ${processId})`);
  });
}

async function beginOne(
  tx: Db,
  begin: (start: EventStart) => Promise<string | undefined>,
  { processId, elementId }: StartRow,
  { key, correlationKey, variables, saidAt }: Pick<DueMessage, 'key' | 'correlationKey' | 'variables' | 'saidAt'>,
): Promise<void> {
  if (!(await correlate(tx, key, processId))) return;
  const initial = reservedOf(variables);
  const startId = `message:${key}:${processId}`;
  const hears = saidAt === null ? {} : { hearsAfter: saidAt };
  const instanceKey = await begin({ startId, elementId, variables, initial, ...hears });
  // Messages without a correlation key may start any number of instances.
  if (instanceKey === undefined || correlationKey === '') return;
  await tx.execute(sql`insert into engine_message_starts (process_id, correlation_key, instance_key, due_at)
    select ${processId}, ${correlationKey}, key, case when ended_at is not null then now() end
    from engine_instances where key = ${instanceKey}::bigint`);
}
