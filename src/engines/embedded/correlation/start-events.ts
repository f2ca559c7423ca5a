import { sql } from 'drizzle-orm';
import type { Db } from '../../../db/client.ts';
import { json } from '../instances/sql-values.ts';
import type { ProcessModel } from '../interpreter/model.ts';
import { firstDue } from '../interpreter/timer-expression.ts';

interface StartEventRow {
  processId: string;
  elementId: string;
  definitionKey: number;
  kind: string;
  name?: string;
  dueAt?: Date;
  repetitions?: number;
}

/**
 * Stores the start events of the deployed versions, and deletes all others. The start events of a version that was already the
 * newest stay unchanged, with their timers.
 *
 * @param touched ids of the only processes whose start events may change; undefined: all
 */
export async function deployStartEvents(
  tx: Db,
  deployed: readonly { key: number; model: ProcessModel }[],
  now: Date,
  touched?: readonly string[],
): Promise<void> {
  const rows = deployed.flatMap(({ key, model }) => startEventRows(key, model, now));
  const table = sql`jsonb_to_recordset(${json(rows)}) as x("processId" text, "elementId" text, "definitionKey" bigint,
    kind text, name text, "dueAt" timestamptz, repetitions int)`;
  const scope = touched ? sql`s.process_id in (select jsonb_array_elements_text(${json(touched)})) and` : sql``;
  await tx.execute(sql`delete from engine_start_events s where ${scope} not exists (
    select from ${table} where x."processId" = s.process_id and x."elementId" = s.element_id
      and x."definitionKey" = s.definition_key)`);
  await tx.execute(sql`insert into engine_start_events
      (process_id, element_id, definition_key, kind, name, fires_at, due_at, repetitions)
    select x."processId", x."elementId", x."definitionKey", x.kind, x.name, x."dueAt", x."dueAt", x.repetitions from ${table}
    on conflict do nothing`);
}

function startEventRows(
  definitionKey: number,
  { id: processId, startEvents }: ProcessModel,
  now: Date,
): StartEventRow[] {
  return startEvents.map((event) => {
    const { elementId, kind } = event;
    const row = { processId, elementId, definitionKey, kind };
    return event.kind === 'timer'
      ? { ...row, ...firstDue(event.timer, { variables: {}, now }) }
      : { ...row, name: event.name };
  });
}
