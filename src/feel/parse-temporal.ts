import { Temporal } from 'temporal-polyfill';
import { DayTimeDuration, offsetSeconds, YearMonthDuration, ZonedTime } from './temporal.ts';

type Time = Temporal.PlainTime | ZonedTime;
type DateTime = Temporal.PlainDateTime | Temporal.ZonedDateTime;

const datePattern = String.raw`(?<year>-?(?:[1-9]\d{0,4})?\d{4})-(?<month>[01]\d)-(?<day>[0-3]\d)`;
const timePattern = String.raw`(?<hour>\d{2}):(?<minute>\d{2})(?::(?<second>\d{2}))?(?:\.(?<fraction>\d{1,9}))?`;
const zonePattern = String.raw`(?<offset>Z|[+-]\d{2}:\d{2})?(?:\[(?<zone>.+)\])?(?:@(?<zoneAt>.+))?`;

const dateOnly = new RegExp(`^${datePattern}$`);
const dateTime = new RegExp(`^${datePattern}T${timePattern}${zonePattern}$`);
const time = new RegExp(`^T?${timePattern}(?<offset>Z|[+-]\\d{2}:\\d{2})?(?:@(?<zoneAt>.+))?$`);

type Groups = Record<string, string | undefined>;

/** Each of these functions returns undefined for a text in another format, and for a date or time that does not exist. */
export function parseDate(text: string): Temporal.PlainDate | undefined {
  const groups = dateOnly.exec(text)?.groups;
  return groups && attempt(() => dateFrom(groups));
}

export function parseTime(text: string): Time | undefined {
  const groups = time.exec(text)?.groups;
  if (!groups) return undefined;
  const { offset, zoneAt, second } = groups;
  if (offset === undefined && zoneAt === undefined) return attempt(() => timeFrom(groups));
  // An offset requires seconds and excludes a zone.
  if (second === undefined || (offset !== undefined && zoneAt !== undefined)) return undefined;
  return attempt(() => {
    const at = timeFrom(groups);
    if (zoneAt === undefined) return new ZonedTime(at, secondsOf(offset ?? 'Z'));
    const zone = requireZone(zoneAt);
    // Java uses the zone's standard (winter) time.
    return new ZonedTime(
      at,
      isOffset(zone) ? secondsOf(zone) : standardOffset(zone),
      isOffset(zone) ? undefined : zone,
    );
  });
}

/** A date without a time means midnight. */
export function parseDateTime(text: string): DateTime | undefined {
  const date = parseDate(text);
  if (date) return date.toPlainDateTime();
  const groups = dateTime.exec(text)?.groups;
  if (!groups) return undefined;
  const { offset, zone, zoneAt } = groups;
  if (zoneAt !== undefined && (offset !== undefined || zone !== undefined)) return undefined;
  if (zone !== undefined && offset === undefined) return undefined;
  return attempt(() => {
    const local = dateFrom(groups).toPlainDateTime(timeFrom(groups));
    if (zoneAt !== undefined) return local.toZonedDateTime(requireZone(zoneAt));
    if (offset === undefined) return local;
    const fixed = local.toZonedDateTime(requireZone(offset));
    return zone === undefined ? fixed : fixed.withTimeZone(requireZone(zone));
  });
}

const yearMonth = /^(?<sign>-?)P(?:(?<years>-?\d+)Y)?(?:(?<months>-?\d+)M)?$/;
const dayTime =
  /^(?<sign>-?)P(?:(?<days>-?\d+)D)?(?:T(?:(?<hours>-?\d+)H)?(?:(?<minutes>-?\d+)M)?(?:(?<seconds>-?\d+)(?:\.(?<fraction>\d{0,9}))?S)?)?$/;

export function parseDuration(text: string): YearMonthDuration | DayTimeDuration | undefined {
  if (!/\d[A-Z]$/.test(text) && !/\.\d*S$/.test(text)) return undefined;
  const period = yearMonth.exec(text)?.groups;
  if (period) {
    const months = Number(period.years ?? 0) * 12 + Number(period.months ?? 0);
    return attempt(() => new YearMonthDuration(period.sign ? -months : months));
  }
  const groups = dayTime.exec(text)?.groups;
  if (!groups) return undefined;
  const whole = ['days', 'hours', 'minutes', 'seconds'].map((unit) => BigInt(groups[unit] ?? 0));
  const [days = 0n, hours = 0n, minutes = 0n, seconds = 0n] = whole;
  const fraction = BigInt((groups.fraction ?? '').padEnd(9, '0'));
  const isNegative = groups.seconds?.startsWith('-') ?? false;
  const total =
    (((days * 24n + hours) * 60n + minutes) * 60n + seconds) * 1_000_000_000n + (isNegative ? -fraction : fraction);
  // Java counts seconds in 64 bits.
  if (total > 2n ** 63n * 1_000_000_000n || -total > 2n ** 63n * 1_000_000_000n) return undefined;
  return new DayTimeDuration(groups.sign ? -total : total);
}

/** Parses the text of an `@"…"` literal. */
export function parseTemporal(text: string) {
  return parseDate(text) ?? parseTime(text) ?? parseDateTime(text) ?? parseDuration(text);
}

/** Normalises a time zone for Temporal; `+00:00` for UTC. Throws a RangeError if it does not exist. */
export function requireZone(zone: string): string {
  if (zone === 'Z') return '+00:00';
  if (/^[+-]\d{2}:\d{2}$/.test(zone)) {
    // Java allows at most 18 hours.
    if (Math.abs(secondsOf(zone)) > 18 * 3600) throw new RangeError(`there is no time zone ${zone}`);
    return zone.replace('-00:00', '+00:00');
  }
  // As in Java, the case of names matters; Temporal would accept europe/berlin too.
  const known = new Temporal.ZonedDateTime(0n, zone).timeZoneId;
  if (!/^[A-Z]/.test(zone) || known.toLowerCase() !== zone.toLowerCase())
    throw new RangeError(`there is no time zone ${zone}`);
  return zone;
}

const isOffset = (zone: string) => /^[+-]/.test(zone);

function secondsOf(offset: string): number {
  if (offset === 'Z') return 0;
  const [hours = 0, minutes = 0, seconds = 0] = offset.slice(1).split(':').map(Number);
  return (offset.startsWith('-') ? -1 : 1) * ((hours * 60 + minutes) * 60 + seconds);
}

function standardOffset(zone: string): number {
  const { year } = Temporal.Now.plainDateISO('UTC');
  const offsets = [1, 7].map((month) =>
    offsetSeconds(Temporal.ZonedDateTime.from({ year, month, day: 1, timeZone: zone })),
  );
  return Math.min(...offsets);
}

// Temporal's constructors reject dates and times that do not exist.
const dateFrom = ({ year, month, day }: Groups) => new Temporal.PlainDate(Number(year), Number(month), Number(day));

function timeFrom({ hour, minute, second, fraction }: Groups): Temporal.PlainTime {
  const digits = (fraction ?? '').padEnd(9, '0');
  const [milli = 0, micro = 0, nano = 0] = [0, 3, 6].map((from) => Number(digits.slice(from, from + 3)));
  return new Temporal.PlainTime(Number(hour), Number(minute), Number(second ?? 0), milli, micro, nano);
}

function attempt<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    // Temporal's error for a date, time or zone that does not exist.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
