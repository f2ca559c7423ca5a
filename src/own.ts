/**
 * The entry of an object that is a table by foreign keys: event types, variables, form fields, ids of a diagram. Only its
 * own entries count, for every object has a `constructor`.
 */
export function own<Entry>(table: Readonly<Record<string, Entry>> | undefined, key: string): Entry | undefined {
  return table !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;
}
