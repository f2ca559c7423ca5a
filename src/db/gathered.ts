import type { Db } from './client.ts';
import { gather } from './gather.ts';

/** How many items a statement is about at most. */
const mostTogether = 50;

export interface GatheredOptions<Item, Result> {
  /** One statement about all of the items; answers in their order. */
  query(db: Db, items: Item[]): Promise<Result[]>;
  /** Items of one key never share a statement. Absent: any do. */
  keyOf?(item: Item): string;
}

/** Builds a query about one item. Calls with one database at about the same time share a statement: see gather.ts. */
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
