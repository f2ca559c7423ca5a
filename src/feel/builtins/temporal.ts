import { Temporal } from 'temporal-polyfill';
import { sizes } from '../evaluation.ts';
import { dateOf, isDay } from '../temporal.ts';
import type { FeelValue } from '../values.ts';
import { type Builtins, builtin } from './builtin.ts';

const dayNames = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

const onDate = (body: (date: Temporal.PlainDate) => FeelValue | undefined) =>
  builtin(['date'], ([day = null], evaluation) => {
    evaluation.allocate(sizes.temporal);
    return isDay(day) ? body(dateOf(day)) : undefined;
  });

/** The current time of the engine, in UTC. */
const clock = (now: Date) => new Temporal.ZonedDateTime(BigInt(now.getTime()) * 1_000_000n, '+00:00');

export const temporalBuiltins: Builtins = {
  now: [builtin([], (_, { now }) => clock(now))],
  today: [builtin([], (_, { now }) => clock(now).toPlainDate())],
  'day of year': [onDate((date) => date.dayOfYear)],
  'day of week': [onDate((date) => dayNames[date.dayOfWeek - 1])],
  'month of year': [onDate((date) => monthNames[date.month - 1])],
  'week of year': [onDate((date) => date.weekOfYear)],
  'last day of month': [onDate((date) => date.with({ day: date.daysInMonth }))],
};
