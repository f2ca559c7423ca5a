import { sql } from 'drizzle-orm';
import type { Db } from '../../db/client.ts';
import { selectRows } from '../../db/query.ts';
import { noteChanges } from './changes.ts';

/** Whether this replica may read an engine's changes. Takes or renews the lease for that. */
export async function takeTurn(db: Db, engine: string, reader: string, leaseMs: number): Promise<boolean> {
  const taken = await selectRows(
    db,
    sql`insert into remote_cursors (engine, name, position, leased_until)
      values (${engine}, 'reader', ${reader}, now() + ${leaseMs}::int * interval '1 millisecond')
      on conflict (engine, name) do update set position = excluded.position, leased_until = excluded.leased_until
        where remote_cursors.position = excluded.position or remote_cursors.leased_until < now()
      returning engine`,
  );
  return taken.length > 0;
}

/** Gives up the lease, so that another replica can read. */
export async function endTurn(db: Db, engine: string, reader: string): Promise<void> {
  await db.execute(sql`update remote_cursors set leased_until = now()
    where engine = ${engine} and name = 'reader' and position = ${reader}`);
}

/** The positions up to which an engine's changes were read, by cursor. */
export async function readCursors(db: Db, engine: string): Promise<Map<string, string>> {
  const rows = await selectRows<{ name: string; position: string }>(
    db,
    sql`select name, position from remote_cursors where engine = ${engine} and name <> 'reader'`,
  );
  return new Map(rows.map(({ name, position }) => [name, position]));
}

/** Moves the cursors and records the changes read up to there, in one transaction. */
export async function moveCursors(
  db: Db,
  engine: string,
  cursors: ReadonlyMap<string, string>,
  changedInstances: readonly string[],
): Promise<void> {
  await db.transaction(async (tx) => {
    if (changedInstances.length > 0) await noteChanges(tx, engine, changedInstances);
    const rows = JSON.stringify([...cursors].map(([name, position]) => ({ name, position })));
    await tx.execute(sql`insert into remote_cursors (engine, name, position)
      select ${engine}, name, position from jsonb_to_recordset(${rows}::jsonb) as x(name text, position text)
      on conflict (engine, name) do update set position = excluded.position`);
  });
}
