import { sql } from 'drizzle-orm';
import type { Db } from '../../../db/client.ts';
import { dueQueue } from '../../../db/due-queue.ts';
import type { Handover } from '../../../db/handover.ts';
import type { QueuedWork } from '../../../db/queue-worker.ts';

/** An instance that changed. */
export interface Change {
  instanceKey: string;
}

const changes = dueQueue<Change>({
  table: 'engine_changes',
  key: ['instance_key'],
  columns: sql`instance_key::text as "instanceKey"`,
  finished: 'delete',
});

/**
 * Calls the handler for each instance that changed, at least once, and again after the handler failed. The lease is renewed
 * while the handler runs, so that two calls never run for one instance at a time.
 */
export function changeWork(
  db: Db,
  leaseMs: number,
  handler: (processInstanceKey: string) => Promise<void>,
  handover: Handover<Change>,
): QueuedWork<Change> {
  return {
    queue: changes,
    leaseMs,
    renewed: true,
    handover,
    async handle(change, lease, isOver) {
      await handler(change.instanceKey);
      await lease.stopRenewing();
      await changes.finish(db, change, isOver);
    },
    setAside: (change) => changes.setAside(db, change),
    ids: ({ instanceKey }) => ({ processInstanceKey: instanceKey }),
  };
}
