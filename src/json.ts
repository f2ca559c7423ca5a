import { parse, stringify } from 'lossless-json';
import type { Json } from './values.ts';

/** Numbers of fewer digits are exact as they are. Written out, because V8 then looks at every sixteenth character alone. */
const longNumber = new RegExp('\\d'.repeat(16));
/** More digits than the largest `number` has. Beyond them a number would cost more than it can be worth. */
const maximumDigits = 1000;

/**
 * Parses JSON and keeps its numbers: a whole number that no `number` can hold exactly becomes a `bigint`. A number with a
 * decimal point or an exponent is a `number`, as in Camunda.
 *
 * @throws SyntaxError
 */
export function parseJson(text: string): Json {
  if (!longNumber.test(text)) return JSON.parse(text);
  // Like JSON.parse, the last of several members with one name counts.
  return parse(text, undefined, { parseNumber, onDuplicateKey: ({ newValue }) => newValue }) as Json;
}

/** Writes a value as JSON, as JSON.stringify does, and a `bigint` as the number that it is. */
export function stringifyJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    // JSON.stringify knows no bigint.
    if (!(error instanceof TypeError)) throw error;
    return stringify(value) ?? 'null';
  }
}

/** Whether lists and objects are more levels deep in each other than this. */
export function isDeeperThan(value: Json, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeperThan(member, levels - 1));
}

/** Reads the decimal digits of a number, as JSON writes it or as a person does. */
export function parseNumber(text: string): number | bigint {
  const number = Number(text);
  const isExact = Number.isSafeInteger(number) || !/^-?\d+$/.test(text) || text.length > maximumDigits;
  return isExact ? number : BigInt(text);
}
