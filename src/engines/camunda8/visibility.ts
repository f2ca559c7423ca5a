import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../../logger.ts';
import type { TaskRow } from './task-rows.ts';

/** Rows that a check read from the index on the way: whoever waited for the check need not read them again. */
export interface Shown {
  tasks?: TaskRow[] | undefined;
}

/**
 * Tracks Kickoff's own changes that the cluster's search index does not show yet. Reading an instance waits, up to a limit,
 * until the index shows them.
 */
export interface Visibility {
  /** Registers a change of the instance; `look` returns false as long as the index does not show it. */
  expect(instanceKey: string, look: () => Promise<boolean | Shown>): void;
  /**
   * Resolves once the index shows all registered changes, or the time limit is reached. Returns undefined if there were none.
   */
  settled(instanceKey: string): Promise<Shown | undefined>;
  /** Number of changes that became visible so far. If it grew while a row was read, the row may be older than the change. */
  count(): number;
}

interface Expected {
  deadline: number;
  look(): Promise<boolean | Shown>;
}

const firstPauseMs = 20;
const longestPauseMs = 400;
/** Growth factor of the pauses between checks: on average a tenth of the waiting time is lost. */
const longerBy = 1.2;
/** Number of instances remembered. */
const memory = 5000;

export function createVisibility(waitMs: number, logger: Logger): Visibility {
  const expected = new Map<string, Expected[]>();
  const waiting = new Map<string, Promise<Shown>>();
  let count = 0;

  const wait = async (instanceKey: string): Promise<Shown> => {
    let pauseMs = firstPauseMs;
    let shown: Shown = {};
    for (;;) {
      const [next, ...later] = expected.get(instanceKey) ?? [];
      if (!next) return shown;
      const isOver = performance.now() > next.deadline;
      if (isOver) logger.info({ processInstanceKey: instanceKey }, 'the search index does not show a change yet');
      const found = isOver || (await next.look());
      if (found) {
        count += 1;
        // Rows of an earlier check may lack this change.
        shown = found === true ? {} : found;
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
    expect(instanceKey, look) {
      const known = expected.get(instanceKey) ?? [];
      expected.delete(instanceKey);
      expected.set(instanceKey, [...known, { deadline: performance.now() + waitMs, look }]);
      for (const oldest of expected.keys()) {
        if (expected.size <= memory) break;
        expected.delete(oldest);
      }
    },
    async settled(instanceKey) {
      const running = waiting.get(instanceKey);
      // A check in progress may have missed changes made after it began.
      const shown = running && (await running.catch(() => ({})));
      if (!expected.has(instanceKey)) return shown;
      const mine = waiting.get(instanceKey) ?? wait(instanceKey).finally(() => waiting.delete(instanceKey));
      waiting.set(instanceKey, mine);
      return mine;
    },
    count: () => count,
  };
}
