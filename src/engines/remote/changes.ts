import { sql } from 'drizzle-orm';
import type { Database, Db } from '../../db/client.ts';
import { dueQueue, marked } from '../../db/due-queue.ts';
import { type QueuedWork, type QueueWorker, startQueueWorker } from '../../db/queue-worker.ts';
import type { Logger } from '../../logger.ts';

/** An instance that changed. */
interface Change {
  engine: string;
  instanceKey: string;
}

const changes = dueQueue<Change>({
  table: 'remote_changes',
  key: ['engine', 'instance_key'],
  columns: sql`engine, instance_key as "instanceKey"`,
  condition: sql`engine = ${sql.placeholder('engine')}`,
  finished: 'delete',
});

/** Records that process instances changed; then signal `remote_changed`. */
export async function noteChanges(db: Db, engine: string, instanceKeys: Iterable<string>): Promise<void> {
  const keys = JSON.stringify([...new Set(instanceKeys)]);
  await db.execute(sql`insert into remote_changes (engine, instance_key, due_at)
    select ${engine}, listed.key, now() from jsonb_array_elements_text(${keys}::jsonb) as listed(key)
    on conflict (engine, instance_key) do update set due_at = ${marked(sql`remote_changes.due_at`)}`);
}

export interface ChangeWorkerOptions {
  engine: string;
  database: Database;
  logger: Logger;
  handler: (processInstanceKey: string) => Promise<void>;
}

/** Number of changes handled in parallel. Handlers mostly wait for Slack, which takes some 30 messages at once. */
const concurrency = 30;
/** Length of the lease on a change, in milliseconds; renewed while its handler runs. */
const leaseMs = 10_000;

/** Calls the handler for each instance that changed, at least once, and again after the handler failed. */
export function startChangeWorker(options: ChangeWorkerOptions): Promise<QueueWorker> {
  const { engine, database, logger, handler } = options;
  const { db } = database;
  const work: QueuedWork<Change> = {
    queue: changes,
    leaseMs,
    renewed: true,
    async handle(change, lease, isOver) {
      await handler(change.instanceKey);
      await lease.stopRenewing();
      await changes.finish(db, change, isOver);
    },
    setAside: (change) => changes.setAside(db, change),
    ids: ({ instanceKey }) => ({ processInstanceKey: instanceKey }),
    request: (limit) => ({ limit, values: { engine } }),
  };
  return startQueueWorker({
    name: `changes of ${engine}`,
    database,
    signal: 'remote_changed',
    logger,
    concurrency,
    works: [work],
  });
}
