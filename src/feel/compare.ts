import { Temporal } from 'temporal-polyfill';
import { type Evaluation, requireNesting } from './evaluation.ts';
import { compareNumbers } from './numbers.ts';
import {
  isDate,
  isDateTime,
  isDayTimeDuration,
  isLocalDateTime,
  isLocalTime,
  isYearMonthDuration,
  isZonedTime,
} from './temporal.ts';
import {
  entryOf,
  Failure,
  type FeelContext,
  FeelFunction,
  type FeelList,
  FeelRange,
  type FeelValue,
  isBoolean,
  isContext,
  isError,
  isList,
  isLiteral,
  isNull,
  isNumber,
  isString,
} from './values.ts';

/**
 * The type of a value as in `instance of`, but with separate types for local dates and times: only values of one type are
 * compared.
 */
export type FeelType =
  | 'null'
  | 'number'
  | 'boolean'
  | 'string'
  | 'date'
  | 'time'
  | 'local time'
  | 'date and time'
  | 'local date and time'
  | 'years and months duration'
  | 'days and time duration'
  | 'list'
  | 'context'
  | 'function'
  | 'range';

export function typeOf(value: FeelValue): FeelType {
  if (isNull(value)) return 'null';
  if (isNumber(value)) return 'number';
  if (isString(value)) return 'string';
  if (isBoolean(value)) return 'boolean';
  if (isList(value)) return 'list';
  if (isContext(value)) return 'context';
  if (isDate(value)) return 'date';
  if (isLocalTime(value)) return 'local time';
  if (isZonedTime(value)) return 'time';
  if (isLocalDateTime(value)) return 'local date and time';
  if (isDateTime(value)) return 'date and time';
  if (isYearMonthDuration(value)) return 'years and months duration';
  if (isDayTimeDuration(value)) return 'days and time duration';
  return value instanceof FeelFunction ? 'function' : 'range';
}

/** Compares two values of one type; undefined if they have no order. */
export function order(a: FeelValue, b: FeelValue): number | undefined {
  if (isNumber(a) && isNumber(b)) return compareNumbers(a, b);
  if (isString(a) && isString(b)) return orderOf(a, b);
  if (isDate(a) && isDate(b)) return Temporal.PlainDate.compare(a, b);
  if (isLocalTime(a) && isLocalTime(b)) return Temporal.PlainTime.compare(a, b);
  if (isZonedTime(a) && isZonedTime(b)) return orderOf(a.instant, b.instant);
  if (isLocalDateTime(a) && isLocalDateTime(b)) return Temporal.PlainDateTime.compare(a, b);
  if (isDateTime(a) && isDateTime(b)) return orderDateTimes(a, b);
  if (isYearMonthDuration(a) && isYearMonthDuration(b)) return orderOf(a.months, b.months);
  if (isDayTimeDuration(a) && isDayTimeDuration(b)) return orderOf(a.nanoseconds, b.nanoseconds);
  return undefined;
}

function orderOf<T extends string | number | bigint>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** As in Java: by instant, then by local time, then by zone. */
function orderDateTimes(a: Temporal.ZonedDateTime, b: Temporal.ZonedDateTime): number {
  return (
    Temporal.ZonedDateTime.compare(a, b) ||
    Temporal.PlainDateTime.compare(a.toPlainDateTime(), b.toPlainDateTime()) ||
    orderOf(a.timeZoneId, b.timeZoneId)
  );
}

/** The operator `=`; a Failure for values of different types. */
export function equal(a: FeelValue, b: FeelValue, evaluation: Evaluation, level = 0): boolean | Failure {
  requireNesting(level);
  evaluation.spend(1);
  if (isError(a)) return a;
  if (isError(b)) return b;
  if (isNull(a) || isNull(b)) return isNull(a) && isNull(b);
  if (isBoolean(a) && isBoolean(b)) return a === b;
  if (isString(a) && isString(b)) {
    if (a.length === b.length) evaluation.spend(a.length / 16);
    return a === b;
  }
  if (isList(a) && isList(b)) {
    return a.length === b.length && a.every((item, index) => isEqual(item, b[index] ?? null, evaluation, level + 1));
  }
  if (isContext(a) && isContext(b)) return equalContexts(a, b, evaluation, level);
  return equalScalars(a, b) ?? new Failure(`a ${typeOf(a)} is compared with a ${typeOf(b)}`);
}

/** Like {@link equal}, but false for values of different types. */
export const isEqual = (a: FeelValue, b: FeelValue, evaluation: Evaluation, level = 0): boolean =>
  equal(a, b, evaluation, level) === true;

function equalContexts(a: FeelContext, b: FeelContext, evaluation: Evaluation, level: number): boolean {
  const keys = Object.keys(a);
  evaluation.spend(4 + keys.length * 2);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => {
      const other = entryOf(b, key);
      return other !== undefined && isEqual(a[key] ?? null, other, evaluation, level + 1);
    })
  );
}

/** Returns undefined for values of different types, or of a type without equality. */
function equalScalars(a: FeelValue, b: FeelValue): boolean | undefined {
  // Zoned times and dates are equal only if their zones are, even if neither comes before the other.
  if (isZonedTime(a) && isZonedTime(b)) {
    return a.time.equals(b.time) && a.offset === b.offset && a.zone === b.zone;
  }
  if (isDateTime(a) && isDateTime(b)) {
    return a.epochNanoseconds === b.epochNanoseconds && a.timeZoneId === b.timeZoneId;
  }
  const difference = order(a, b);
  return difference === undefined ? undefined : difference === 0;
}

/**
 * Equality as in Camunda's `list contains`, which is Scala's. It differs from `=` in one point: a context literal is equal only
 * to itself.
 */
export function isSame(a: FeelValue, b: FeelValue, evaluation: Evaluation, level = 0): boolean {
  requireNesting(level);
  evaluation.spend(1);
  if (a === b) return true;
  if (isList(a) && isList(b)) {
    return a.length === b.length && a.every((item, index) => isSame(item, b[index] ?? null, evaluation, level + 1));
  }
  if (isContext(a) && isContext(b)) {
    return !isLiteral(a) && !isLiteral(b) && equalContexts(a, b, evaluation, level);
  }
  if (a instanceof FeelRange && b instanceof FeelRange) {
    return (
      a.start.isClosed === b.start.isClosed &&
      a.end.isClosed === b.end.isClosed &&
      isSame(a.start.value, b.start.value, evaluation, level) &&
      isSame(a.end.value, b.end.value, evaluation, level)
    );
  }
  return isEqual(a, b, evaluation, level);
}

/** Whether all of a list's items are of one type that has an order. */
export function haveOrder(list: FeelList): boolean {
  const [first = null] = list;
  const type = typeOf(first);
  return order(first, first) !== undefined && list.every((item) => typeOf(item) === type);
}
