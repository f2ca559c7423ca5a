import { startWorker, type Worker } from '../../db/worker.ts';
import type { SlackContext } from '../slack-context.ts';

/** Work that is done at intervals. */
export interface Chore {
  /** Completes the log line of a failure: `old pictures are deleted later`. */
  postponed: string;
  work(context: SlackContext): Promise<void>;
}

/** Does work that no event asks for, such as finding modals that were closed without a word. A failed chore is tried again. */
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
