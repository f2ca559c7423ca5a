import type { Logger } from '../../logger.ts';

export interface PollingOptions {
  name: string;
  logger: Logger;
  /** Pause between two rounds, in milliseconds. */
  intervalMs: number;
  work(): Promise<void>;
}

export interface Polling {
  /** Stops polling. Resolves when the current round is done. */
  stop(): Promise<void>;
}

const longestPauseMs = 10_000;

/** Repeats `work`, one round at a time. An error is logged, and the next round follows after a growing pause. */
export function startPolling({ name, logger, intervalMs, work }: PollingOptions): Polling {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let failures = 0;
  const round = async () => {
    try {
      await work();
      if (failures > 0) logger.info({ worker: name }, 'worker recovered');
      failures = 0;
    } catch (err) {
      failures += 1;
      logger.warn({ err, worker: name }, 'worker failed');
    }
    const pauseMs = failures === 0 ? intervalMs : Math.min(intervalMs * 2 ** Math.min(failures, 10), longestPauseMs);
    if (!stopped) {
      timer = setTimeout(() => {
        running = round();
      }, pauseMs);
    }
  };
  let running = round();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
