import { FeelDateTime } from 'feelin';
import { FeelEvaluationError } from '../../feel/feel.ts';
import { toJson } from '../../feel/feel-values.ts';
import { type Expression, evaluateRaw, type Surroundings, unexpected } from './expression.ts';

export interface TimerDefinition {
  kind: 'duration' | 'date';
  expression: Expression;
}

const durationPattern =
  /^(?<sign>-)?P(?!$)(?:(?<years>\d+)Y)?(?:(?<months>\d+)M)?(?:(?<weeks>\d+)W)?(?:(?<days>\d+)D)?(?:T(?=\d)(?:(?<hours>\d+)H)?(?:(?<minutes>\d+)M)?(?:(?<seconds>\d+(?:\.\d+)?)S)?)?$/;
const datePattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})(?:\[.+\])?$/;

/** When the timer is due. One that lies in the past is due at once. Throws FeelEvaluationError. */
export function dueAt({ kind, expression }: TimerDefinition, surroundings: Surroundings): Date {
  const value = evaluateRaw(expression, surroundings);
  const due = kind === 'duration' ? addDuration(surroundings.now, String(value)) : instantOf(value);
  if (due) return due;
  const expected = kind === 'duration' ? 'an ISO 8601 duration like PT15M' : 'an ISO 8601 date and time with offset';
  if (typeof value === 'string') throw new FeelEvaluationError(`${expression.text} should be ${expected}, but is not`);
  throw unexpected(expression, expected, toJson(value));
}

/** The instant an ISO 8601 duration after another; calendar parts are UTC's. Undefined for anything else. */
export function addDuration(from: Date, duration: string): Date | undefined {
  const groups = durationPattern.exec(duration)?.groups;
  if (!groups) return undefined;
  const sign = groups.sign ? -1 : 1;
  const part = (name: string) => sign * Number(groups[name] ?? 0);
  const due = new Date(from);
  const day = due.getUTCDate();
  due.setUTCDate(1);
  due.setUTCMonth(due.getUTCMonth() + part('months') + 12 * part('years'));
  // The 31st plus a month is the last of the next one.
  const lastDay = new Date(Date.UTC(due.getUTCFullYear(), due.getUTCMonth() + 1, 0)).getUTCDate();
  due.setUTCDate(Math.min(day, lastDay));
  const days = part('days') + 7 * part('weeks');
  const seconds = ((days * 24 + part('hours')) * 60 + part('minutes')) * 60 + part('seconds');
  const result = new Date(due.getTime() + Math.round(seconds * 1000));
  return Number.isNaN(result.getTime()) ? undefined : result;
}

function instantOf(value: unknown): Date | undefined {
  if (value instanceof FeelDateTime) {
    // Without a zone it is meant in the engine's, which is UTC.
    const zone = value.zone === null || value.zone === 'Z' ? 'UTC' : value.zone;
    return new Date(value.value.toZonedDateTime(zone).epochMilliseconds);
  }
  if (typeof value !== 'string' || !datePattern.test(value)) return undefined;
  const date = new Date(value.replace(/\[.+\]$/, ''));
  return Number.isNaN(date.getTime()) ? undefined : date;
}
