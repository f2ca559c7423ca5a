import { Temporal } from 'temporal-polyfill';
import { parseJson } from '../../json.ts';
import { Decimal } from '../decimal.ts';
import { type Evaluation, sizes } from '../evaluation.ts';
import { jsonText } from '../json-text.ts';
import { decimalOf, intOf, simplified } from '../numbers.ts';
import { parseDate, parseDateTime, parseDuration, parseTime, requireZone } from '../parse-temporal.ts';
import {
  atOffset,
  dateOf,
  isDate,
  isDateTime,
  isDay,
  isDayTimeDuration,
  isLocalDateTime,
  isLocalTime,
  isNamedZone,
  isZonedTime,
  offsetSeconds,
  YearMonthDuration,
  ZonedTime,
} from '../temporal.ts';
import { textOf } from '../text-of.ts';
import { Failure, type FeelNumber, type FeelValue, isNull, isNumber, isString } from '../values.ts';
import { type Builtins, builtin } from './builtin.ts';

const parsed =
  (what: string, parse: (text: string) => FeelValue | undefined) =>
  (text: string, evaluation: Evaluation): FeelValue => {
    evaluation.allocate(sizes.temporal + text.length);
    return parse(text) ?? new Failure(`"${text.slice(0, 100)}" is not a ${what}`);
  };

const dateIn = parsed('date', parseDate);
const timeIn = parsed('time', parseTime);
const dateTimeIn = parsed('date and time', parseDateTime);
const durationIn = parsed('duration', parseDuration);
const numberIn = parsed('number', (text) => {
  const decimal = Decimal.parse(text);
  return decimal && simplified(decimal);
});

/** A date or time that does not exist is a null with a reason, not an exception. */
function ifPossible(what: string, make: () => FeelValue): FeelValue {
  try {
    return make();
  } catch (error) {
    if (error instanceof RangeError) return new Failure(`there is no such ${what}`);
    throw error;
  }
}

function localTime(hour: FeelNumber, minute: FeelNumber, second: FeelNumber): Temporal.PlainTime {
  const rest = decimalOf(second).remainder(new Decimal(1n, 0)).times(new Decimal(1n, -9)).toInt();
  const parts = {
    hour: intOf(hour),
    minute: intOf(minute),
    second: intOf(second),
    millisecond: Math.trunc(rest / 1_000_000),
    microsecond: Math.trunc(rest / 1000) % 1000,
    nanosecond: rest % 1000,
  };
  return Temporal.PlainTime.from(parts, { overflow: 'reject' });
}

function timeOf(from: FeelValue, evaluation: Evaluation): FeelValue | undefined {
  if (isString(from)) return timeIn(from, evaluation);
  if (isLocalDateTime(from)) return from.toPlainTime();
  if (isDateTime(from)) {
    const zone = isNamedZone(from.timeZoneId) ? from.timeZoneId : undefined;
    return new ZonedTime(from.toPlainTime(), offsetSeconds(from), zone);
  }
  return isDate(from) ? new ZonedTime(new Temporal.PlainTime(), 0) : undefined;
}

/** Throws if the zone does not exist, as in Camunda. */
function dateTimeOf(date: FeelValue, time: FeelValue): FeelValue | undefined {
  if (isDay(date) && isLocalTime(time)) return dateOf(date).toPlainDateTime(time);
  if (isDay(date) && isZonedTime(time)) return atOffset(dateOf(date), time);
  if (isLocalDateTime(date) && isString(time)) return date.toZonedDateTime(requireZone(time));
  return isDateTime(date) && isString(time) ? date.withTimeZone(requireZone(time)) : undefined;
}

function monthsBetween(from: Temporal.PlainDate, to: Temporal.PlainDate): YearMonthDuration {
  return new YearMonthDuration(from.until(to, { largestUnit: 'month' }).months);
}

const isGrouping = (text: FeelValue): text is string => text === ' ' || text === ',' || text === '.';
const isPoint = (text: FeelValue): text is string => text === ',' || text === '.';

function numberOf(text: string, grouping: FeelValue, point: FeelValue, evaluation: Evaluation): FeelValue {
  if (!isNull(grouping) && !isGrouping(grouping))
    return new Failure('digits are grouped by a space, a comma or a point');
  if (!isNull(point) && (!isPoint(point) || grouping === point))
    return new Failure('the decimal separator is a comma or a point');
  const digits = isNull(grouping) ? text : text.replaceAll(grouping, '');
  return numberIn(isNull(point) ? digits : digits.replaceAll(point, '.'), evaluation);
}

function jsonIn(text: string, evaluation: Evaluation): FeelValue {
  // In the worst case, each character becomes an item, as in [0,0].
  evaluation.allocate(text.length * sizes.item);
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) return new Failure('a text that is read as JSON is none');
    throw error;
  }
}

export const conversionBuiltins: Builtins = {
  date: [
    builtin(['from'], ([from = null], evaluation) => {
      if (isString(from)) return dateIn(from, evaluation);
      return isDay(from) ? dateOf(from) : undefined;
    }),
    builtin(['year', 'month', 'day'], ([year = null, month = null, day = null]) => {
      if (!isNumber(year) || !isNumber(month) || !isNumber(day)) return undefined;
      const parts = { year: intOf(year), month: intOf(month), day: intOf(day) };
      return ifPossible('date', () => Temporal.PlainDate.from(parts, { overflow: 'reject' }));
    }),
  ],
  'date and time': [
    builtin(['from'], ([from = null], evaluation) => (isString(from) ? dateTimeIn(from, evaluation) : undefined)),
    builtin(['date', 'time'], ([date = null, time = null], evaluation) => {
      evaluation.allocate(sizes.temporal);
      return dateTimeOf(date, time);
    }),
  ],
  time: [
    builtin(['from'], ([from = null], evaluation) => timeOf(from, evaluation)),
    builtin(['hour', 'minute', 'second'], ([hour = null, minute = null, second = null]) => {
      if (!isNumber(hour) || !isNumber(minute) || !isNumber(second)) return undefined;
      return ifPossible('time', () => localTime(hour, minute, second));
    }),
    builtin(['hour', 'minute', 'second', 'offset'], ([hour = null, minute = null, second = null, offset = null]) => {
      if (!isNumber(hour) || !isNumber(minute) || !isNumber(second)) return undefined;
      if (isNull(offset)) return ifPossible('time', () => localTime(hour, minute, intOf(second)));
      if (!isDayTimeDuration(offset)) return undefined;
      const seconds = Number(offset.seconds);
      // Java allows at most 18 hours.
      if (Math.abs(seconds) > 18 * 3600) return new Failure('a time’s offset has more than 18 hours');
      return ifPossible('time', () => new ZonedTime(localTime(hour, minute, second), seconds));
    }),
  ],
  number: [
    builtin(['from'], ([from = null], evaluation) => (isString(from) ? numberIn(from, evaluation) : undefined)),
    builtin(['from', 'grouping separator'], ([from = null, grouping = null], evaluation) =>
      isString(from) && isString(grouping) ? numberOf(from, grouping, null, evaluation) : undefined,
    ),
    builtin(
      ['from', 'grouping separator', 'decimal separator'],
      ([from = null, grouping = null, point = null], evaluation) => {
        if (!isString(from) || (isNull(grouping) && isNull(point))) return undefined;
        if (![grouping, point].every((text) => isNull(text) || isString(text))) return undefined;
        return numberOf(from, grouping, point, evaluation);
      },
    ),
  ],
  string: [
    builtin(['from'], ([from = null], evaluation) =>
      isNull(from) || isString(from) ? from : textOf(from, evaluation),
    ),
  ],
  duration: [
    builtin(['from'], ([from = null], evaluation) => (isString(from) ? durationIn(from, evaluation) : undefined)),
  ],
  'years and months duration': [
    builtin(['from', 'to'], ([from = null, to = null], evaluation) => {
      evaluation.allocate(sizes.temporal);
      return isDay(from) && isDay(to) ? monthsBetween(dateOf(from), dateOf(to)) : undefined;
    }),
  ],
  'from json': [
    builtin(['json'], ([json = null], evaluation) => {
      if (isNull(json)) return json;
      return isString(json) ? jsonIn(json, evaluation) : undefined;
    }),
  ],
  'to json': [builtin(['value'], ([value = null], evaluation) => jsonText(value, evaluation))],
};
