import { sql } from 'drizzle-orm';
import type { Db } from '../../../db/client.ts';
import { selectRows } from '../../../db/query.ts';

/**
 * What the database says of the processes: of two equal revisions the uploads and the restored versions are the same.
 * Read before them, it tells later whether they have changed since.
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
