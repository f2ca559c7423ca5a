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

/** Adds an entry. */
export function withEntry({ shown, rest, next }: ListEntries): ListEntries {
  return { shown: [...shown, next], rest, next: next + 1 };
}

/** Removes an entry. */
export function withoutEntry({ shown, ...entries }: ListEntries, entry: number): ListEntries {
  return { ...entries, shown: shown.filter((one) => one !== entry) };
}

/** Limits the entries to the available room; initial entries that were not shown move up if there is room. */
export function fitEntries({ shown, rest, next }: ListEntries, length: number, most: number): ListEntries {
  const fitting = shown.slice(0, most);
  const moved = Math.max(0, Math.min(length - rest, most - fitting.length));
  const up = Array.from({ length: moved }, (_, at) => rest + at);
  return { shown: [...fitting, ...up], rest: rest + moved, next: Math.max(next, length) };
}
