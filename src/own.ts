/**
 * Looks up an entry by a foreign key: event types, variables, form fields, ids of a diagram. Ignores inherited entries such as
 * `constructor`.
 */
export function own<Entry>(table: Readonly<Record<string, Entry>> | undefined, key: string): Entry | undefined {
  return table !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;
}
