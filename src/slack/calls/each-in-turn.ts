import { setTimeout as delay } from 'node:timers/promises';
import { putOffMs } from '../../db/away.ts';

/**
 * Does the work for one item after the other. Those whose calls Slack takes only later do not hold up the rest: in the end
 * the NotYetError of the one that can be done soonest is thrown, for the whole to be done again then.
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

/** Does work whose calls Slack may take only later, again at its turn. Throws NotYetError if that takes longer than `patienceMs`. */
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
