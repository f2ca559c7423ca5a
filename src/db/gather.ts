export interface GatherOptions<Item, Result> {
  /** Carries the items out together and answers in their order. */
  work(items: Item[]): Promise<Result[]>;
  /** How many go together at most. */
  atMost: number;
  /** Items of one key never go together: the later waits for the earlier. Absent: any do. */
  keyOf?(item: Item): string;
}

interface Waiting<Item, Result> {
  item: Item;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/**
 * Carries out together what is asked for at about the same time: items that find nothing under way go at once, those that
 * come meanwhile go together as soon as it is done. One commit then serves many, the more the busier it is.
 *
 * If the work on several fails, each is tried once more on its own, so that one that cannot be done fails alone: the work
 * must be all or nothing.
 */
export function gather<Item, Result>(options: GatherOptions<Item, Result>): (item: Item) => Promise<Result> {
  const { work, atMost, keyOf } = options;
  let waiting: Waiting<Item, Result>[] = [];
  let isBusy = false;

  const takeSome = () => {
    const keys = new Set<string>();
    const taken: Waiting<Item, Result>[] = [];
    const left: Waiting<Item, Result>[] = [];
    for (const one of waiting) {
      const key = keyOf?.(one.item);
      const isFree = taken.length < atMost && (key === undefined || !keys.has(key));
      (isFree ? taken : left).push(one);
      if (key !== undefined) keys.add(key);
    }
    waiting = left;
    return taken;
  };
  const carryOut = async (some: Waiting<Item, Result>[]): Promise<void> => {
    try {
      const results = await work(some.map(({ item }) => item));
      for (const [index, { resolve }] of some.entries()) resolve(results[index] as Result);
    } catch (error) {
      if (some.length > 1) await Promise.all(some.map((one) => carryOut([one])));
      else for (const { reject } of some) reject(error);
    }
  };
  const run = async () => {
    isBusy = true;
    // Requests made in the same turn go along.
    await Promise.resolve();
    while (waiting.length > 0) await carryOut(takeSome());
    isBusy = false;
  };
  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!isBusy) void run();
    });
}
