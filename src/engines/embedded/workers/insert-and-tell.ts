import type { Db } from '../../../db/client.ts';
import type { Claimed } from '../../../db/due-queue.ts';
import type { Handover } from '../../../db/handover.ts';
import { type Inserted, type InstanceWrite, insertInstances } from '../instances/write-outcome.ts';
import type { Change } from './tell-changes.ts';

/** Inserts instances, and hands their changes over to the worker that tells them. */
export async function insertAndTell(
  db: Db,
  newChanges: Handover<Change>,
  writes: InstanceWrite[],
): Promise<(Inserted | undefined)[]> {
  const { handOver, ...held } = newChanges.reserve(writes.length);
  const claimed: Claimed<Change>[] = [];
  try {
    const inserted = await insertInstances(db, writes, held);
    for (const { key, lease } of inserted.filter((one) => one !== undefined)) {
      if (lease !== null) claimed.push({ instanceKey: key, lease, attempts: 1, unfinished: 1 });
    }
    return inserted;
  } finally {
    handOver(claimed);
  }
}
