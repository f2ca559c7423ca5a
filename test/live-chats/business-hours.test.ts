import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type BusinessHours,
  instantAfterOpen,
  instantBeforeOpen,
  isOpenAt,
  type OpenSpan,
  openMsBetween,
} from '../../src/live-chats/business-hours.ts';

const minuteMs = 60_000;
const nineToSix: OpenSpan[] = [[540, 1080]];
const weekdaysOnly = [nineToSix, nineToSix, nineToSix, nineToSix, nineToSix, [], []];

/** A model that decides whether it is open only by the wall clock of a date formatter. */
function modelOf(hours: BusinessHours): (at: number) => boolean {
  const clock = new Intl.DateTimeFormat('en-CA', {
    timeZone: hours.timeZone,
    hourCycle: 'h23',
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
  return (at) => {
    const part = Object.fromEntries(clock.formatToParts(at).map(({ type, value }) => [type, value]));
    if (hours.holidays.includes(`${part.year}-${part.month}-${part.day}`)) return false;
    const minute = Number(part.hour) * 60 + Number(part.minute);
    const spans = hours.weekdays[days.indexOf((part.weekday ?? '').replace('.', ''))] ?? [];
    return spans.some(([opens, closes]) => minute >= opens && minute < closes);
  };
}

const span: fc.Arbitrary<OpenSpan> = fc
  .tuple(fc.integer({ min: 0, max: 1439 }), fc.integer({ min: 1, max: 1440 }))
  .filter(([opens, closes]) => opens < closes);
const dayOfSpans = fc.oneof(
  fc.constant([] as OpenSpan[]),
  fc.constant([[0, 1440]] as OpenSpan[]),
  span.map((one) => [one]),
  fc
    .uniqueArray(fc.integer({ min: 0, max: 1440 }), { minLength: 4, maxLength: 4 })
    .map((times) => times.sort((one, other) => one - other) as [number, number, number, number])
    .map(([a, b, c, d]): OpenSpan[] => [
      [a, b],
      [c, d],
    ]),
);

/** Zones with unusual clock changes: at night, by half an hour, at midnight, or with a skipped day. */
const zones = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'America/Havana',
  'Africa/Casablanca',
  'Pacific/Apia',
  'Asia/Kathmandu',
  'UTC',
];
/** Times around clock changes, and Samoa's missing 30 December 2011. */
const changes = [
  '2026-03-29T01:00Z',
  '2026-10-25T01:00Z',
  '2026-03-08T07:00Z',
  '2026-11-01T06:00Z',
  '2026-04-04T15:00Z',
  '2026-10-03T15:30Z',
  '2026-03-08T05:00Z',
  '2026-02-15T02:00Z',
  '2011-12-30T10:00Z',
].map((iso) => Date.parse(iso));

const businessHours: fc.Arbitrary<BusinessHours> = fc.record({
  timeZone: fc.constantFrom(...zones),
  weekdays: fc.array(dayOfSpans, { minLength: 7, maxLength: 7 }),
  holidays: fc.subarray(['2026-03-29', '2026-10-25', '2026-03-09', '2026-11-01', '2011-12-31']),
});
const instant = fc
  .tuple(fc.constantFrom(...changes), fc.integer({ min: -3000, max: 3000 }))
  .map(([near, minutes]) => near + minutes * minuteMs);

test('open time between two instants equals a count by the wall clock, minute by minute', () => {
  fc.assert(
    fc.property(businessHours, instant, fc.integer({ min: 0, max: 6000 }), (hours, from, minutes) => {
      const isOpen = modelOf(hours);
      let open = 0;
      for (let minute = 0; minute < minutes; minute += 1) if (isOpen(from + minute * minuteMs)) open += 1;
      const to = from + minutes * minuteMs;
      expect(openMsBetween(hours, new Date(from), new Date(to))).toBe(open * minuteMs);
      expect(isOpenAt(hours, new Date(to))).toBe(isOpen(to));
    }),
    { numRuns: 150 },
  );
});

test('the end and the beginning of an open time agree with its length', () => {
  fc.assert(
    fc.property(businessHours, instant, fc.integer({ min: 1, max: 3000 }), (hours, start, minutes) => {
      const at = new Date(start + 12_345);
      const ms = minutes * minuteMs;
      const after = instantAfterOpen(hours, at, ms);
      const before = instantBeforeOpen(hours, at, ms);
      expect(after === undefined).toBe(hours.weekdays.every((spans) => spans.length === 0));
      expect(before === undefined).toBe(after === undefined);
      if (!after || !before) return;
      expect(openMsBetween(hours, at, after)).toBe(ms);
      expect(openMsBetween(hours, at, new Date(after.getTime() - 1))).toBe(ms - 1);
      expect(openMsBetween(hours, before, at)).toBe(ms);
      expect(openMsBetween(hours, new Date(before.getTime() + 1), at)).toBe(ms - 1);
    }),
  );
});

test('a live chat without hours is always open', () => {
  const at = new Date('2026-01-03T03:00:00Z');
  expect(isOpenAt(null, at)).toBe(true);
  expect(instantAfterOpen(null, at, 1000)).toEqual(new Date('2026-01-03T03:00:01Z'));
  expect(instantBeforeOpen(null, at, 1000)).toEqual(new Date('2026-01-03T02:59:59Z'));
  expect(openMsBetween(null, at, new Date(at.getTime() + 7))).toBe(7);
});

test('the last second of a business day is within hours, and the next is not', () => {
  const hours = { timeZone: 'Europe/Berlin', weekdays: weekdaysOnly, holidays: ['2026-12-25'] };
  expect(isOpenAt(hours, new Date('2026-12-04T16:59:59.999Z'))).toBe(true);
  expect(isOpenAt(hours, new Date('2026-12-04T17:00:00Z'))).toBe(false);
  expect(isOpenAt(hours, new Date('2026-12-25T10:00:00Z'))).toBe(false);
  // Fifteen minutes that begin in Friday's last second end on Monday.
  expect(instantAfterOpen(hours, new Date('2026-12-04T16:59:59Z'), 15 * minuteMs)).toEqual(
    new Date('2026-12-07T08:14:59Z'),
  );
});

test('a time that is longer than all hours is never reached', () => {
  const hours = { timeZone: 'UTC', weekdays: [[[0, 1]] as OpenSpan[], [], [], [], [], [], []], holidays: [] };
  expect(instantAfterOpen(hours, new Date('2026-01-01T00:00:00Z'), 30 * 24 * 3_600_000)).toBeUndefined();
});
