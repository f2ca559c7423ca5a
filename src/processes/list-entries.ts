/**
 * Which entries of a list a form shows, by numbers that they keep while it is filled in: an entry that the list starts with
 * has its place in there, one that was added a number that no other had.
 */
export interface ListEntries {
  shown: number[];
  /** The first entry that the list started with and that has not been shown so far, for want of room. */
  rest: number;
  /** The number of the entry that is added next. */
  next: number;
}

/** Those that a list of a length shows at first. */
export function firstEntries(length: number, most: number): ListEntries {
  const shown = Math.min(length, most);
  return { shown: [...Array(shown).keys()], rest: shown, next: length };
}

/** With one more. */
export function withEntry({ shown, rest, next }: ListEntries): ListEntries {
  return { shown: [...shown, next], rest, next: next + 1 };
}

/** Without one of them. */
export function withoutEntry({ shown, ...entries }: ListEntries, entry: number): ListEntries {
  return { ...entries, shown: shown.filter((one) => one !== entry) };
}

/** As many of them as there may be: what has not been shown so far moves up where there is room. */
export function fitEntries({ shown, rest, next }: ListEntries, length: number, most: number): ListEntries {
  const fitting = shown.slice(0, most);
  const moved = Math.max(0, Math.min(length - rest, most - fitting.length));
  const up = Array.from({ length: moved }, (_, at) => rest + at);
  return { shown: [...fitting, ...up], rest: rest + moved, next: Math.max(next, length) };
}
