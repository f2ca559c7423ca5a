import { sql } from 'drizzle-orm';
import type { Db } from '../../../db/client.ts';
import { selectRows } from '../../../db/query.ts';
import type { EngineContext } from '../instances/run-command.ts';
import { instant } from '../instances/sql-values.ts';
import { nextDue } from '../interpreter/timer-expression.ts';
import { beginByEvent } from './begin-by-event.ts';

/** A timer start event of the newest version of a process, claimed. */
export interface StartTimer {
  kind: 'timer';
  processId: string;
  elementId: string;
  definitionKey: string;
}

export async function claimStartTimers(db: Db, now: Date, until: Date, limit: number): Promise<StartTimer[]> {
  return selectRows<StartTimer>(
    db,
    sql`update engine_start_events set leased_until = ${instant(until)}
      where (process_id, element_id) in (
        select process_id, element_id from engine_start_events
        where due_at <= ${instant(now)} and (leased_until is null or leased_until <= ${instant(now)})
        order by due_at limit ${limit}::int for update skip locked)
      returning 'timer' as kind, process_id as "processId", element_id as "elementId",
        definition_key::text as "definitionKey"`,
  );
}

/** Starts one instance for the time that the timer was due at, and sets it to the next time. */
export async function fireStartTimer(context: EngineContext, timer: StartTimer): Promise<void> {
  const { definitions, now } = context;
  const { processId, elementId, definitionKey } = timer;
  const { model } = await definitions.get(Number(definitionKey));
  const event = model.startEvents.find((one) => one.elementId === elementId);
  const isThis = sql`process_id = ${processId} and element_id = ${elementId}`;
  await beginByEvent(context, Number(definitionKey), async (tx, begin) => {
    const [row] = await selectRows<{ at: number; repetitions: number | null }>(
      tx,
      sql`select extract(epoch from due_at)::float8 as at, repetitions from engine_start_events
        where ${isThis} and definition_key = ${definitionKey}::bigint and due_at <= ${instant(now())} for update`,
    );
    // Another replica has fired it, or another version has taken its place.
    if (!row || event?.kind !== 'timer') return;
    const dueAt = new Date(Math.round(row.at * 1000));
    const last = { dueAt, ...(row.repetitions !== null && { repetitions: row.repetitions }) };
    const next = nextDue(event.timer, last, { variables: {}, now: now() });
    await tx.execute(sql`update engine_start_events set due_at = ${next ? instant(next.dueAt) : sql`null`},
        repetitions = ${next?.repetitions ?? null}::int, leased_until = null
      where ${isThis}`);
    await begin({ startId: `timer:${definitionKey}:${elementId}:${dueAt.toISOString()}`, elementId, variables: {} });
  });
}
