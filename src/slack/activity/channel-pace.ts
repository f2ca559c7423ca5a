/** Gives what is to be written to a channel its turns, `paceMs` apart. */
export interface ChannelPace {
  /**
   * How long something has to wait until it should ask again, in milliseconds; 0: it is its turn. What has to wait keeps its
   * place in the queue, and whoever of the queue asks first has a turn that is free: none is lost to one who is late.
   */
  wait(channel: string, what: string): number;
}

/** Who did not ask again by then was told of elsewhere. */
const forgetAfterMs = 60_000;

interface Turns {
  takenAt: number;
  /** What waits, in its order, and until when it was to wait. */
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
      const turns = channels.get(channel) ?? { takenAt: Number.NEGATIVE_INFINITY, waiting: new Map<string, number>() };
      channels.set(channel, turns);
      const { takenAt, waiting } = turns;
      const freeAt = Math.max(now(), takenAt + paceMs);
      if (freeAt === now() && (waiting.size === 0 || waiting.has(what))) {
        waiting.delete(what);
        turns.takenAt = now();
        return 0;
      }
      const place = waiting.has(what) ? [...waiting.keys()].indexOf(what) : waiting.size;
      const at = freeAt + place * paceMs;
      waiting.set(what, at);
      return at - now();
    },
  };
}
