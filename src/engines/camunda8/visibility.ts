import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../../logger.ts';

/**
 * Tracks Kickoff's own changes that the cluster's search index does not show yet. Reading an instance waits, up to a limit,
 * until the index shows them.
 */
export interface Visibility {
  /** Something was done to the instance; `isVisible` answers whether the index shows it. */
  expect(instanceKey: string, isVisible: () => Promise<boolean>): void;
  /** Resolves once the index shows all of it, or the wait has lasted long enough. */
  settled(instanceKey: string): Promise<void>;
}

interface Expected {
  deadline: number;
  isVisible(): Promise<boolean>;
}

const firstPauseMs = 20;
const longestPauseMs = 400;
/** Growth factor of the pauses: on average a tenth of the waiting time is lost. */
const longerBy = 1.2;
/** Number of instances remembered. */
const memory = 5000;

export function createVisibility(waitMs: number, logger: Logger): Visibility {
  const expected = new Map<string, Expected[]>();
  const waiting = new Map<string, Promise<void>>();

  const wait = async (instanceKey: string): Promise<void> => {
    let pauseMs = firstPauseMs;
    for (;;) {
      const [next, ...later] = expected.get(instanceKey) ?? [];
      if (!next) return;
      const isOver = performance.now() > next.deadline;
      if (isOver) logger.info({ processInstanceKey: instanceKey }, 'the search index is behind');
      if (isOver || (await next.isVisible())) {
        // Others may have come meanwhile.
        const rest = expected.get(instanceKey)?.filter((one) => one !== next) ?? later;
        if (rest.length > 0) expected.set(instanceKey, rest);
        else expected.delete(instanceKey);
        continue;
      }
      await delay(pauseMs);
      pauseMs = Math.min(pauseMs * longerBy, longestPauseMs);
    }
  };

  return {
    expect(instanceKey, isVisible) {
      const known = expected.get(instanceKey) ?? [];
      expected.delete(instanceKey);
      expected.set(instanceKey, [...known, { deadline: performance.now() + waitMs, isVisible }]);
      for (const oldest of expected.keys()) {
        if (expected.size <= memory) break;
        expected.delete(oldest);
      }
    },
    async settled(instanceKey) {
      const running = waiting.get(instanceKey);
      // A running look may have missed changes made after it began.
      if (running) await running.catch(() => {});
      if (!expected.has(instanceKey)) return;
      const mine = waiting.get(instanceKey) ?? wait(instanceKey).finally(() => waiting.delete(instanceKey));
      waiting.set(instanceKey, mine);
      await mine;
    },
  };
}
