import { Temporal } from 'temporal-polyfill';

const nanosecondsPerSecond = 1_000_000_000n;

/** A time of day with an offset from UTC, in seconds, and the time zone that the offset comes from, if one was named. */
export class ZonedTime {
  readonly time: Temporal.PlainTime;
  readonly offset: number;
  readonly zone: string | undefined;

  constructor(time: Temporal.PlainTime, offset: number, zone?: string) {
    this.time = time;
    this.offset = offset;
    this.zone = zone;
  }

  /** Nanoseconds since midnight in UTC; may be negative. */
  get instant(): bigint {
    return nanosecondsOfDay(this.time) - BigInt(this.offset) * nanosecondsPerSecond;
  }
}

export class DayTimeDuration {
  readonly nanoseconds: bigint;

  constructor(nanoseconds: bigint) {
    this.nanoseconds = nanoseconds;
  }

  static ofSeconds(seconds: number): DayTimeDuration {
    return new DayTimeDuration(BigInt(seconds) * nanosecondsPerSecond);
  }

  /** Whole seconds, rounded down as in Java. */
  get seconds(): bigint {
    const { nanoseconds } = this;
    const seconds = nanoseconds / nanosecondsPerSecond;
    return nanoseconds < 0n && seconds * nanosecondsPerSecond !== nanoseconds ? seconds - 1n : seconds;
  }

  /** Whole milliseconds, rounded down. */
  get milliseconds(): bigint {
    return this.seconds * 1000n + (this.nanoseconds - this.seconds * nanosecondsPerSecond) / 1_000_000n;
  }

  /** Converts it for Temporal's date arithmetic. */
  toTemporal(): Temporal.Duration {
    return Temporal.Duration.from({
      seconds: Number(this.nanoseconds / nanosecondsPerSecond),
      nanoseconds: Number(this.nanoseconds % nanosecondsPerSecond),
    });
  }
}

export class YearMonthDuration {
  readonly months: number;

  constructor(months: number) {
    if (!Number.isSafeInteger(months)) throw new RangeError('a duration is out of range');
    this.months = months;
  }

  toTemporal(): Temporal.Duration {
    return Temporal.Duration.from({ months: this.months });
  }
}

export type Day = Temporal.PlainDate | Temporal.PlainDateTime | Temporal.ZonedDateTime;

export const isDate = (value: unknown): value is Temporal.PlainDate => value instanceof Temporal.PlainDate;
export const isLocalTime = (value: unknown): value is Temporal.PlainTime => value instanceof Temporal.PlainTime;
export const isZonedTime = (value: unknown): value is ZonedTime => value instanceof ZonedTime;
export const isLocalDateTime = (value: unknown): value is Temporal.PlainDateTime =>
  value instanceof Temporal.PlainDateTime;
export const isDateTime = (value: unknown): value is Temporal.ZonedDateTime => value instanceof Temporal.ZonedDateTime;
export const isDayTimeDuration = (value: unknown): value is DayTimeDuration => value instanceof DayTimeDuration;
export const isYearMonthDuration = (value: unknown): value is YearMonthDuration => value instanceof YearMonthDuration;
export const isDay = (value: unknown): value is Day => isDate(value) || isLocalDateTime(value) || isDateTime(value);

export const dateOf = (day: Day): Temporal.PlainDate => (isDate(day) ? day : day.toPlainDate());

/** Whether it is a named zone; UTC and fixed offsets look like `+00:00`. */
export const isNamedZone = (zone: string): boolean => !/^[+-]/.test(zone);

export const offsetSeconds = (at: Temporal.ZonedDateTime): number => at.offsetNanoseconds / 1e9;

/** Formats an offset in seconds as Java does: `Z`, `+02:00` or `-00:00:30`. */
export function offsetText(seconds: number): string {
  if (seconds === 0) return 'Z';
  const two = (value: number) => String(value).padStart(2, '0');
  const size = Math.abs(seconds);
  const rest = size % 60 === 0 ? '' : `:${two(size % 60)}`;
  return `${seconds < 0 ? '-' : '+'}${two(Math.floor(size / 3600))}:${two(Math.floor(size / 60) % 60)}${rest}`;
}

export function nanosecondsOfDay(time: Temporal.PlainTime): bigint {
  const seconds = (time.hour * 60 + time.minute) * 60 + time.second;
  const fraction = time.millisecond * 1_000_000 + time.microsecond * 1_000 + time.nanosecond;
  return BigInt(seconds) * nanosecondsPerSecond + BigInt(fraction);
}

/** Nanoseconds since 1970 of a date and time without a zone, as if it were in UTC. */
export const localInstant = (at: Temporal.PlainDateTime): bigint => at.toZonedDateTime('UTC').epochNanoseconds;

/** The date and time in the zone. Temporal does not support offsets with seconds. */
export function atOffset(date: Temporal.PlainDate, { time, offset, zone }: ZonedTime): Temporal.ZonedDateTime {
  const timeZone = zone ?? (offset === 0 ? '+00:00' : offsetText(offset));
  return date.toPlainDateTime(time).toZonedDateTime(timeZone);
}
