/** What is done first when there is much to do: Slack waits 3 seconds for a delivery, nobody waits for the rest. */
export type Rank = 'delivery' | 'start' | 'follow-up';

const ranks: Rank[] = ['delivery', 'start', 'follow-up'];

/** How long after the last of them it counts as quiet, in milliseconds. */
const lullMs = 25;

export interface Priority {
  /** Does work of that rank; less urgent work gives way to it. */
  run<Result>(rank: Rank, work: () => Promise<Result>): Promise<Result>;
  /** Resolves when no more urgent work is under way, or after `atMostMs`: a burst puts work off, not aside. */
  giveWay(rank: Rank, atMostMs: number): Promise<void>;
}

/**
 * Lets work in the background give way to what somebody waits for. All of it shares one thread: starting the processes of
 * the first messages of a burst while the last ones still come in would have Slack deliver those again.
 */
export function createPriority(): Priority {
  const underWay = new Map<Rank, number>(ranks.map((rank) => [rank, 0]));
  const lastEnd = new Map<Rank, number>();
  const isQuiet = (rank: Rank) => {
    const before = ranks.slice(0, ranks.indexOf(rank));
    const now = performance.now();
    return before.every(
      (one) => underWay.get(one) === 0 && now - (lastEnd.get(one) ?? Number.NEGATIVE_INFINITY) > lullMs,
    );
  };
  return {
    async run(rank, work) {
      underWay.set(rank, (underWay.get(rank) ?? 0) + 1);
      try {
        return await work();
      } finally {
        underWay.set(rank, (underWay.get(rank) ?? 0) - 1);
        lastEnd.set(rank, performance.now());
      }
    },
    async giveWay(rank, atMostMs) {
      const until = performance.now() + atMostMs;
      while (!isQuiet(rank) && performance.now() < until) {
        await new Promise((resolve) => setTimeout(resolve, lullMs / 2));
      }
    },
  };
}
