export interface GatherOptions<Item, Result> {
  /** Processes the items together; returns the results in their order. */
  work(items: Item[]): Promise<Result[]>;
  /** Maximum number of items processed together. */
  atMost: number;
  /** Items with the same key are never processed together: the later waits for the earlier. Absent: no restriction. */
  keyOf?(item: Item): string;
}

interface Waiting<Item, Result> {
  item: Item;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/**
 * Batches requests that arrive at about the same time: an item starts at once if nothing is running; items that arrive in the
 * meantime are processed together next. One commit then serves many, the more the busier it is.
 *
 * If a batch of several fails, each item is retried alone, so that only the faulty one fails. `work` must be all or nothing.
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
    // Waits for requests made in the same turn of the event loop.
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
