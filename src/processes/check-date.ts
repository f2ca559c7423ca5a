import { type Message, message } from '../words/message.ts';
import type { FormField } from './form.ts';

/** Checks a `YYYY-MM-DD`; returns the mistake, if there is one. */
export function checkDate(field: FormField, value: string, now: Date): Message | undefined {
  if (!isDate(value)) return message('mistake.date');
  // The earliest date that is still today somewhere: the westernmost zone is 12 hours behind UTC.
  const earliestToday = new Date(now.getTime() - 12 * 60 * 60_000).toISOString().slice(0, 10);
  return field.disallowPast && value < earliestToday ? message('mistake.past') : undefined;
}

/** Checks an ISO 8601 date and time with offset; returns the mistake, if there is one. */
export function checkDatetime(field: FormField, value: string, now: Date): Message | undefined {
  const match = datetimePattern.exec(value);
  if (!match || !isDate(match[1] ?? '') || Number.isNaN(Date.parse(value))) {
    return message('mistake.datetime');
  }
  // A picker has whole minutes: the current one is not past.
  const past = Date.parse(value) < now.getTime() - 60_000;
  return field.disallowPast && past ? message('mistake.past') : undefined;
}

const datetimePattern = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/;

/** Rejects dates such as 2026-02-30, which Date would turn into a day in March. */
function isDate(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const date = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
}
