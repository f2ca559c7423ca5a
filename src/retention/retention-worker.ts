import type { Database } from '../db/client.ts';
import { startWorker, type Worker } from '../db/worker.ts';
import type { Logger } from '../logger.ts';
import type { Timings } from '../timings.ts';
import { forgetters, type Kind, kinds } from './forget.ts';

export interface RetentionOptions {
  database: Database;
  logger: Logger;
  /** Days after which ended data is deleted; 0: never. */
  keepDays: number;
  timings: Timings['retention'];
}

/** Deletes data that ended long ago, at start-up and once a day, in small batches. Replicas do not block each other. */
export async function startRetentionWorker({ database, logger, keepDays, timings }: RetentionOptions): Promise<Worker> {
  if (keepDays === 0) return { wake() {}, async stop() {} };
  const { everyMs, pauseMs } = timings;
  let position = 0;
  let after: string | undefined;
  let forgotten: Partial<Record<Kind, number>> = {};
  return startWorker({
    name: 'retention',
    database,
    logger,
    pollIntervalMs: everyMs,
    async work() {
      const kind = kinds[position];
      if (kind === undefined) {
        if (Object.keys(forgotten).length > 0) logger.info({ keepDays, ...forgotten }, 'old data was deleted');
        position = 0;
        forgotten = {};
        return everyMs;
      }
      const { count, next } = await forgetters[kind](database.db, keepDays, after);
      if (count > 0) forgotten[kind] = (forgotten[kind] ?? 0) + count;
      after = next;
      if (next === undefined) position += 1;
      return pauseMs;
    },
  });
}
