const durationPattern =
  /^(?<sign>-)?P(?!$)(?:(?<years>\d+)Y)?(?:(?<months>\d+)M)?(?:(?<weeks>\d+)W)?(?:(?<days>\d+)D)?(?:T(?=\d)(?:(?<hours>\d+)H)?(?:(?<minutes>\d+)M)?(?:(?<seconds>\d+(?:\.\d+)?)S)?)?$/;
const datePattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})(?:\[.+\])?$/;

export const isDuration = (text: string): boolean => durationPattern.test(text);

/** Adds an ISO 8601 duration to an instant; calendar parts count in UTC. Undefined for any other text. */
export function addDuration(from: Date, duration: string): Date | undefined {
  const groups = durationPattern.exec(duration)?.groups;
  if (!groups) return undefined;
  const sign = groups.sign ? -1 : 1;
  const part = (name: string) => sign * Number(groups[name] ?? 0);
  const due = new Date(from);
  const day = due.getUTCDate();
  due.setUTCDate(1);
  due.setUTCMonth(due.getUTCMonth() + part('months') + 12 * part('years'));
  // The 31st plus a month is the last day of the next month.
  const lastDay = new Date(Date.UTC(due.getUTCFullYear(), due.getUTCMonth() + 1, 0)).getUTCDate();
  due.setUTCDate(Math.min(day, lastDay));
  const days = part('days') + 7 * part('weeks');
  const seconds = ((days * 24 + part('hours')) * 60 + part('minutes')) * 60 + part('seconds');
  const result = new Date(due.getTime() + Math.round(seconds * 1000));
  return Number.isNaN(result.getTime()) ? undefined : inCalendar(result);
}

/** Parses an ISO 8601 date and time with offset. */
export function parseInstant(value: string): Date | undefined {
  if (!datePattern.test(value)) return undefined;
  const date = new Date(value.replace(/\[.+\]$/, ''));
  return Number.isNaN(date.getTime()) ? undefined : inCalendar(date);
}

const earliest = new Date('0001-01-01T00:00:00Z');
const latest = new Date('9999-12-31T23:59:59.999Z');

/** Limits a date to years of four digits, the range of texts and Postgres. */
export function inCalendar(date: Date): Date {
  return date < earliest ? earliest : date > latest ? latest : date;
}
