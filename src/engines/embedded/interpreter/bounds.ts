import type { Json, Variables } from '../../../processes/value-types.ts';

/** Bytes of an instance's state, nearly all of it variables. Camunda 8: 4 MB of variables. */
export const maximumSize = 4 * 1024 * 1024;
/** Lists and contexts in each other. Camunda 8 stops at 1,000; Postgres and V8 go through them by recursion. */
const maximumNesting = 500;

/** Elements in a row that a token enters without waiting anywhere: a process that goes round like that would never end. */
export const maximumAge = 10_000;
/** Tokens of an instance, without those of long lists: they are read and written with every command. */
export const maximumTokens = 1000;
/** Steps that a call counts for, beside those of the instance that it begins: its row is written by itself. */
export const costOfCall = 10;

/** Why variables are too much for an instance, if they are. Goes through them without recursion. */
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
