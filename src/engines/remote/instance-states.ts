import { sql } from 'drizzle-orm';
import type { Db } from '../../db/client.ts';
import { selectRows } from '../../db/query.ts';
import { noteChanges } from './changes.ts';

export interface OpenInstance {
  key: string;
  /** The state, in the engine's own terms, when it was last read; null: never read. */
  state: string | null;
}

export interface ListOpenInstances {
  /** States of an instance that has ended. */
  endedStates: readonly string[];
  /** Lists only instances whose keys come after this one. */
  after: string;
  limit: number;
}

/** Instances of Kickoff's starts that have not ended as far as is known, ordered by key. */
export function listOpenInstances(
  db: Db,
  engine: string,
  { endedStates, after, limit }: ListOpenInstances,
): Promise<OpenInstance[]> {
  return selectRows<OpenInstance>(
    db,
    sql`select begun.result as key, looked.result as state from remote_requests begun
      left join remote_requests looked
        on looked.engine = begun.engine and looked.kind = 'state' and looked.key = begun.result
      where begun.engine = ${engine} and begun.kind = 'start' and begun.result > ${after}
        and (looked.result is null
          or looked.result not in (select jsonb_array_elements_text(${JSON.stringify(endedStates)}::jsonb)))
      order by begun.result limit ${limit}::int`,
  );
}

/** Stores the new states of instances and records the changes; then signal `remote_changed`. */
export async function noteStates(db: Db, engine: string, states: ReadonlyMap<string, string>): Promise<void> {
  const rows = JSON.stringify([...states].map(([key, state]) => ({ key, state })));
  await db.transaction(async (tx) => {
    await noteChanges(tx, engine, states.keys());
    await tx.execute(sql`insert into remote_requests (engine, kind, key, result)
      select ${engine}, 'state', key, state from jsonb_to_recordset(${rows}::jsonb) as x(key text, state text)
      on conflict (engine, kind, key) do update set result = excluded.result`);
  });
}
