/** Gives what is to be written to a channel its turns, `paceMs` apart. */
export interface ChannelPace {
  /**
   * How long a start has to wait for its turn, in milliseconds; 0: it is its turn. Whoever has to wait keeps the place they
   * have in the queue.
   */
  wait(channel: string, startId: string): number;
}

/** A turn that nobody came for by then belongs to somebody who was told of elsewhere. */
const forgetAfterMs = 60_000;

export function createChannelPace(paceMs: number, now: () => number = Date.now): ChannelPace {
  /** When the next turn without an owner is, by channel. */
  const freeAt = new Map<string, number>();
  const turns = new Map<string, number>();
  let sweptAt = now();

  function forgetOld(): void {
    if (now() - sweptAt < forgetAfterMs) return;
    sweptAt = now();
    const past = sweptAt - forgetAfterMs;
    for (const map of [freeAt, turns]) for (const [key, at] of map) if (at < past) map.delete(key);
  }

  return {
    wait(channel, startId) {
      forgetOld();
      const own = turns.get(startId);
      const at = own ?? Math.max(now(), freeAt.get(channel) ?? 0);
      if (own === undefined) freeAt.set(channel, at + paceMs);
      const wait = at - now();
      if (wait <= 0) turns.delete(startId);
      else turns.set(startId, at);
      return Math.max(0, wait);
    },
  };
}
