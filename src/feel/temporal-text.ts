import type { Temporal } from 'temporal-polyfill';
import {
  type DayTimeDuration,
  isDate,
  isDateTime,
  isDayTimeDuration,
  isLocalDateTime,
  isLocalTime,
  isNamedZone,
  isYearMonthDuration,
  isZonedTime,
  offsetSeconds,
  offsetText,
  type YearMonthDuration,
  type ZonedTime,
} from './temporal.ts';

type TemporalValue =
  | Temporal.PlainDate
  | Temporal.PlainTime
  | Temporal.PlainDateTime
  | Temporal.ZonedDateTime
  | ZonedTime
  | DayTimeDuration
  | YearMonthDuration;

export function isTemporal(value: unknown): value is TemporalValue {
  return (
    isDate(value) ||
    isLocalTime(value) ||
    isLocalDateTime(value) ||
    isDateTime(value) ||
    isZonedTime(value) ||
    isDayTimeDuration(value) ||
    isYearMonthDuration(value)
  );
}

/** The text from the function `string`: with a zone's name after an `@`. */
export function feelText(value: TemporalValue): string {
  if (isDateTime(value) && isNamedZone(value.timeZoneId)) {
    return `${dateTimeText(value)}@${value.timeZoneId}`;
  }
  if (isZonedTime(value) && value.zone !== undefined) return `${timeText(value.time)}@${value.zone}`;
  return isLocalTime(value) ? timeText(value) : variableText(value);
}

/** The text that Camunda stores in a variable. */
export function variableText(value: TemporalValue): string {
  if (isDate(value)) return dateText(value);
  if (isLocalTime(value)) return shortTimeText(value);
  if (isLocalDateTime(value)) return dateTimeText(value);
  if (isDateTime(value)) {
    const zone = isNamedZone(value.timeZoneId) ? `[${value.timeZoneId}]` : '';
    return `${dateTimeText(value)}${offsetText(offsetSeconds(value))}${zone}`;
  }
  if (isZonedTime(value)) return value.zone === undefined ? isoTimeText(value) : feelText(value);
  return isYearMonthDuration(value) ? yearMonthText(value) : dayTimeText(value);
}

/** A time with its offset, whether or not it has a zone. */
export const isoTimeText = ({ time, offset }: ZonedTime): string => `${timeText(time)}${offsetText(offset)}`;

export function dateText({ year, month, day }: Temporal.PlainDate): string {
  const digits = String(Math.abs(year)).padStart(4, '0');
  const sign = year < 0 ? '-' : year > 9999 ? '+' : '';
  return `${sign}${digits}-${two(month)}-${two(day)}`;
}

/** With seconds, and with as many fractional digits as the value has. */
export const timeText = (time: Temporal.PlainTime): string => time.toString();

function dateTimeText(at: Temporal.PlainDateTime | Temporal.ZonedDateTime): string {
  // Temporal and Java format years beyond four digits differently.
  if (at.year >= 0 && at.year <= 9999) return at.toString({ offset: 'never', timeZoneName: 'never' });
  return `${dateText(at.toPlainDate())}T${timeText(at.toPlainTime())}`;
}

const two = (value: number) => String(value).padStart(2, '0');

/** Java's `LocalTime.toString`: without seconds if they are zero, else with 0, 3, 6 or 9 fractional digits. */
function shortTimeText(time: Temporal.PlainTime): string {
  const [whole = '', fraction = ''] = time.toString().split('.');
  if (fraction) return `${whole}.${fraction.padEnd(Math.ceil(fraction.length / 3) * 3, '0')}`;
  return whole.endsWith(':00') ? whole.slice(0, -3) : whole;
}

function yearMonthText({ months }: YearMonthDuration): string {
  if (months === 0) return 'P0Y';
  const size = Math.abs(months);
  return `${months < 0 ? '-' : ''}P${part(Math.floor(size / 12), 'Y')}${part(size % 12, 'M')}`;
}

/** Like Camunda, writes whole seconds only. */
function dayTimeText({ seconds }: DayTimeDuration): string {
  if (seconds === 0n) return 'P0D';
  const size = seconds < 0n ? -seconds : seconds;
  const time =
    part(Number((size / 3600n) % 24n), 'H') + part(Number((size / 60n) % 60n), 'M') + part(Number(size % 60n), 'S');
  return `${seconds < 0n ? '-' : ''}P${part(size / 86_400n, 'D')}${time && `T${time}`}`;
}

/** Java's `Duration.toString`: without days, and with a sign at each part. */
export function isoDurationText(duration: DayTimeDuration | YearMonthDuration): string {
  if (isYearMonthDuration(duration)) {
    const years = Math.trunc(duration.months / 12);
    return duration.months === 0 ? 'P0D' : `P${part(years, 'Y')}${part(duration.months % 12, 'M')}`;
  }
  const { nanoseconds } = duration;
  if (nanoseconds === 0n) return 'PT0S';
  const isNegative = nanoseconds < 0n;
  const size = isNegative ? -nanoseconds : nanoseconds;
  const sign = isNegative ? '-' : '';
  const signed = (value: bigint, unit: string) => (value === 0n ? '' : `${sign}${value}${unit}`);
  const whole = size / 1_000_000_000n;
  const fraction = String(size % 1_000_000_000n)
    .padStart(9, '0')
    .replace(/0+$/, '');
  const seconds = whole % 60n === 0n && !fraction ? '' : `${sign}${whole % 60n}${fraction && `.${fraction}`}S`;
  return `PT${signed(whole / 3600n, 'H')}${signed((whole / 60n) % 60n, 'M')}${seconds}`;
}

const part = (value: number | bigint, unit: string) => (Number(value) === 0 ? '' : `${value}${unit}`);
