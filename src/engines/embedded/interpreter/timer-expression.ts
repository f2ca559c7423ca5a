import { FeelEvaluationError } from '../../../feel/feel.ts';
import { isDateTime, isLocalDateTime } from '../../../feel/temporal.ts';
import { toJson } from '../../../feel/to-json.ts';
import { type Expression, evaluateRaw, type Surroundings, unexpected } from './expression.ts';
import { addDuration, inCalendar, parseInstant } from './iso-time.ts';
import { type Cycle, parseCycle } from './timer-cycle.ts';

export interface TimerDefinition {
  kind: 'duration' | 'date' | 'cycle';
  expression: Expression;
}

export interface Due {
  /** A date in the past is due at once. */
  dueAt: Date;
  /** Remaining firings of a timer cycle, including the next one; -1 means unbounded. */
  repetitions?: number;
}

const expectations = {
  duration: 'an ISO 8601 duration like PT15M',
  date: 'an ISO 8601 date and time with offset',
  cycle: 'a cycle like R3/PT1H, or a cron expression of six fields like 0 0 9 * * MON-FRI',
};

/** The first due time of the timer; undefined for a cron expression without a next time. Throws FeelEvaluationError. */
export function firstDue(timer: TimerDefinition, surroundings: Surroundings): Due | undefined {
  const { now } = surroundings;
  if (timer.kind === 'cycle') {
    const { repetitions, first } = cycleOf(timer, surroundings);
    const due = first(now);
    return due && { dueAt: due, repetitions };
  }
  const value = evaluateRaw(timer.expression, surroundings);
  const due = timer.kind === 'duration' ? addDuration(now, String(toJson(value))) : instantOf(value);
  if (!due) throw mistaken(timer, value);
  return { dueAt: due };
}

/** The next due time of a timer that fired; undefined if it does not fire again. Throws FeelEvaluationError. */
export function nextDue(timer: TimerDefinition, last: Due, surroundings: Surroundings): Due | undefined {
  if (timer.kind !== 'cycle' || last.repetitions === undefined) return undefined;
  if (last.repetitions === 0 || last.repetitions === 1) return undefined;
  const repetitions = last.repetitions < 0 ? last.repetitions : last.repetitions - 1;
  const due = cycleOf(timer, surroundings).next(last.dueAt, surroundings.now);
  return due && { dueAt: due, repetitions };
}

function cycleOf(timer: TimerDefinition, surroundings: Surroundings): Cycle {
  const value = evaluateRaw(timer.expression, surroundings);
  const cycle = typeof value === 'string' ? parseCycle(value.trim()) : undefined;
  if (!cycle) throw mistaken(timer, value);
  return cycle;
}

function mistaken({ kind, expression }: TimerDefinition, value: unknown): FeelEvaluationError {
  const expected = expectations[kind];
  if (typeof value === 'string') return new FeelEvaluationError(`${expression.text} should be ${expected}, but is not`);
  return unexpected(expression, expected, toJson(value));
}

/** Evaluates a task's date; undefined if the result is null or an empty text. Throws FeelEvaluationError. */
export function scheduledDate(expression: Expression, surroundings: Surroundings): Date | undefined {
  const value = evaluateRaw(expression, surroundings);
  if (value === null || value === '') return undefined;
  const date = instantOf(value);
  if (!date) throw mistaken({ kind: 'date', expression }, value);
  return date;
}

function instantOf(value: unknown): Date | undefined {
  // A date without a zone is in the engine's zone, UTC.
  const instant = isLocalDateTime(value) ? value.toZonedDateTime('UTC') : value;
  if (isDateTime(instant)) return inCalendar(new Date(instant.epochMilliseconds));
  return typeof value === 'string' ? parseInstant(value) : undefined;
}
