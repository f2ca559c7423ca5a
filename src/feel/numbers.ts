import { Decimal } from './decimal.ts';
import type { Evaluation } from './evaluation.ts';
import { sizes } from './evaluation.ts';
import type { FeelNumber } from './values.ts';

const isExact = (value: FeelNumber): value is number => typeof value === 'number' && Number.isSafeInteger(value);

const leastLong = -(2n ** 63n);
const greatestLong = 2n ** 63n - 1n;

/** An integer from a variable, which Camunda stores in 64 bits. */
function ofWhole(value: bigint): Decimal {
  if (value < leastLong || value > greatestLong)
    throw new RangeError('a variable’s whole number has more than 64 bits');
  return new Decimal(value, 0);
}

export function decimalOf(value: FeelNumber): Decimal {
  if (value instanceof Decimal) return value;
  if (typeof value === 'bigint') return ofWhole(value);
  return Number.isInteger(value) ? ofWhole(BigInt(value)) : Decimal.ofDouble(value);
}

/** Converts a decimal to a `number` if it is an integer that fits. */
export function simplified(value: Decimal): FeelNumber {
  if (value.scale !== 0) return value;
  const whole = Number(value.unscaled);
  return Number.isSafeInteger(whole) ? whole : value;
}

/** The result of a Java function on doubles. Throws a RangeError if it is not a number. */
export const ofDouble = (value: number): FeelNumber => Decimal.ofDouble(value);

export const doubleOf = (value: FeelNumber): number => (isExact(value) ? value : decimalOf(value).toNumber());

/** The lowest 32 bits of the integer part, like Java's `intValue`. */
export const intOf = (value: FeelNumber): number =>
  isExact(value) && Math.abs(value) < 2 ** 31 ? value : decimalOf(value).toInt();

export const isWhole = (value: FeelNumber): boolean => isExact(value) || decimalOf(value).isWhole();

export function compareNumbers(a: FeelNumber, b: FeelNumber): number {
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : a > b ? 1 : 0;
  return decimalOf(a).compare(decimalOf(b));
}

type Operation = (a: Decimal, b: Decimal) => Decimal;

function exactly(operation: Operation, a: FeelNumber, b: FeelNumber, evaluation: Evaluation): FeelNumber {
  evaluation.allocate(sizes.decimal);
  return simplified(operation(decimalOf(a), decimalOf(b)));
}

export function add(a: FeelNumber, b: FeelNumber, evaluation: Evaluation): FeelNumber {
  if (isExact(a) && isExact(b) && Number.isSafeInteger(a + b)) return a + b;
  return exactly((x, y) => x.plus(y), a, b, evaluation);
}

export function subtract(a: FeelNumber, b: FeelNumber, evaluation: Evaluation): FeelNumber {
  if (isExact(a) && isExact(b) && Number.isSafeInteger(a - b)) return a - b;
  return exactly((x, y) => x.minus(y), a, b, evaluation);
}

export function multiply(a: FeelNumber, b: FeelNumber, evaluation: Evaluation): FeelNumber {
  // Java's decimals have no -0.
  if (isExact(a) && isExact(b) && Number.isSafeInteger(a * b)) return a * b || 0;
  return exactly((x, y) => x.times(y), a, b, evaluation);
}

/** The divisor must not be 0. */
export function divide(a: FeelNumber, b: FeelNumber, evaluation: Evaluation): FeelNumber {
  if (isExact(a) && isExact(b) && a % b === 0) return a / b || 0;
  return exactly((x, y) => x.dividedBy(y), a, b, evaluation);
}

/** Remainder with the dividend's sign. Throws a RangeError if the divisor is 0. */
export function remainder(a: FeelNumber, b: FeelNumber, evaluation: Evaluation): FeelNumber {
  if (isExact(a) && isExact(b) && b !== 0) return a % b || 0;
  return exactly((x, y) => x.remainder(y), a, b, evaluation);
}

export function negate(value: FeelNumber): FeelNumber {
  return isExact(value) ? 0 - value : simplified(decimalOf(value).negated());
}

export const absolute = (value: FeelNumber): FeelNumber => (compareNumbers(value, 0) < 0 ? negate(value) : value);

/** Uses decimals for integer exponents, and doubles for others. Throws a RangeError if the result is not a number. */
export function power(base: FeelNumber, exponent: FeelNumber, evaluation: Evaluation): FeelNumber {
  evaluation.allocate(sizes.decimal * 4);
  if (!isWhole(exponent)) return ofDouble(doubleOf(base) ** doubleOf(exponent));
  return simplified(decimalOf(base).power(intOf(exponent)));
}
