import { sql } from 'drizzle-orm';
import type { Db } from '../../db/client.ts';
import { selectRows } from '../../db/query.ts';
import { noteChanges } from './changes.ts';

export interface OpenInstance {
  key: string;
  /** The engine's word for how it stood when it was looked at last; null: it was not yet. */
  state: string | null;
}

export interface ListOpenInstances {
  /** An instance that stood so has ended. */
  endedStates: readonly string[];
  /** Those whose keys come after this one. */
  after: string;
  limit: number;
}

/** Instances of Kickoff's starts that have not ended as far as is known, by their keys. */
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

/** Keeps how instances stand now, and that they changed; then signal `remote_changed`. */
export async function noteStates(db: Db, engine: string, states: ReadonlyMap<string, string>): Promise<void> {
  const rows = JSON.stringify([...states].map(([key, state]) => ({ key, state })));
  await db.transaction(async (tx) => {
    await noteChanges(tx, engine, states.keys());
    await tx.execute(sql`insert into remote_requests (engine, kind, key, result)
      select ${engine}, 'state', key, state from jsonb_to_recordset(${rows}::jsonb) as x(key text, state text)
      on conflict (engine, kind, key) do update set result = excluded.result`);
  });
}
