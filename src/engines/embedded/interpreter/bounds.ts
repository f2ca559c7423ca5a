import type { Json, Variables } from '../../../processes/value-types.ts';

/** Maximum size of an instance's state in bytes; nearly all of it are variables. Camunda 8: 4 MB of variables. */
export const maximumSize = 4 * 1024 * 1024;
/** Maximum nesting of lists and contexts. Camunda 8 allows 1,000; Postgres and V8 process them recursively. */
const maximumNesting = 500;

/** Maximum number of elements that a token enters in a row without waiting: a longer run means an endless loop. */
export const maximumAge = 10_000;
/**
 * Maximum number of tokens of an instance, not counting long multi-instance lists: they are read and written with every
 * command.
 */
export const maximumTokens = 1000;
/** Number of steps that a call costs, beside those of the called instance, because of the row it writes. */
export const costOfCall = 10;

/** The reason why variables are too large for an instance; undefined if they fit. Not recursive. */
export function excessIn(variables: Variables): string | undefined {
  const open: { value: Json; depth: number }[] = [{ value: variables, depth: 0 }];
  let size = 0;
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, depth } = next;
    size += typeof value === 'string' ? value.length : 2;
    if (size > maximumSize) return tooLarge;
    if (typeof value !== 'object' || value === null) continue;
    if (depth > maximumNesting) return `the variables are nested more than ${maximumNesting} deep`;
    for (const [name, entry] of Object.entries(value)) {
      if (!Array.isArray(value)) size += name.length;
      open.push({ value: entry, depth: depth + 1 });
    }
  }
  return undefined;
}

export const tooLarge = `the variables take more than ${maximumSize / 1024 / 1024} MB`;
