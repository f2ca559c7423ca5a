import { Temporal } from 'temporal-polyfill';
import { typeOf } from './compare.ts';
import { type Evaluation, sizes } from './evaluation.ts';
import * as numbers from './numbers.ts';
import {
  DayTimeDuration,
  isDate,
  isDateTime,
  isDayTimeDuration,
  isLocalDateTime,
  isLocalTime,
  isYearMonthDuration,
  isZonedTime,
  localInstant,
  nanosecondsOfDay,
  YearMonthDuration,
  ZonedTime,
} from './temporal.ts';
import { Failure, type FeelNumber, type FeelValue, isNumber, isString } from './values.ts';

type Duration = DayTimeDuration | YearMonthDuration;
type Operator = (a: FeelValue, b: FeelValue, evaluation: Evaluation) => FeelValue;

const isDuration = (value: FeelValue): value is Duration => isDayTimeDuration(value) || isYearMonthDuration(value);

export const addition: Operator = (a, b, evaluation) => {
  if (isNumber(a) && isNumber(b)) return numbers.add(a, b, evaluation);
  if (isString(a) && isString(b)) {
    evaluation.allocate((a.length + b.length) * sizes.character);
    return a + b;
  }
  evaluation.allocate(sizes.temporal);
  if (isDayTimeDuration(a) && isDayTimeDuration(b)) return new DayTimeDuration(a.nanoseconds + b.nanoseconds);
  if (isYearMonthDuration(a) && isYearMonthDuration(b)) return new YearMonthDuration(a.months + b.months);
  if (isDuration(b)) return moved(a, b) ?? impossible('added', b, a);
  if (isDuration(a)) return moved(b, a) ?? impossible('added', b, a);
  return impossible('added', b, a);
};

export const subtraction: Operator = (a, b, evaluation) => {
  if (isNumber(a) && isNumber(b)) return numbers.subtract(a, b, evaluation);
  evaluation.allocate(sizes.temporal);
  if (isDayTimeDuration(a) && isDayTimeDuration(b)) return new DayTimeDuration(a.nanoseconds - b.nanoseconds);
  if (isYearMonthDuration(a) && isYearMonthDuration(b)) return new YearMonthDuration(a.months - b.months);
  if (isDuration(b)) return moved(a, negated(b)) ?? impossible('subtracted', b, a);
  const between = nanosecondsBetween(a, b);
  return between === undefined ? impossible('subtracted', b, a) : new DayTimeDuration(between);
};

/** Like Camunda, multiplies a duration by an integer, and truncates other numbers. */
export const multiplication: Operator = (a, b, evaluation) => {
  if (isNumber(a) && isNumber(b)) return numbers.multiply(a, b, evaluation);
  if (isDuration(a) && isNumber(b)) return multiplied(a, b);
  if (isNumber(a) && isDuration(b)) return multiplied(b, a);
  return impossible('multiplied', a, b);
};

export const division: Operator = (a, b, evaluation) => {
  if (isNumber(b) && numbers.compareNumbers(b, 0) === 0) return new Failure(`a ${typeOf(a)} is divided by 0`);
  if (isNumber(a) && isNumber(b)) return numbers.divide(a, b, evaluation);
  if (isYearMonthDuration(a)) {
    if (isNumber(b)) return new YearMonthDuration(numbers.intOf(numbers.divide(a.months, b, evaluation)));
    if (isYearMonthDuration(b) && b.months !== 0) return Math.trunc(a.months / b.months);
  }
  if (isDayTimeDuration(a)) {
    if (isDayTimeDuration(b) && b.milliseconds !== 0n) return Number(a.milliseconds / b.milliseconds);
    if (isNumber(b)) {
      const milliseconds = numbers.intOf(numbers.divide(a.milliseconds, b, evaluation));
      return new DayTimeDuration(BigInt(milliseconds) * 1_000_000n);
    }
  }
  return impossible('divided', a, b);
};

export const exponentiation: Operator = (a, b, evaluation) =>
  isNumber(a) && isNumber(b) ? numbers.power(a, b, evaluation) : impossible('raised to a power', a, b);

export function negation(value: FeelValue): FeelValue {
  return isNumber(value) ? numbers.negate(value) : new Failure(`a ${typeOf(value)} has no negative`);
}

/** The failure of an operator. If an operand is itself a Failure, its reason is kept. */
function impossible(verb: string, a: FeelValue, b: FeelValue): Failure {
  if (a instanceof Failure) return a;
  return b instanceof Failure ? b : new Failure(`a ${typeOf(a)} and a ${typeOf(b)} cannot be ${verb}`);
}

const negated = (duration: Duration): Duration =>
  isDayTimeDuration(duration) ? new DayTimeDuration(-duration.nanoseconds) : new YearMonthDuration(-duration.months);

function multiplied(duration: Duration, factor: FeelNumber): Duration {
  const whole = numbers.intOf(factor);
  return isDayTimeDuration(duration)
    ? new DayTimeDuration(duration.nanoseconds * BigInt(whole))
    : new YearMonthDuration(duration.months * whole);
}

/** Adds a duration to a date or time; undefined for other values, or if the value has no such part. Throws a RangeError. */
function moved(value: FeelValue, duration: Duration): FeelValue | undefined {
  if (isDateTime(value) && isDayTimeDuration(duration)) {
    return new Temporal.ZonedDateTime(value.epochNanoseconds + duration.nanoseconds, value.timeZoneId);
  }
  const amount = duration.toTemporal();
  if (isDateTime(value) || isLocalDateTime(value)) return value.add(amount);
  if (isDate(value)) {
    return isYearMonthDuration(duration) ? value.add(amount) : value.toPlainDateTime().add(amount).toPlainDate();
  }
  if (isYearMonthDuration(duration)) return undefined;
  if (isLocalTime(value)) return value.add(amount);
  return isZonedTime(value) ? new ZonedTime(value.time.add(amount), value.offset, value.zone) : undefined;
}

/** Nanoseconds from the second value to the first; undefined unless both have the same type. */
function nanosecondsBetween(a: FeelValue, b: FeelValue): bigint | undefined {
  if (isLocalTime(a) && isLocalTime(b)) return nanosecondsOfDay(a) - nanosecondsOfDay(b);
  if (isZonedTime(a) && isZonedTime(b)) return a.instant > b.instant ? a.instant - b.instant : b.instant - a.instant;
  if (isLocalDateTime(a) && isLocalDateTime(b)) return localInstant(a) - localInstant(b);
  if (isDateTime(a) && isDateTime(b)) return a.epochNanoseconds - b.epochNanoseconds;
  return isDate(a) && isDate(b) ? midnight(a) - midnight(b) : undefined;
}

const midnight = (date: Temporal.PlainDate): bigint => localInstant(date.toPlainDateTime());
