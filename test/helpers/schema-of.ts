import type { Run } from '../../demo/empty-tables.ts';

/** A fingerprint that changes with every table, index, function, trigger and schema that is created. */
export async function schemaOf(run: Run): Promise<string> {
  const [row] = await run<{ schema: string }>(`select concat_ws(' ', (select max(oid) from pg_class),
    (select max(oid) from pg_proc), (select max(oid) from pg_trigger), (select max(oid) from pg_namespace),
    current_setting('search_path')) as schema`);
  return row?.schema ?? '';
}
