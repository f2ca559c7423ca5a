import type { FormItem } from './form.ts';

/** Slack: a view has at most 100 blocks; some are for the modal's own parts. */
export const maximumFormItems = 90;

/** Maximum number of entries that a list shows, however small they are. */
const mostWithRoom = 5;

/** Rows of a list besides its entries: the one to add an entry, or to say that there is no room. */
const rowsOfList = 1;

/** Rows of a modal that items take if each list in them has so many entries; each entry has one row more. */
export function roomFor(items: FormItem[], entries: number): number {
  return items.reduce(
    (rows, item) => rows + (item.kind === 'list' ? rowsOfList + entries * (1 + roomFor(item.items, entries)) : 1),
    0,
  );
}

/** Maximum number of entries per list such that all items fit into a modal; at least one. */
export function mostEntries(items: FormItem[]): number {
  let entries = mostWithRoom;
  while (entries > 1 && roomFor(items, entries) > maximumFormItems) entries -= 1;
  return entries;
}
