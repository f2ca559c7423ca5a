import { logApart } from '../log-context.ts';
import type { Logger } from '../logger.ts';
import type { Database } from './client.ts';
import type { Signal } from './signals.ts';

export interface WorkerOptions {
  name: string;
  database: Database;
  /** The signal that wakes it. Signals can be missed, so it also polls. Absent: it only polls. */
  signal?: Signal;
  /** Does what is due. Returns the milliseconds until more is due (0: at once), undefined if not known. */
  work(): Promise<number | undefined>;
  logger: Logger;
  /** Absent: the database's default. */
  pollIntervalMs?: number;
}

export interface Worker {
  wake(): void;
  /** Resolves when running work is done; starts no more. */
  stop(): Promise<void>;
}

/** Maximum delay after a failure, in milliseconds. */
const longestPause = 5000;

/**
 * Runs work that is stored in the database: when signalled, when due, and periodically. Runs do not overlap. A run that throws
 * (the database is unavailable) is logged and repeated after an increasing delay. The first run begins when this resolves.
 */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { name, database, signal, work, logger, pollIntervalMs = database.pollEveryMs } = options;
  let stopped = false;
  let isListening = signal === undefined;
  let woken = false;
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let failures = 0;

  const run = async () => {
    woken = false;
    let delay: number;
    try {
      delay = Math.min((await work()) ?? pollIntervalMs, pollIntervalMs);
      if (failures > 0) logger.info({ worker: name }, 'worker recovered');
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
    if (!stopped && isListening && !running) running = logApart({}, run);
  };
  const wake = () => {
    woken = true;
    if (failures === 0) begin();
  };
  // No payload: the connection to the database is back.
  if (signal) await database.listen(signal, (payload) => (payload === undefined ? begin() : wake()));
  isListening = true;
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

/** A due item that could not be claimed is locked by another worker or a transaction: look again soon, in milliseconds. */
const lockedPause = 50;

/** Milliseconds until the next look, if nothing was claimed and the next item is due in `ms`. */
export function untilDue(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.max(ms, lockedPause);
}
