import type { Db } from './client.ts';
import { gather } from './gather.ts';

/** Maximum number of items per statement. */
const mostTogether = 50;

export interface GatheredOptions<Item, Result> {
  /** Runs one statement for all items; returns the results in their order. */
  query(db: Db, items: Item[]): Promise<Result[]>;
  /** Items with the same key never share a statement. Undefined: all items can. */
  keyOf?(item: Item): string;
}

/** Makes a query function for one item. Calls on one database at about the same time share a statement: see gather.ts. */
export function gathered<Item, Result>(
  options: GatheredOptions<Item, Result>,
): (db: Db, item: Item) => Promise<Result> {
  const { query, keyOf } = options;
  const gathers = new WeakMap<Db, (item: Item) => Promise<Result>>();
  return (db, item) => {
    let ask = gathers.get(db);
    if (!ask) {
      ask = gather({ work: (items) => query(db, items), atMost: mostTogether, ...(keyOf && { keyOf }) });
      gathers.set(db, ask);
    }
    return ask(item);
  };
}
