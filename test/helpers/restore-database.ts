import type { Run } from '../../demo/empty-tables.ts';

/** A database as each test gets it. */
export interface EmptyState {
  sequences: string[];
  /** Objects with a higher OID were created by a test. */
  lastOid: number;
  fingerprint: string;
}

/** Keeps its rows from test to test, as from start to start: it has what was read from a file, by the file's content. */
const kept = 'file_readings';

/** A session with a temporary table has a schema for it, which stays empty. */
const isTemporary = `nspname ~ '^pg_(toast_)?temp_'`;

/** Describes a database without rows, for {@link restoreDatabase}. */
export async function readEmptyState(run: Run): Promise<EmptyState> {
  const sequences = await run<{ name: string }>(`select quote_ident(relname) as name from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'S'`);
  return { sequences: sequences.map(({ name }) => name), ...(await readSchema(run)) };
}

/**
 * Undoes what a test did to a database: drops triggers, tables, indexes, functions and schemas that it created, and empties the
 * tables. Returns false if the schema still differs from before.
 */
export async function restoreDatabase(run: Run, empty: EmptyState): Promise<boolean> {
  const isAsBefore = async () => (await readSchema(run)).fingerprint === empty.fingerprint;
  if (!(await isAsBefore())) {
    // Fails if something older was made to depend on it: then the schema differs.
    await dropCreated(run, empty.lastOid).catch(() => {});
    if (!(await isAsBefore())) return false;
  }
  await deleteRows(run, empty);
  return true;
}

async function readSchema(run: Run): Promise<Pick<EmptyState, 'lastOid' | 'fingerprint'>> {
  const [row] = await run<{ oids: string; path: string }>(`select concat_ws(' ', (select max(oid) from pg_class),
    (select max(oid) from pg_proc), (select max(oid) from pg_trigger),
    (select max(oid) from pg_namespace where not ${isTemporary})) as oids, current_setting('search_path') as path`);
  if (!row) throw new Error('the catalogue returned no row');
  return { lastOid: Math.max(...row.oids.split(' ').map(Number)), fingerprint: `${row.oids} ${row.path}` };
}

async function dropCreated(run: Run, lastOid: number): Promise<void> {
  const statements = await run<{ statement: string }>(`
    select 1 as step, format('drop trigger %I on %s', tgname, tgrelid::regclass) as statement
      from pg_trigger where oid > ${lastOid} and not tgisinternal
    union all select 2, format('drop table if exists %s cascade', oid::regclass)
      from pg_class where oid > ${lastOid} and relkind = 'r'
    union all select 3, format('drop index %s', indexrelid::regclass)
      from pg_index where indexrelid > ${lastOid} and indrelid <= ${lastOid}
    union all select 4, format('drop function %s', oid::regprocedure) from pg_proc where oid > ${lastOid}
    union all select 5, format('drop schema %I', nspname)
      from pg_namespace where oid > ${lastOid} and not ${isTemporary}
    order by step`);
  for (const { statement } of statements) await run(statement);
}

/** Truncating a table would cost embedded 5 ms of processor time, however few rows it has. */
async function deleteRows(run: Run, { sequences }: EmptyState): Promise<void> {
  const used = await run<{ name: string }>(`select quote_ident(relname) as name from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> '${kept}' and pg_relation_size(oid) > 0`);
  if (used.length === 0) return;
  const names = used.map(({ name }) => name);
  await run(`do $$ begin
    -- Waits for transactions that still insert.
    lock table ${names.join(', ')} in share row exclusive mode;
    -- Rows that refer to others are deleted as well, so nothing needs to look for them.
    set local session_replication_role = replica;
    ${names.map((name) => `delete from ${name};`).join('\n')}
    ${sequences.map((name) => `perform setval('${name}', 1, false);`).join('\n')}
  end $$`);
  // Makes the tables' files empty again: rows that are read in no order come in the order of insertion, as in a new table.
  await run(`vacuum ${names.join(', ')}`);
}
