import { sql } from 'drizzle-orm';
import type { Db } from '../../../db/client.ts';
import { selectRows } from '../../../db/query.ts';

/**
 * The database's revision of uploads and restored versions: equal revisions mean that neither changed. To be read before them.
 */
export async function readRevision(db: Db): Promise<string> {
  const [row] = await selectRows<{ revision: string }>(
    db,
    sql`select concat_ws(' ',
      (select string_agg(id::text, ',' order by id) from process_uploads),
      (select string_agg(concat(process_id, ' ', instead_of, ' ', definition_key), ',' order by process_id)
       from restored_versions)) revision`,
  );
  return row?.revision ?? '';
}
