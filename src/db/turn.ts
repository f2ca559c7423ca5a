/** A mutex. */
export interface Turn {
  /** Takes it if it is free. Otherwise returns false, and calls `free` once it is released. */
  take(free: () => void): boolean;
  giveBack(): void;
}

export function createTurn(): Turn {
  let isTaken = false;
  const waiting = new Set<() => void>();
  return {
    take(free) {
      if (isTaken) {
        waiting.add(free);
        return false;
      }
      isTaken = true;
      return true;
    },
    giveBack() {
      isTaken = false;
      const all = [...waiting];
      waiting.clear();
      for (const free of all) free();
    },
  };
}
