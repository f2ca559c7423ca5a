import { sql } from 'drizzle-orm';
import { type ClaimingWorker, startClaimingWorker } from '../../../db/claiming-worker.ts';
import type { Database } from '../../../db/client.ts';
import { selectRows } from '../../../db/query.ts';
import { untilDue } from '../../../db/worker.ts';
import type { EngineContext } from '../instances/run-command.ts';
import { instant } from '../instances/sql-values.ts';
import { dueIn, soonest } from './jobs.ts';
import { keepLease } from './keep-lease.ts';

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
  /** Keys of instances whose change is being told, whatever the lease says. */
  const busy = new Set<string>();
  const isFree = () =>
    sql`instance_key::text <> all (array(select jsonb_array_elements_text(${JSON.stringify([...busy])}::jsonb)))`;
  return startClaimingWorker({
    name: 'engine changes',
    database,
    signal: 'engine_changed',
    logger,
    pollIntervalMs,
    concurrency,
    async claim(limit) {
      const changes = await selectRows<Change>(
        db,
        sql`update engine_changes set due_at = ${instant(later(now(), leaseMs))}, attempts = attempts + 1
          where instance_key in (select instance_key from engine_changes where due_at <= ${instant(now())} and ${isFree()}
            order by due_at limit ${limit}::int for update skip locked)
          returning instance_key::text as "instanceKey", revision, attempts`,
      );
      for (const { instanceKey } of changes) busy.add(instanceKey);
      return changes;
    },
    handle: (change) => tell(options, change).finally(() => busy.delete(change.instanceKey)),
    nextDueIn: async () => {
      const next = sql`select extract(epoch from min(due_at))::float8 as at from engine_changes where ${isFree()}`;
      return untilDue(dueIn(await soonest(db, next), now()));
    },
  });
}

async function tell({ context, handler, leaseMs }: ChangeWorkerOptions, change: Change): Promise<void> {
  const { db, now, logger } = context;
  const { instanceKey, revision, attempts } = change;
  // Whoever claimed it later has it now.
  const isThis = sql`instance_key = ${instanceKey}::bigint and attempts = ${attempts}::int`;
  const renew = async (until: Date) => {
    const renewal = sql`update engine_changes set due_at = ${instant(until)} where ${isThis} returning instance_key`;
    return (await selectRows(db, renewal)).length > 0;
  };
  const lease = keepLease({ leaseMs, now, logger, ids: { processInstanceKey: instanceKey }, renew });
  try {
    await handler(instanceKey);
  } catch (err) {
    const retryAt = later(now(), Math.min(500 * 2 ** attempts, longestBackoff));
    logger.warn({ err, processInstanceKey: instanceKey, retryAt }, 'a change could not be told and will be again');
    await lease.letGo();
    await db.execute(sql`update engine_changes set due_at = ${instant(retryAt)} where ${isThis}`);
    return;
  } finally {
    await lease.letGo();
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
