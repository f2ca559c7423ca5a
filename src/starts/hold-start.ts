import { and, eq, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { starts } from '../db/schema.ts';
import type { Logger } from '../logger.ts';

/**
 * How long a claim lasts, in milliseconds, unless its holder renews it: a start whose process crashed is taken over after
 * that long at the latest.
 */
export const startLeaseMs = 10_000;

/** Does the work on a claimed start, renewing the claim for as long as it takes. */
export async function holdStart<Result>(
  { db, logger }: { db: Db; logger: Logger },
  startId: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const renew = async () => {
    await db
      .update(starts)
      .set({ dueAt: sql`now() + ${startLeaseMs} * interval '1 millisecond'` })
      .where(and(eq(starts.id, startId), eq(starts.status, 'waiting'), sql`due_at > now()`));
  };
  const timer = setInterval(() => {
    renew().catch((err) => logger.warn({ err, startId }, 'claim could not be renewed'));
  }, startLeaseMs / 3);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
