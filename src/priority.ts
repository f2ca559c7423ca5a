/** After that long a delivery is held up: it usually takes a few milliseconds. */
const heldUpMs = 50;

/** How often it is looked whether deliveries are held up, in milliseconds. */
const lookMs = 10;

export interface Priority {
  /** Does what Slack waits for. */
  deliver<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Resolves when no delivery is held up, or after `atMostMs`: a burst puts work off, not aside. */
  giveWay(atMostMs: number): Promise<void>;
}

/**
 * Lets work in the background give way to deliveries, for each of which Slack waits 3 seconds. All of it shares one thread:
 * starting the processes of the first messages of a burst while the last ones still come in would have Slack deliver those
 * again. At any other time there is room for both.
 */
export function createPriority(): Priority {
  /** When each began that is under way, the oldest first. */
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
