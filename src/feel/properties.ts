import type { Temporal } from 'temporal-polyfill';
import { type Evaluation, requireNesting } from './evaluation.ts';
import {
  DayTimeDuration,
  isDate,
  isDateTime,
  isDayTimeDuration,
  isLocalDateTime,
  isLocalTime,
  isNamedZone,
  isYearMonthDuration,
  isZonedTime,
  offsetSeconds,
} from './temporal.ts';
import { entryOf, type FeelValue, isContext, isError, isList, isNull } from './values.ts';

/** `value.key`; for a list, the list of its items' properties. Null if there is no such entry or property. */
export function propertyOf(value: FeelValue, key: string, evaluation: Evaluation, level = 0): FeelValue {
  evaluation.spend(1);
  if (isError(value)) return value;
  if (isList(value)) {
    requireNesting(level);
    evaluation.allocate(value.length * 16);
    return value.map((item) => propertyOf(item, key, evaluation, level + 1));
  }
  if (isContext(value)) return entryOf(value, key) ?? null;
  if (isNull(value)) return value;
  return temporalProperty(value, key) ?? null;
}

function temporalProperty(value: FeelValue, key: string): FeelValue | undefined {
  if (isDate(value)) return dateProperty(value, key);
  if (isLocalTime(value)) return timeProperty(value, key);
  if (isZonedTime(value)) {
    if (key === 'time offset') return DayTimeDuration.ofSeconds(value.offset);
    return key === 'timezone' ? value.zone : timeProperty(value.time, key);
  }
  if (isLocalDateTime(value)) return dateProperty(value, key) ?? timeProperty(value, key);
  if (isDateTime(value)) {
    if (key === 'time offset') return DayTimeDuration.ofSeconds(offsetSeconds(value));
    if (key === 'timezone') return isNamedZone(value.timeZoneId) ? value.timeZoneId : null;
    return dateProperty(value, key) ?? timeProperty(value, key);
  }
  if (isYearMonthDuration(value)) {
    if (key === 'years') return Math.trunc(value.months / 12);
    return key === 'months' ? (value.months % 12) + 0 : undefined;
  }
  return isDayTimeDuration(value) ? durationProperty(value.seconds, key) : undefined;
}

function dateProperty(date: { year: number; month: number; day: number; dayOfWeek: number }, key: string) {
  switch (key) {
    case 'year':
    case 'month':
    case 'day':
      return date[key];
    case 'weekday':
      return date.dayOfWeek;
    default:
      return undefined;
  }
}

function timeProperty(time: Pick<Temporal.PlainTime, 'hour' | 'minute' | 'second'>, key: string) {
  return key === 'hour' || key === 'minute' || key === 'second' ? time[key] : undefined;
}

function durationProperty(seconds: bigint, key: string): FeelValue | undefined {
  switch (key) {
    case 'days':
      return Number(seconds / 86_400n);
    case 'hours':
      return Number((seconds / 3600n) % 24n);
    case 'minutes':
      return Number((seconds / 60n) % 60n);
    case 'seconds':
      return Number(seconds % 60n);
    default:
      return undefined;
  }
}
