/** Gives what is to be written to a channel its turns, `paceMs` apart. */
export interface ChannelPace {
  /**
   * How long something has to wait for its turn, in milliseconds; 0: it is its turn. What has to wait keeps the place it has
   * in the queue.
   */
  wait(channel: string, what: string): number;
}

/** A turn that nobody came for by then belongs to somebody who was told of elsewhere. */
const forgetAfterMs = 60_000;

export function createChannelPace(paceMs: number, now: () => number = Date.now): ChannelPace {
  /** When the next turn without an owner is, by channel. */
  const freeAt = new Map<string, number>();
  const turns = new Map<string, number>();
  /** When the last turn was taken, by channel: turns that are overdue do not come all at once. */
  const takenAt = new Map<string, number>();
  let sweptAt = now();

  function forgetOld(): void {
    if (now() - sweptAt < forgetAfterMs) return;
    sweptAt = now();
    const past = sweptAt - forgetAfterMs;
    for (const map of [freeAt, turns, takenAt]) for (const [key, at] of map) if (at < past) map.delete(key);
  }

  return {
    wait(channel, what) {
      forgetOld();
      const own = turns.get(what);
      const earliest = Math.max(now(), (takenAt.get(channel) ?? Number.NEGATIVE_INFINITY) + paceMs);
      // A turn that is overdue while another was just taken is worth no more than a new one.
      const isKept = own !== undefined && (own > now() || earliest === now());
      const at = isKept ? own : Math.max(earliest, freeAt.get(channel) ?? 0);
      if (!isKept) freeAt.set(channel, at + paceMs);
      if (at > now()) {
        turns.set(what, at);
        return at - now();
      }
      turns.delete(what);
      takenAt.set(channel, now());
      return 0;
    },
  };
}
