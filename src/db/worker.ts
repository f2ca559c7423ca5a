import { logApart } from '../log-context.ts';
import type { Logger } from '../logger.ts';
import type { Database } from './client.ts';
import type { Signal } from './signals.ts';

export interface WorkerOptions {
  name: string;
  database: Database;
  /** The signal that wakes it. Signals can be missed, so it also looks now and then. Absent: only time wakes it. */
  signal?: Signal;
  /** Does what is due now. Returns in how many milliseconds more is due (0: at once), undefined if it knows of nothing. */
  work(): Promise<number | undefined>;
  logger: Logger;
  /** Absent: the database's. */
  pollIntervalMs?: number;
}

export interface Worker {
  wake(): void;
  /** Resolves when the work under way is done; no more is begun. */
  stop(): Promise<void>;
}

/** The longest pause after a failure, in milliseconds. */
const longestPause = 5000;

/**
 * Does work that is kept in the database: whenever it is woken, becomes due, or a while has passed. One run at a time. A
 * run that throws (the database is away) is logged and repeated after a growing pause.
 */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { name, database, signal, work, logger, pollIntervalMs = database.pollEveryMs } = options;
  let stopped = false;
  let woken = false;
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let failures = 0;

  const run = async () => {
    woken = false;
    let delay: number;
    try {
      delay = Math.min((await work()) ?? pollIntervalMs, pollIntervalMs);
      if (failures > 0) logger.info({ worker: name }, 'worker goes on');
      failures = 0;
    } catch (err) {
      failures += 1;
      delay = Math.min(200 * 2 ** failures, longestPause);
      logger.error({ err, worker: name, retryInMs: delay }, 'worker failed');
    }
    running = undefined;
    if (!stopped) timer = setTimeout(begin, woken && failures === 0 ? 0 : Math.max(0, delay));
  };
  const begin = () => {
    clearTimeout(timer);
    if (!stopped && !running) running = logApart({}, run);
  };
  const wake = () => {
    woken = true;
    if (failures === 0) begin();
  };
  // Without a payload: the database is back.
  if (signal) await database.listen(signal, (payload) => (payload === undefined ? begin() : wake()));
  begin();
  return {
    wake,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

/** An item that is due and could not be claimed is locked, by another worker or by a change of it: look again soon. */
const lockedPause = 50;

/** When to look again, in milliseconds, if nothing was claimed and the next item is due in `ms`. */
export function untilDue(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.max(ms, lockedPause);
}
