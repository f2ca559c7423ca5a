import { Cron } from 'croner';
import { own } from '../../../own.ts';
import { addDuration, isDuration, parseInstant } from './iso-time.ts';

/** A repeating timer: Camunda 8's `R3/PT1H`, `R/2026-01-01T08:00:00Z/P1D` or cron. */
export interface Cycle {
  /** Number of firings; -1 means unbounded. */
  repetitions: number;
  /** The first time it fires; undefined if it never does. */
  first(now: Date): Date | undefined;
  /** The next time it fires. Missed times are made up for by firing once now, as in Camunda 8. */
  next(lastDue: Date, now: Date): Date | undefined;
}

/** Spring's macros, which Camunda accepts as well. */
const macros: Record<string, string> = {
  '@yearly': '0 0 0 1 1 *',
  '@annually': '0 0 0 1 1 *',
  '@monthly': '0 0 0 1 * *',
  '@weekly': '0 0 0 * * 0',
  '@daily': '0 0 0 * * *',
  '@midnight': '0 0 0 * * *',
  '@hourly': '0 0 * * * *',
};

/** Returns undefined if the text is not a cycle. */
export function parseCycle(text: string): Cycle | undefined {
  return text.startsWith('R') ? parseInterval(text) : parseCron(text);
}

function parseInterval(text: string): Cycle | undefined {
  const [, count, start, interval] = /^R(\d{0,9})\/(?:([^/]+)\/)?([^/]+)$/.exec(text) ?? [];
  if (interval === undefined || !isDuration(interval)) return undefined;
  // An interval of zero would fire endlessly.
  const epoch = new Date(0);
  if (!((addDuration(epoch, interval) ?? epoch) > epoch)) return undefined;
  const begin = start === undefined ? undefined : parseInstant(start);
  if (start !== undefined && !begin) return undefined;
  return {
    repetitions: count ? Number(count) : -1,
    first: (now) => (begin ? new Date(Math.max(begin.getTime(), now.getTime())) : addDuration(now, interval)),
    next(lastDue, now) {
      const natural = addDuration(lastDue, interval);
      return natural && natural > now ? natural : now;
    },
  };
}

/**
 * Parses Spring's cron format, as Camunda does: six fields, seconds first; day of month and day of week must both match. UTC.
 */
function parseCron(text: string): Cycle | undefined {
  let cron: Cron;
  try {
    cron = new Cron(own(macros, text) ?? text, {
      mode: '6-part',
      domAndDow: true,
      sloppyRanges: true,
      timezone: 'UTC',
      paused: true,
    });
  } catch {
    return undefined;
  }
  const after = (now: Date) => cron.nextRun(now) ?? undefined;
  return { repetitions: -1, first: after, next: (_, now) => after(now) };
}
