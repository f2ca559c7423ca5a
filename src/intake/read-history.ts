import { sql } from 'drizzle-orm';
import type { History } from '../bindings/decide.ts';
import type { Binding } from '../bindings/queries.ts';
import type { Db } from '../db/client.ts';
import { selectRows } from '../db/query.ts';

interface Row {
  id: string;
  processDefinitionId: string;
  lastStart: string | null;
  minutesAgo: number | null;
  runningStart: string | null;
}

/**
 * Reads what the bindings' policies need to know about a session. The caller holds the session's row lock: everything that
 * other replicas recorded there is visible, and nothing can be recorded until the caller commits.
 */
export async function readHistory(
  tx: Db,
  sessionId: string,
  bindings: Pick<Binding, 'id' | 'processDefinitionId'>[],
): Promise<Pick<History, 'lastStarts' | 'runningStarts'>> {
  if (bindings.length === 0) return { lastStarts: new Map(), runningStarts: new Map() };
  const given = bindings.map(({ id, processDefinitionId }) => ({ id, process_id: processDefinitionId }));
  const rows = await selectRows<Row>(
    tx,
    sql`select given.id, given.process_id as "processDefinitionId", last.id as "lastStart",
        (extract(epoch from clock_timestamp() - last.created_at) / 60)::float8 as "minutesAgo",
        running.id as "runningStart"
      from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as given(id uuid, process_id text)
      left join lateral (select id, created_at from starts
        where session_id = ${sessionId}::uuid and binding_id = given.id
        order by created_at desc limit 1) last on true
      left join lateral (select id from starts
        where session_id = ${sessionId}::uuid and process_definition_id = given.process_id
          and status in ('waiting', 'running') limit 1) running on true`,
  );
  return {
    lastStarts: new Map(
      rows.flatMap(({ id, lastStart, minutesAgo }) =>
        lastStart === null ? [] : [[id, { startId: lastStart, minutesAgo: minutesAgo ?? 0 }] as const],
      ),
    ),
    runningStarts: new Map(
      rows.flatMap(({ processDefinitionId, runningStart }) =>
        runningStart === null ? [] : [[processDefinitionId, runningStart] as const],
      ),
    ),
  };
}
