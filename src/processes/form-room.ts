import type { FormItem } from './form.ts';

/** Slack: a view has at most 100 blocks; some are the modal's own. */
export const maximumFormItems = 90;

/** Entries that a list shows at most, however small they are: more of them nobody looks through in a modal. */
const mostWithRoom = 5;

/** Rows that a list has besides those of its entries: one to add another, or to say that there is no room. */
const rowsOfList = 1;

/** Rows of a modal that items take where each list in them has so many entries; each entry has a row of its own as well. */
export function roomFor(items: FormItem[], entries: number): number {
  return items.reduce(
    (rows, item) => rows + (item.kind === 'list' ? rowsOfList + entries * (1 + roomFor(item.items, entries)) : 1),
    0,
  );
}

/** Entries that each list among the items may show, so that all of them fit into a modal; at least one. */
export function mostEntries(items: FormItem[]): number {
  let entries = mostWithRoom;
  while (entries > 1 && roomFor(items, entries) > maximumFormItems) entries -= 1;
  return entries;
}
