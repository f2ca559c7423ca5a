import { sql } from 'drizzle-orm';
import { type ClaimingWorker, startClaimingWorker } from '../../db/claiming-worker.ts';
import type { Database } from '../../db/client.ts';
import { selectRows } from '../../db/query.ts';
import { dueIn, soonest } from './jobs.ts';
import type { EngineContext } from './run-command.ts';
import { instant } from './write-outcome.ts';

interface Change {
  instanceKey: string;
  revision: number;
  attempts: number;
}

export interface ChangeWorkerOptions {
  context: EngineContext;
  database: Database;
  handler: (processInstanceKey: string) => Promise<void>;
  pollIntervalMs: number;
  /** Renewed while the handler is at it: two never tell of one instance at once. */
  leaseMs: number;
  concurrency: number;
}

const longestBackoff = 60_000;

/** Tells the handler of instances that changed, each at least once, and again after the handler failed. */
export function startChangeWorker(options: ChangeWorkerOptions): Promise<ClaimingWorker> {
  const { context, database, pollIntervalMs, leaseMs, concurrency } = options;
  const { db, now, logger } = context;
  return startClaimingWorker({
    name: 'engine changes',
    database,
    signal: 'engine_changed',
    logger,
    pollIntervalMs,
    concurrency,
    claim: (limit) =>
      selectRows<Change>(
        db,
        sql`update engine_changes set due_at = ${instant(later(now(), leaseMs))}, attempts = attempts + 1
          where instance_key in (select instance_key from engine_changes where due_at <= ${instant(now())}
            order by due_at limit ${limit}::int for update skip locked)
          returning instance_key::text as "instanceKey", revision, attempts`,
      ),
    handle: (change) => tell(options, change),
    nextDueIn: async () =>
      dueIn(await soonest(db, sql`select extract(epoch from min(due_at))::float8 as at from engine_changes`), now()),
  });
}

async function tell({ context, handler, leaseMs }: ChangeWorkerOptions, change: Change): Promise<void> {
  const { db, now, logger } = context;
  const { instanceKey, revision, attempts } = change;
  const isThis = sql`instance_key = ${instanceKey}::bigint`;
  const renewal = setInterval(() => {
    db.execute(sql`update engine_changes set due_at = ${instant(later(now(), leaseMs))} where ${isThis}`).catch(
      (err: unknown) => logger.warn({ err, processInstanceKey: instanceKey }, 'a lease could not be renewed'),
    );
  }, leaseMs / 3);
  try {
    await handler(instanceKey);
  } catch (err) {
    const retryAt = later(now(), Math.min(500 * 2 ** attempts, longestBackoff));
    logger.warn({ err, processInstanceKey: instanceKey, retryAt }, 'a change could not be told and will be again');
    clearInterval(renewal);
    await db.execute(sql`update engine_changes set due_at = ${instant(retryAt)} where ${isThis}`);
    return;
  } finally {
    clearInterval(renewal);
  }
  const told = await selectRows(
    db,
    sql`delete from engine_changes where ${isThis} and revision = ${revision}::int returning instance_key`,
  );
  if (told.length > 0) return;
  // Changed since: due again at once, for what the handler saw may be the older state. A statement of its own, which sees
  // the change that the one before waited for.
  await db.execute(sql`update engine_changes set due_at = ${instant(now())}, attempts = 0 where ${isThis}`);
}

function later(from: Date, ms: number): Date {
  return new Date(from.getTime() + ms);
}
