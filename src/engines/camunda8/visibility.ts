import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../../logger.ts';

/**
 * Tracks Kickoff's own changes that the cluster's search index does not show yet. Reading an instance waits, up to a limit,
 * until the index shows them.
 */
export interface Visibility {
  /** Registers a change of the instance; `isVisible` returns whether the index shows it. */
  expect(instanceKey: string, isVisible: () => Promise<boolean>): void;
  /** Resolves once the index shows all registered changes, or the time limit is reached. */
  settled(instanceKey: string): Promise<void>;
}

interface Expected {
  deadline: number;
  isVisible(): Promise<boolean>;
}

const firstPauseMs = 20;
const longestPauseMs = 400;
/** Growth factor of the pauses between checks: on average a tenth of the waiting time is lost. */
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
      if (isOver) logger.info({ processInstanceKey: instanceKey }, 'the search index does not show a change yet');
      if (isOver || (await next.isVisible())) {
        // Further changes may have been registered meanwhile.
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
      // A check in progress may have missed changes made after it began.
      if (running) await running.catch(() => {});
      if (!expected.has(instanceKey)) return;
      const mine = waiting.get(instanceKey) ?? wait(instanceKey).finally(() => waiting.delete(instanceKey));
      waiting.set(instanceKey, mine);
      await mine;
    },
  };
}
