/** Runs a statement and returns its rows. */
export type Run = <Row>(statement: string) => Promise<Row[]>;

/** Empties the tables of a database, which takes a tenth of the time of creating another. */
export async function emptyTables(run: Run): Promise<void> {
  const tables = await run<{ name: string }>(
    `select quote_ident(tablename) as name from pg_tables where schemaname = 'public'`,
  );
  const questions = tables.map(({ name }) => `select '${name}' as name where exists (select from ${name})`);
  const filled = await run<{ name: string }>(questions.join(' union all '));
  if (filled.length === 0) return;
  await run(`truncate ${filled.map(({ name }) => name).join(', ')} restart identity cascade`);
}
