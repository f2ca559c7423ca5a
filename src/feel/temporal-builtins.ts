import { FeelDate, FeelDateTime, FeelDuration, FeelTime, parseDateTime } from 'feelin';
import { type Builtins, builtin, invalidArguments } from './builtin.ts';

const isDay = (value: unknown): value is FeelDate | FeelDateTime =>
  value instanceof FeelDate || value instanceof FeelDateTime;
const dateOf = (day: FeelDate | FeelDateTime) => (day instanceof FeelDateTime ? day.value.toPlainDate() : day.value);
const isText = (value: unknown): value is string => typeof value === 'string';

/** `2018-04-29T09:30:00+02:00[Europe/Berlin]`, as Java writes it, is FEEL's `2018-04-29T09:30:00@Europe/Berlin`. */
const withJavaZone = /^(.+?)(?:Z|[+-]\d{2}:?\d{2})?\[(.+)\]$/;

/** The same instant in another time zone; undefined if there is no such zone. One without a zone is meant in UTC. */
function inZone(at: FeelDateTime, zone: string): FeelDateTime | undefined {
  const utc = (name: string | null) => (name === null || name === 'Z' ? 'UTC' : name);
  try {
    const there = at.value.toZonedDateTime(utc(at.zone)).withTimeZone(utc(zone));
    return new FeelDateTime(there.toPlainDateTime(), zone);
  } catch {
    return undefined;
  }
}

/** Camunda's temporal functions as far as feelin's do less. */
export const temporalBuiltins: Builtins = {
  'date and time': builtin(['date', 'time', 'from', 'timezone'], (date, time, from, timezone) => {
    const zone = timezone ?? time;
    if (date instanceof FeelDateTime && isText(zone)) {
      return inZone(date, zone) ?? invalidArguments(`there is no time zone ${zone}`);
    }
    if (isDay(date) && time instanceof FeelTime)
      return new FeelDateTime(dateOf(date).toPlainDateTime(time.value), time.zone);
    const text = isText(date) ? date : from;
    const parsed = isText(text) && parseDateTime(text.replace(withJavaZone, '$1@$2'));
    return parsed || invalidArguments('date and time() was not given a valid date and time');
  }),
  'years and months duration': builtin(['from', 'to'], (from, to) => {
    if (!isDay(from) || !isDay(to)) return null;
    return new FeelDuration(dateOf(from).until(dateOf(to), { largestUnit: 'year', smallestUnit: 'month' }), true);
  }),
  'last day of month': builtin(['date'], (day) => {
    if (!isDay(day)) return null;
    const date = dateOf(day);
    return new FeelDate(date.with({ day: date.daysInMonth }));
  }),
};
