/**
 * The entries of a list that a form shows, as numbers that stay the same while the form is filled in: an initial entry has its
 * index, an added one a number that no other had.
 */
export interface ListEntries {
  shown: number[];
  /** Index of the first initial entry that was not shown yet for lack of room. */
  rest: number;
  /** The number of the entry that is added next. */
  next: number;
}

/** The entries shown at first of a list with this length. */
export function firstEntries(length: number, most: number): ListEntries {
  const shown = Math.min(length, most);
  return { shown: [...Array(shown).keys()], rest: shown, next: length };
}

/** Adds the entry of a number, or removes it. */
export type ListChange = { added: number } | { removed: number };

export function withChange({ shown, rest, next }: ListEntries, change: ListChange): ListEntries {
  if ('removed' in change) return { shown: shown.filter((one) => one !== change.removed), rest, next };
  return { shown: [...shown, change.added], rest, next: Math.max(next, change.added + 1) };
}

/** Whether the change was made already. */
export function hasChanged({ shown, next }: ListEntries, change: ListChange): boolean {
  return 'removed' in change ? !shown.includes(change.removed) : change.added < next;
}

/** Limits the entries to the available room; initial entries that were not shown move up if there is room. */
export function fitEntries({ shown, rest, next }: ListEntries, length: number, most: number): ListEntries {
  const fitting = shown.slice(0, most);
  const moved = Math.max(0, Math.min(length - rest, most - fitting.length));
  const up = Array.from({ length: moved }, (_, at) => rest + at);
  return { shown: [...fitting, ...up], rest: rest + moved, next: Math.max(next, length) };
}
