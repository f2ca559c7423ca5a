import { FeelLimitError } from './errors.ts';

export type Rounding = 'UP' | 'DOWN' | 'CEILING' | 'FLOOR' | 'HALF_UP' | 'HALF_DOWN' | 'HALF_EVEN';

/** Significant digits of a result: Java's MathContext.DECIMAL128, as in Camunda. */
const precision = 34;
const limit = 10n ** 34n;

/** Maximum number of digits that are written out. */
const maximumDigits = 1000;

const powers: bigint[] = [];

function power10(exponent: number): bigint {
  if (exponent > maximumDigits) throw new FeelLimitError(`has a number of more than ${maximumDigits} digits`);
  powers[exponent] ??= 10n ** BigInt(exponent);
  return powers[exponent];
}

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);
const digitsOf = (value: bigint): number => (value === 0n ? 1 : magnitude(value).toString().length);

/**
 * A decimal number like Java's BigDecimal: `unscaled` × 10^-`scale`. Unlike decimal.js it keeps trailing zeros, which FEEL
 * shows (`string(1.50)` is `"1.50"`). The operators round to 34 digits, half to even.
 */
export class Decimal {
  readonly unscaled: bigint;
  readonly scale: number;

  constructor(unscaled: bigint, scale: number) {
    // In Java, a scale is a 32-bit integer.
    if (scale > 2_147_483_647 || scale < -2_147_483_648) throw new RangeError('a number is out of range');
    this.unscaled = unscaled;
    this.scale = scale;
  }

  /** Parses a text like `-1.50` or `1E3`; undefined for any other text. */
  static parse(text: string): Decimal | undefined {
    const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,9}))?$/.exec(text);
    if (!match) return undefined;
    const [, sign, whole = '', fraction = '', exponent = '0'] = match;
    const digits = whole + fraction;
    if (digits === '') return undefined;
    if (digits.length > maximumDigits) throw new FeelLimitError(`has a number of more than ${maximumDigits} digits`);
    const unscaled = BigInt(digits);
    return new Decimal(sign === '-' ? -unscaled : unscaled, fraction.length - Number(exponent));
  }

  /** Converts a double as Java does: from its shortest text, which has at least one digit after the point. */
  static ofDouble(value: number): Decimal {
    if (!Number.isFinite(value)) throw new RangeError('a number is out of range');
    return shortDecimal(value) ?? Decimal.ofDigits(value);
  }

  private static ofDigits(value: number): Decimal {
    const [mantissa = '', exponent = '0'] = value.toExponential().split('e');
    const [whole = '', fraction = ''] = mantissa.split('.');
    const digits = BigInt(whole + fraction);
    const scale = fraction.length - Number(exponent);
    const isPlain = Math.abs(value) >= 1e-3 && Math.abs(value) < 1e7;
    const leastScale = value === 0 || isPlain ? 1 : 1 - Number(exponent);
    return scale < leastScale
      ? new Decimal(digits * power10(leastScale - scale), leastScale)
      : new Decimal(digits, scale);
  }

  get sign(): number {
    return this.unscaled === 0n ? 0 : this.unscaled < 0n ? -1 : 1;
  }

  isWhole(): boolean {
    if (this.scale <= 0 || this.unscaled === 0n) return true;
    return this.scale <= digitsOf(this.unscaled) && this.unscaled % power10(this.scale) === 0n;
  }

  /** The lowest 64 bits of the integer part, signed, like Java's `longValue`. */
  toLong(): bigint {
    // 10^64 is a multiple of 2^64.
    if (this.scale <= -64) return 0n;
    if (this.scale <= 0) return BigInt.asIntN(64, this.unscaled * power10(-this.scale));
    if (this.scale > digitsOf(this.unscaled)) return 0n;
    return BigInt.asIntN(64, this.unscaled / power10(this.scale));
  }

  /** The lowest 32 bits, like Java's `intValue`. */
  toInt(): number {
    return Number(BigInt.asIntN(32, this.toLong()));
  }

  toNumber(): number {
    return Number(`${this.unscaled}e${-this.scale}`);
  }

  negated(): Decimal {
    return new Decimal(-this.unscaled, this.scale);
  }

  abs(): Decimal {
    return this.unscaled < 0n ? this.negated() : this;
  }

  compare(other: Decimal): number {
    if (this.sign !== other.sign) return this.sign < other.sign ? -1 : 1;
    if (this.sign === 0) return 0;
    const exponents = this.exponent() - other.exponent();
    if (exponents !== 0) return exponents > 0 ? this.sign : -this.sign;
    const scale = Math.max(this.scale, other.scale);
    const [a, b] = [this.unscaledAt(scale), other.unscaledAt(scale)];
    return a === b ? 0 : a < b ? -1 : 1;
  }

  plus(other: Decimal): Decimal {
    if (this.unscaled === 0n || other.unscaled === 0n) return this.plusZero(other);
    const [big, small] = this.exponent() >= other.exponent() ? [this, other] : [other, this];
    // A term too small to change a digit matters only for rounding.
    const lastScale = big.scale - digitsOf(big.unscaled) + precision;
    const isTiny = -small.exponent() > Math.max(big.scale, lastScale) + 2;
    const added = isTiny ? new Decimal(BigInt(small.sign), Math.max(big.scale, lastScale) + 3) : small;
    const scale = Math.max(big.scale, added.scale);
    return new Decimal(big.unscaledAt(scale) + added.unscaledAt(scale), scale).rounded();
  }

  minus(other: Decimal): Decimal {
    return this.plus(other.negated());
  }

  times(other: Decimal): Decimal {
    return new Decimal(this.unscaled * other.unscaled, this.scale + other.scale).rounded();
  }

  /** The divisor must not be 0. */
  dividedBy(divisor: Decimal, digits = precision): Decimal {
    const preferredScale = this.scale - divisor.scale;
    if (divisor.unscaled === 0n) throw new RangeError('a number is divided by 0');
    if (this.unscaled === 0n) return new Decimal(0n, preferredScale);
    const shift = Math.max(0, digits + 3 + digitsOf(divisor.unscaled) - digitsOf(this.unscaled));
    const shifted = this.unscaled * power10(shift);
    const quotient = shifted / divisor.unscaled;
    const isExact = quotient * divisor.unscaled === shifted;
    const scale = preferredScale + shift;
    if (isExact) {
      const result = new Decimal(quotient, scale);
      const short = result.stripped(preferredScale);
      return digitsOf(short.unscaled) <= digits ? short : result.rounded(digits).stripped(preferredScale);
    }
    // An extra non-zero digit keeps an inexact quotient from being rounded as a half.
    const isNegative = this.unscaled < 0n !== divisor.unscaled < 0n;
    return new Decimal(quotient * 10n + (isNegative ? -1n : 1n), scale + 1).rounded(digits);
  }

  /** Remainder of the integer division, with the dividend's sign. */
  remainder(divisor: Decimal): Decimal {
    if (divisor.unscaled === 0n) throw new RangeError('a number is divided by 0');
    if (this.compareMagnitude(divisor) < 0) return this;
    const scale = Math.max(this.scale, divisor.scale);
    if (this.exponent() - divisor.exponent() > precision) throw new RangeError('a division is out of range');
    return new Decimal(this.unscaledAt(scale) % divisor.unscaledAt(scale), scale);
  }

  /** Java's power of a decimal (ANSI X3.274): intermediate results have extra digits, so that the last digit is right. */
  power(exponent: number): Decimal {
    if (exponent === 0) return new Decimal(1n, 0);
    if (Math.abs(exponent) > 999_999_999) throw new RangeError('an exponent is out of range');
    const digits = precision + String(Math.abs(exponent)).length + 1;
    let result = new Decimal(1n, 0);
    for (const bit of Math.abs(exponent).toString(2)) {
      result = new Decimal(result.unscaled * result.unscaled, result.scale * 2).rounded(digits);
      if (bit === '1') result = new Decimal(result.unscaled * this.unscaled, result.scale + this.scale).rounded(digits);
    }
    return (exponent < 0 ? new Decimal(1n, 0).dividedBy(result, digits) : result).rounded();
  }

  withScale(scale: number, rounding: Rounding): Decimal {
    if (scale >= this.scale) return new Decimal(this.unscaledAt(scale), scale);
    const dropped = this.scale - scale;
    // A half needs one digit more than the number has.
    const divisor = power10(Math.min(dropped, digitsOf(this.unscaled) + 1));
    return new Decimal(roundedQuotient(this.unscaled, divisor, rounding), scale);
  }

  /** Same text as Java's BigDecimal: with an exponent if the number is very large or very small. */
  toString(): string {
    const digits = magnitude(this.unscaled).toString();
    const sign = this.unscaled < 0n ? '-' : '';
    const exponent = digits.length - 1 - this.scale;
    if (this.scale === 0) return sign + digits;
    if (this.scale > 0 && exponent >= -6) {
      const padded = digits.padStart(this.scale + 1, '0');
      return `${sign}${padded.slice(0, -this.scale)}.${padded.slice(-this.scale)}`;
    }
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
    const power = exponent === 0 ? '' : `E${exponent > 0 ? '+' : ''}${exponent}`;
    return `${sign}${digits[0]}${fraction}${power}`;
  }

  /** The power of ten of the first digit. */
  private exponent(): number {
    return digitsOf(this.unscaled) - 1 - this.scale;
  }

  private compareMagnitude(other: Decimal): number {
    return this.abs().compare(other.abs());
  }

  /** The unscaled value at a scale that is not less than this number's. */
  private unscaledAt(scale: number): bigint {
    if (this.unscaled === 0n) return 0n;
    return scale === this.scale ? this.unscaled : this.unscaled * power10(scale - this.scale);
  }

  /** The sum with zero: the other number, with the larger number of decimal places of the two. */
  private plusZero(other: Decimal): Decimal {
    const value = (this.unscaled === 0n ? other : this).rounded();
    const missing = Math.max(this.scale, other.scale) - value.scale;
    const room = value.unscaled === 0n ? missing : precision - digitsOf(value.unscaled);
    const scale = value.scale + Math.max(0, Math.min(missing, room));
    return new Decimal(value.unscaledAt(scale), scale);
  }

  private rounded(digits = precision): Decimal {
    if (digits === precision && this.unscaled < limit && this.unscaled > -limit) return this;
    const extra = digitsOf(this.unscaled) - digits;
    if (extra <= 0) return this;
    const unscaled = roundedQuotient(this.unscaled, power10(extra), 'HALF_EVEN');
    // 99.9 may have become 100.
    return new Decimal(unscaled, this.scale - extra).rounded(digits);
  }

  /** Removes trailing zeros, down to the given scale. */
  private stripped(leastScale: number): Decimal {
    let { unscaled, scale } = this;
    while (scale > leastScale && unscaled % 10n === 0n) {
      unscaled /= 10n;
      scale -= 1;
    }
    return new Decimal(unscaled, scale);
  }
}

/** Fast path for numbers with a few decimal places; undefined for others, and for integers. */
function shortDecimal(value: number): Decimal | undefined {
  if (Number.isInteger(value) || Math.abs(value) < 1e-3 || Math.abs(value) > 1e7) return undefined;
  for (let scale = 1, power = 10; scale <= 4; scale++, power *= 10) {
    const unscaled = Math.round(value * power);
    // With at most 15 digits, every decimal has its own double.
    if (unscaled / power === value) return new Decimal(BigInt(unscaled), scale);
  }
  return undefined;
}

function roundedQuotient(dividend: bigint, divisor: bigint, rounding: Rounding): bigint {
  const quotient = dividend / divisor;
  const rest = dividend % divisor;
  if (rest === 0n) return quotient;
  const away = dividend < 0n ? -1n : 1n;
  const half = magnitude(rest) * 2n - divisor;
  switch (rounding) {
    case 'UP':
      return quotient + away;
    case 'DOWN':
      return quotient;
    case 'CEILING':
      return away > 0n ? quotient + 1n : quotient;
    case 'FLOOR':
      return away < 0n ? quotient - 1n : quotient;
    case 'HALF_UP':
      return half >= 0n ? quotient + away : quotient;
    case 'HALF_DOWN':
      return half > 0n ? quotient + away : quotient;
    case 'HALF_EVEN':
      return half > 0n || (half === 0n && quotient % 2n !== 0n) ? quotient + away : quotient;
  }
}
