import { sql } from 'drizzle-orm';
import type { Db } from '../../../db/client.ts';
import { selectRows } from '../../../db/query.ts';
import { storableText } from '../../../storable.ts';
import type { Binding } from '../interpreter/model.ts';

/**
 * The key of the version that a call activity calls. Removed files may still be called: what runs can go on. Undefined:
 * there is none.
 *
 * @param caller the key of the caller's version. What was loaded together became a version in one transaction, or was one
 *   before and had not changed: what was newest then belongs to it.
 */
export async function findCalledVersion(
  db: Db,
  processId: string,
  binding: Binding,
  caller: number,
): Promise<number | undefined> {
  const condition =
    binding.kind === 'deployment'
      ? sql`and created_at <= (select created_at from engine_definitions where key = ${caller}::bigint)`
      : binding.kind === 'versionTag'
        ? sql`and version_tag = ${binding.tag}`
        : sql``;
  const [row] = await selectRows<{ key: string }>(
    db,
    sql`select key::text from engine_definitions where process_id = ${storableText(processId)} ${condition}
      order by version desc limit 1`,
  );
  return row && Number(row.key);
}

/** The error message for people. */
export function describeMissing(processId: string, binding: Binding): string {
  const how = {
    latest: '',
    deployment: ' that was loaded together with this one',
    versionTag: ` with the version tag “${binding.kind === 'versionTag' ? binding.tag : ''}”`,
  }[binding.kind];
  return `there is no process “${processId}”${how} to call`;
}
