import { sql } from 'drizzle-orm';
import { type Claimed, dueQueue } from '../../../db/due-queue.ts';
import { selectRows } from '../../../db/query.ts';
import type { EngineContext } from '../instances/engine-context.ts';
import { instant } from '../instances/sql-values.ts';
import { nextDue } from '../interpreter/timer-expression.ts';
import { beginByEvent } from './begin-by-event.ts';

/** A claimed timer start event of the newest version of a process. */
export interface StartTimer {
  processId: string;
  elementId: string;
  definitionKey: string;
}

export const startTimers = dueQueue<StartTimer>({
  table: 'engine_start_events',
  key: ['process_id', 'element_id'],
  columns: sql`process_id as "processId", element_id as "elementId", definition_key::text as "definitionKey"`,
  finished: 'clear',
});

/** Starts one instance for the time at which the timer was due, and schedules the next time. */
export async function fireStartTimer(context: EngineContext, timer: Claimed<StartTimer>): Promise<void> {
  const { definitions, now } = context;
  const { processId, elementId, definitionKey } = timer;
  const { model } = await definitions.get(Number(definitionKey));
  const event = model.startEvents.find((one) => one.elementId === elementId);
  const isThis = sql`process_id = ${processId} and element_id = ${elementId}`;
  await beginByEvent(context, Number(definitionKey), async (tx, begin) => {
    const [row] = await selectRows<{ at: number; repetitions: number | null }>(
      tx,
      sql`select extract(epoch from fires_at)::float8 as at, repetitions from engine_start_events
        where ${isThis} and definition_key = ${definitionKey}::bigint and ${startTimers.isHeld(timer)} for update`,
    );
    // Another replica has fired it, or another version has replaced it.
    if (!row || event?.kind !== 'timer') return;
    const dueAt = new Date(Math.round(row.at * 1000));
    const last = { dueAt, ...(row.repetitions !== null && { repetitions: row.repetitions }) };
    const next = nextDue(event.timer, last, { variables: {}, now: now() });
    const firesAt = next ? instant(next.dueAt) : sql`null`;
    await tx.execute(sql`update engine_start_events set fires_at = ${firesAt}, due_at = ${firesAt},
        repetitions = ${next?.repetitions ?? null}::int, attempts = 0, unfinished = 0
      where ${isThis}`);
    await begin({ startId: `timer:${definitionKey}:${elementId}:${dueAt.toISOString()}`, elementId, variables: {} });
  });
}
