import type { Logger } from '../logger.ts';
import type { Database } from './client.ts';
import type { Signal } from './signals.ts';
import { startWorker } from './worker.ts';

export interface ClaimingWorkerOptions<Item> {
  name: string;
  database: Database;
  signal: Signal;
  logger: Logger;
  /** Absent: the database's. */
  pollIntervalMs?: number;
  /** How many items are handled at once. */
  concurrency: number;
  /** Takes up to `limit` due items, so that nobody else does. */
  claim(limit: number): Promise<Item[]>;
  /** Never throws but for a fault; what fails is recorded with the item. */
  handle(item: Item): Promise<void>;
  /** In how many milliseconds the next item is due; undefined if none is known. */
  nextDueIn(): Promise<number | undefined>;
}

export interface ClaimingWorker {
  wake(): void;
  /** Resolves when what is under way is done; no more is begun. */
  stop(): Promise<void>;
}

/** Claims items as it has room for them, and goes on claiming while slow ones are still at it. */
export async function startClaimingWorker<Item>(options: ClaimingWorkerOptions<Item>): Promise<ClaimingWorker> {
  const { name, concurrency, claim, handle, nextDueIn, logger } = options;
  const running = new Set<Promise<void>>();
  let stopped = false;
  const run = async (item: Item) => {
    try {
      await handle(item);
    } catch (error) {
      // Its lease runs out, and then it is claimed again.
      logger.error({ err: error, worker: name }, 'an item could not be handled');
    }
  };
  const worker = await startWorker({
    ...options,
    async work() {
      const room = concurrency - running.size;
      // Whatever finishes wakes it.
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
