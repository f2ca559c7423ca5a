import { sql } from 'drizzle-orm';
import type { Db } from '../../../db/client.ts';
import { selectRows } from '../../../db/query.ts';
import { storableText } from '../../../storable.ts';
import type { Binding } from '../interpreter/model.ts';

/**
 * The key of the version that a call activity calls. Removed processes can still be called, so that running instances can
 * continue. Undefined if there is none.
 *
 * @param caller the key of the caller's version. Files loaded together get their versions in one transaction, or keep an
 * unchanged earlier version: the version that was the newest then belongs to the caller.
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
