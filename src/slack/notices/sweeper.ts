import { startWorker, type Worker } from '../../db/worker.ts';
import type { SlackContext } from '../slack-context.ts';

/** Periodic work. */
export interface Chore {
  /** Log line for a failure: `old pictures are deleted later`. */
  postponed: string;
  work(context: SlackContext): Promise<void>;
}

/**
 * Runs periodic work that no event triggers, such as finding modals whose closing Slack did not report. A failed chore is tried
 * again.
 */
export async function startSweeper(context: SlackContext, chores: readonly Chore[]): Promise<Worker> {
  const { database, timings, logger } = context;
  return startWorker({
    name: 'notices',
    database,
    logger,
    pollIntervalMs: timings.notices.sweepEveryMs,
    async work() {
      for (const { work, postponed } of chores) {
        await work(context).catch((err) => logger.warn({ err }, postponed));
      }
      return undefined;
    },
  });
}
