import { setTimeout as delay } from 'node:timers/promises';
import { putOffMs } from '../../db/away.ts';

/**
 * Does the work for one item after another. Items whose calls have to wait do not hold up the rest: at the end, the NotYetError
 * with the shortest wait is thrown, so that the whole is repeated then.
 */
export async function eachInTurn<Item>(items: Iterable<Item>, work: (item: Item) => Promise<unknown>): Promise<void> {
  let soonest: { error: unknown; ms: number } | undefined;
  for (const item of items) {
    try {
      await work(item);
    } catch (error) {
      const ms = putOffMs(error);
      if (ms === undefined) throw error;
      if (!soonest || ms < soonest.ms) soonest = { error, ms };
    }
  }
  if (soonest) throw soonest.error;
}

/** Repeats work whose calls have to wait, until it succeeds. Throws NotYetError if that takes longer than `patienceMs`. */
export async function inTurn<Result>(work: () => Promise<Result>, patienceMs: number): Promise<Result> {
  const begun = performance.now();
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const ms = putOffMs(error);
      if (ms === undefined || performance.now() - begun + ms > patienceMs) throw error;
      await delay(ms);
    }
  }
}
