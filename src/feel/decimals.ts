import { type Builtins, builtin } from './builtin.ts';

/** Camunda counts in decimals, feelin in binary fractions: what is so close to a short decimal was meant to be it. */
const closeness = 4 * Number.EPSILON;
const shortDigits = 13;

/** 0.30000000000000004 → 0.3, as decimals would have it; what is no short decimal, like 1/3, stays as it is. */
export function asDecimal(value: unknown): unknown {
  if (typeof value !== 'number' || Number.isInteger(value) || !Number.isFinite(value)) return value;
  const near = Number(value.toPrecision(shortDigits));
  return Math.abs(near - value) <= closeness * Math.abs(value) ? near : value;
}

const add = (a: number, b: number) => asDecimal(a + b) as number;
const multiply = (a: number, b: number) => asDecimal(a * b) as number;

/** The numbers of a list, or of the arguments themselves; undefined if there are none, or anything else is among them. */
function numbersOf(values: unknown[]): [number, ...number[]] | undefined {
  const [first] = values;
  const list = values.length === 1 && Array.isArray(first) ? first : values;
  if (list.length === 0 || !list.every((value) => typeof value === 'number')) return undefined;
  return list as [number, ...number[]];
}

const ofNumbers = (body: (numbers: [number, ...number[]]) => unknown) =>
  builtin(['...list'], (...values) => {
    const numbers = numbersOf(values);
    return numbers === undefined ? null : body(numbers);
  });

/** Moves the decimal point, without a multiplication that would not be exact. */
function shifted(value: number, places: number): number {
  const [digits, exponent = '0'] = String(value).split('e');
  return Number(`${digits}e${Number(exponent) + places}`);
}

const rounding = (parameters: string[], round: (value: number) => number) =>
  builtin(parameters, (value, scale = 0) =>
    typeof value === 'number' && typeof scale === 'number' ? shifted(round(shifted(value, scale)), -scale) : null,
  );

const awayFromZero = (value: number) => Math.sign(value) * Math.ceil(Math.abs(value));
const isHalf = (value: number) => Math.abs(value) % 1 === 0.5;
const halfUp = (value: number) => Math.sign(value) * Math.round(Math.abs(value));
const halfDown = (value: number) => (isHalf(value) ? Math.trunc(value) : halfUp(value));
const halfEven = (value: number) => (isHalf(value) && Math.trunc(value) % 2 === 0 ? Math.trunc(value) : halfUp(value));

/** Built-ins that count as decimals do, in the place of feelin's. */
export const decimalBuiltins: Builtins = {
  sum: ofNumbers((numbers) => numbers.reduce(add)),
  product: ofNumbers((numbers) => numbers.reduce(multiply)),
  mean: ofNumbers((numbers) => asDecimal(numbers.reduce(add) / numbers.length)),
  modulo: builtin(['dividend', 'divisor'], (dividend, divisor) => {
    if (typeof dividend !== 'number' || typeof divisor !== 'number' || divisor === 0) return null;
    return asDecimal(dividend - multiply(divisor, Math.floor(asDecimal(dividend / divisor) as number)));
  }),
  decimal: rounding(['n', 'scale'], halfEven),
  floor: rounding(['n', 'scale'], Math.floor),
  ceiling: rounding(['n', 'scale'], Math.ceil),
  'round up': rounding(['n', 'scale'], awayFromZero),
  'round down': rounding(['n', 'scale'], Math.trunc),
  'round half up': rounding(['n', 'scale'], halfUp),
  'round half down': rounding(['n', 'scale'], halfDown),
};
