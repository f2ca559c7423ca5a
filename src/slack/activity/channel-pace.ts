/** Spaces out writes to a channel by `paceMs`. */
export interface ChannelPace {
  /**
   * Returns how long to wait before asking again, in milliseconds; 0: write now. A waiting caller keeps its place in the queue;
   * a free turn goes to whoever in the queue asks first, so that no turn is lost to one who is late.
   */
  wait(channel: string, what: string): number;
}

/** Drops an entry that did not ask again within this time: it was written elsewhere. */
const forgetAfterMs = 60_000;

interface Turns {
  takenAt: number;
  /** The waiting entries in order, each with the time until which it waits. */
  waiting: Map<string, number>;
}

export function createChannelPace(paceMs: number, now: () => number = Date.now): ChannelPace {
  const channels = new Map<string, Turns>();
  let sweptAt = now();

  function forgetOld(): void {
    if (now() - sweptAt < forgetAfterMs) return;
    sweptAt = now();
    const past = sweptAt - forgetAfterMs;
    for (const [channel, { takenAt, waiting }] of channels) {
      for (const [what, until] of waiting) if (until < past) waiting.delete(what);
      if (waiting.size === 0 && takenAt < past) channels.delete(channel);
    }
  }

  return {
    wait(channel, what) {
      forgetOld();
      // Read once: a clock that goes on in between would make a free turn neither free nor awaited.
      const at = now();
      const turns = channels.get(channel) ?? { takenAt: Number.NEGATIVE_INFINITY, waiting: new Map<string, number>() };
      channels.set(channel, turns);
      const { takenAt, waiting } = turns;
      const freeAt = Math.max(at, takenAt + paceMs);
      if (freeAt === at && (waiting.size === 0 || waiting.has(what))) {
        waiting.delete(what);
        turns.takenAt = at;
        return 0;
      }
      const place = waiting.has(what) ? [...waiting.keys()].indexOf(what) : waiting.size;
      const turnAt = freeAt + place * paceMs;
      waiting.set(what, turnAt);
      return turnAt - at;
    },
  };
}
