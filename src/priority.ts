/** A delivery that takes longer than this counts as delayed, in milliseconds: usually one takes a few. */
const heldUpMs = 50;

/** How often to check for delayed deliveries, in milliseconds. */
const lookMs = 10;

export interface Priority {
  /** Runs work that Slack waits for. */
  deliver<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Resolves when no delivery is delayed, or after `atMostMs`, so that a burst postpones other work only for a while. */
  giveWay(atMostMs: number): Promise<void>;
}

/**
 * Lets background work wait for deliveries, for which Slack allows 3 seconds. Both share one thread: if a burst's first
 * messages started their processes while the last ones still arrive, Slack would deliver those again. At other times there is
 * room for both.
 */
export function createPriority(): Priority {
  /** Start times of running deliveries, oldest first. */
  const underWay = new Map<symbol, number>();
  const isHeldUp = () => {
    const [oldest = Number.POSITIVE_INFINITY] = underWay.values();
    return performance.now() - oldest > heldUpMs;
  };
  return {
    async deliver(work) {
      const delivery = Symbol('delivery');
      underWay.set(delivery, performance.now());
      try {
        return await work();
      } finally {
        underWay.delete(delivery);
      }
    },
    async giveWay(atMostMs) {
      const until = performance.now() + atMostMs;
      while (isHeldUp() && performance.now() < until) {
        await new Promise((resolve) => setTimeout(resolve, lookMs));
      }
    },
  };
}
