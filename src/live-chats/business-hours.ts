import { Temporal } from 'temporal-polyfill';

/** When a live chat opens and closes on a day, in minutes since midnight, local time. */
export type OpenSpan = [opens: number, closes: number];

/** When the staff of a live chat are there to answer. */
export interface BusinessHours {
  /** IANA name, such as `Europe/Berlin`. */
  timeZone: string;
  /** Monday to Sunday; the spans of a day are sorted and do not overlap. */
  weekdays: OpenSpan[][];
  /** Closed days: `YYYY-MM-DD`. */
  holidays: string[];
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/**
 * How far ahead business hours are counted. A live chat that is not open for long enough by then is treated as never open that
 * long.
 */
const furthestMs = 3653 * dayMs;

/** Whether the live chat is open; always true without business hours. */
export function isOpenAt(hours: BusinessHours | null, at: Date): boolean {
  if (!hours) return true;
  const local = at.getTime() + zonedAt(hours.timeZone, at.getTime()).offsetNanoseconds / 1e6;
  const day = Math.floor(local / dayMs);
  return spansOf(hours, day).some(
    ([opens, closes]) => local >= day * dayMs + opens * minuteMs && local < day * dayMs + closes * minuteMs,
  );
}

/** How long the live chat is open between two instants, in milliseconds. */
export function openMsBetween(hours: BusinessHours | null, from: Date, to: Date): number {
  if (!hours) return Math.max(0, to.getTime() - from.getTime());
  let total = 0;
  for (const [start, end] of openSpans(hours, from.getTime(), to.getTime())) total += end - start;
  return total;
}

/** The first instant by which the live chat has been open for `ms` since `from`; undefined if there is none. */
export function instantAfterOpen(hours: BusinessHours | null, from: Date, ms: number): Date | undefined {
  if (!hours) return new Date(from.getTime() + ms);
  let left = ms;
  for (const [start, end] of openSpans(hours, from.getTime(), from.getTime() + furthestMs)) {
    if (end - start >= left) return new Date(start + left);
    left -= end - start;
  }
  return undefined;
}

/** The last instant from which the live chat is open for `ms` until `until`; undefined if there is none. */
export function instantBeforeOpen(hours: BusinessHours | null, until: Date, ms: number): Date | undefined {
  const end = until.getTime();
  if (!hours) return new Date(end - ms);
  for (let back = Math.max(ms, dayMs); back / 2 < furthestMs; back *= 2) {
    let left = ms;
    for (const [start, close] of [...openSpans(hours, end - back, end)].reverse()) {
      if (close - start >= left) return new Date(close - left);
      left -= close - start;
    }
  }
  return undefined;
}

/**
 * Yields the spans in which the live chat is open, in order. The time-zone library is only asked for offsets and their changes:
 * between two changes every day has 24 hours, and the rest is arithmetic.
 */
function* openSpans(hours: BusinessHours, from: number, to: number): Generator<[start: number, end: number]> {
  for (let at = from; at < to; ) {
    const zoned = zonedAt(hours.timeZone, at);
    const offset = zoned.offsetNanoseconds / 1e6;
    const changes = Math.min(zoned.getTimeZoneTransition('next')?.epochMilliseconds ?? to, to);
    for (let day = Math.floor((at + offset) / dayMs); day * dayMs - offset < changes; day += 1) {
      for (const [opens, closes] of spansOf(hours, day)) {
        const start = Math.max(at, day * dayMs + opens * minuteMs - offset);
        const end = Math.min(changes, day * dayMs + closes * minuteMs - offset);
        if (start < end) yield [start, end];
      }
    }
    at = changes;
  }
}

const zonedAt = (timeZone: string, ms: number) =>
  Temporal.Instant.fromEpochMilliseconds(Math.floor(ms)).toZonedDateTimeISO(timeZone);

/** The open spans of a day, given as days since 1970-01-01, which was a Thursday. */
function spansOf({ weekdays, holidays }: BusinessHours, day: number): OpenSpan[] {
  const date = new Date(day * dayMs).toISOString().slice(0, 10);
  return holidays.includes(date) ? [] : (weekdays[(((day + 3) % 7) + 7) % 7] ?? []);
}
