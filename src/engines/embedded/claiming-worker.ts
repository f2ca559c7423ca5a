import type { Database } from '../../db/client.ts';
import type { Signal } from '../../db/signals.ts';
import { startWorker } from '../../db/worker.ts';
import type { Logger } from '../../logger.ts';
import { driverError } from './unavailable.ts';

export interface ClaimingWorkerOptions<Item> {
  name: string;
  database: Database;
  signal: Signal;
  logger: Logger;
  pollIntervalMs: number;
  /** How many items are handled at once. */
  concurrency: number;
  /** Takes up to `limit` due items, so that nobody else does. */
  claim(limit: number): Promise<Item[]>;
  /** Never throws but for a fault; what fails is recorded with the item. */
  handle(item: Item): Promise<void>;
  /** When the next item is due. */
  nextDue(): Promise<Date | undefined>;
  now: () => Date;
}

export interface ClaimingWorker {
  wake(): void;
  /** Resolves when what is under way is done; no more is begun. */
  stop(): Promise<void>;
}

/** Claims items as it has room for them, and goes on claiming while slow ones are still at it. */
export async function startClaimingWorker<Item>(options: ClaimingWorkerOptions<Item>): Promise<ClaimingWorker> {
  const { name, concurrency, claim, handle, nextDue, now, logger } = options;
  const running = new Set<Promise<void>>();
  let stopped = false;
  const run = async (item: Item) => {
    try {
      await handle(item);
    } catch (error) {
      // Its lease runs out, and then it is claimed again.
      logger.error({ err: driverError(error), worker: name }, 'an item could not be handled');
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
      const due = await nextDue();
      return due && Math.max(0, due.getTime() - now().getTime());
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
