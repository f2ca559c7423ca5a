import type { Db } from '../db/client.ts';
import { keepLease } from '../db/keep-lease.ts';
import type { HeldLease } from '../db/queue-worker.ts';
import type { Logger } from '../logger.ts';
import { type ClaimedStart, startQueue } from './start-queue.ts';

/** Works on a start that was claimed outside of its worker, and renews the lease meanwhile. */
export async function holdStart<Result>(
  { db, leaseMs, logger }: { db: Db; leaseMs: number; logger: Logger },
  start: ClaimedStart,
  work: (lease: HeldLease) => Promise<Result>,
): Promise<Result> {
  const renew = () => startQueue.renew(db, start, leaseMs);
  const lease = keepLease({ leaseMs, logger, ids: { startId: start.id }, renew });
  try {
    return await work(lease);
  } finally {
    await lease.stopRenewing();
  }
}
