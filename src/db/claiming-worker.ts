import type { Logger } from '../logger.ts';
import type { Database } from './client.ts';
import type { Signal } from './signals.ts';
import { startWorker } from './worker.ts';

export interface ClaimingWorkerOptions<Item> {
  name: string;
  database: Database;
  signal: Signal;
  logger: Logger;
  /** Absent: the database's default. */
  pollIntervalMs?: number;
  /** How many items are handled at the same time. */
  concurrency: number;
  /** Claims up to `limit` due items. */
  claim(limit: number): Promise<Item[]>;
  /** Handles an item and records failures with it; throws only on a bug. */
  handle(item: Item): Promise<void>;
  /** Milliseconds until the next item is due; undefined if none is known. */
  nextDueIn(): Promise<number | undefined>;
}

export interface ClaimingWorker {
  wake(): void;
  /** Resolves when running work is done; starts no more. */
  stop(): Promise<void>;
}

/** Claims items while there is room for them, also while slow ones are still running. */
export async function startClaimingWorker<Item>(options: ClaimingWorkerOptions<Item>): Promise<ClaimingWorker> {
  const { name, concurrency, claim, handle, nextDueIn, logger } = options;
  const running = new Set<Promise<void>>();
  let stopped = false;
  const run = async (item: Item) => {
    try {
      await handle(item);
    } catch (error) {
      // It is claimed again when its lease expires.
      logger.error({ err: error, worker: name }, 'an item could not be handled');
    }
  };
  const worker = await startWorker({
    ...options,
    async work() {
      const room = concurrency - running.size;
      // The next item that finishes wakes this.
      if (room <= 0 || stopped) return undefined;
      const items = await claim(room);
      for (const item of items) {
        const handling: Promise<void> = run(item).finally(() => {
          running.delete(handling);
          if (!stopped) worker.wake();
        });
        running.add(handling);
      }
      if (items.length === room) return running.size < concurrency ? 0 : undefined;
      return nextDueIn();
    },
  });
  return {
    wake: () => worker.wake(),
    async stop() {
      stopped = true;
      await worker.stop();
      await Promise.all(running);
    },
  };
}
