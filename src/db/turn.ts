/** Something that one at a time may have. */
export interface Turn {
  /** Whether the caller has it now. If not, `free` is called once somebody gives it back. */
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
