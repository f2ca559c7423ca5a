import { parse, stringify } from 'lossless-json';
import type { Json } from './values.ts';

/** Numbers with fewer digits are exact in `number`. Written out, because V8 then only looks at every sixteenth character. */
const longNumber = new RegExp('\\d'.repeat(16));
/** More digits than the largest `number` has; longer numbers would cost more than they are worth. */
const maximumDigits = 1000;

/**
 * Parses JSON without losing precision: a whole number that `number` cannot represent exactly becomes a `bigint`. A number with
 * a decimal point or an exponent is a `number`, as in Camunda.
 *
 * @throws SyntaxError
 */
export function parseJson(text: string): Json {
  if (!longNumber.test(text)) return JSON.parse(text);
  // Like JSON.parse, the last of several members with one name counts.
  return parse(text, undefined, { parseNumber, onDuplicateKey: ({ newValue }) => newValue }) as Json;
}

/** Like JSON.stringify, but writes a `bigint` as a number. */
export function stringifyJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    // JSON.stringify throws on a bigint.
    if (!(error instanceof TypeError)) throw error;
    return stringify(value) ?? 'null';
  }
}

/** Whether lists and objects are nested deeper than this. */
export function isDeeperThan(value: Json, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeperThan(member, levels - 1));
}

/** Parses decimal digits, as in JSON or as a person writes them. */
export function parseNumber(text: string): number | bigint {
  const number = Number(text);
  const isExact = Number.isSafeInteger(number) || !/^-?\d+$/.test(text) || text.length > maximumDigits;
  return isExact ? number : BigInt(text);
}
