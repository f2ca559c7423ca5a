import { FeelDate, FeelDateTime, FeelDuration, FeelTime, isFunction, isRange } from 'feelin';
import type { Json } from '../processes/value-types.ts';

/** Makes the plain JSON of a FEEL value: dates, times and durations become ISO 8601 texts. Throws where there is none. */
export function toJson(value: unknown): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint') return value;
  // JSON has no infinity, and FEEL no value for a result out of range but null.
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  // As Camunda writes it, with the offset beside the zone's name: the product promises an offset.
  if (value instanceof FeelDateTime && value.zone?.includes('/'))
    return value.value.toZonedDateTime(value.zone).toString();
  if (value instanceof FeelTime && value.zone === null) return localTime(value);
  if (value instanceof FeelDuration) return durationText(value);
  if (isTemporal(value)) return value.toString();
  if (isFunction(value) || typeof value === 'function') throw new Error('the result is a function, not a value');
  if (isRange(value)) throw new Error('the result is a range, not a value');
  if (Array.isArray(value)) return value.map(toJson);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, toJson(entry)]));
}

function isTemporal(value: unknown): value is FeelDate | FeelTime | FeelDateTime {
  return value instanceof FeelDate || value instanceof FeelTime || value instanceof FeelDateTime;
}

/** As Camunda writes it: without seconds where there are none, else with 0, 3, 6 or 9 digits of a fraction. */
function localTime({ value }: FeelTime): string {
  if (value.toString({ fractionalSecondDigits: 9 }).endsWith(':00.000000000')) {
    return value.toString({ smallestUnit: 'minute' });
  }
  const fraction = value.toString().split('.')[1]?.length ?? 0;
  const digits = (Math.ceil(fraction / 3) * 3) as 0 | 3 | 6 | 9;
  return value.toString({ fractionalSecondDigits: digits });
}

/** As Camunda writes it, which knows whole seconds only. */
function durationText({ value, yearsMonths }: FeelDuration): string {
  if (yearsMonths) return value.blank ? 'P0Y' : value.toString();
  const whole = value.round({ smallestUnit: 'second', roundingMode: 'floor', largestUnit: 'day' });
  return whole.blank ? 'P0D' : whole.toString();
}
