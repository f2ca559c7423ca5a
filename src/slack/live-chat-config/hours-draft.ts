import type { BusinessHours, OpenSpan } from '../../live-chats/business-hours.ts';
import { type Message, message } from '../../words/message.ts';

/** The weekdays, in the order of {@link BusinessHours.weekdays}. */
export const weekdayNames = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

/** Block ids of the fields. */
export const hoursBlocks = {
  hours: 'hours',
  timeZone: 'time_zone',
  monday: 'hours_monday',
  tuesday: 'hours_tuesday',
  wednesday: 'hours_wednesday',
  thursday: 'hours_thursday',
  friday: 'hours_friday',
  saturday: 'hours_saturday',
  sunday: 'hours_sunday',
  holidays: 'holidays',
} as const;

/** The current input, valid or not. Hours and holidays as typed. */
export interface HoursDraft {
  timeZone: { id: string; label: string } | null;
  weekdays: string[];
  holidays: string;
}

/** Saved business hours as input of the fields. */
export function hoursDraftOf({ timeZone, weekdays, holidays }: BusinessHours): HoursDraft {
  return {
    timeZone: { id: timeZone, label: timeZone },
    weekdays: weekdays.map((spans) => spans.map(([opens, closes]) => `${clock(opens)}–${clock(closes)}`).join(', ')),
    holidays: holidays.join(', '),
  };
}

const clock = (minutes: number) => `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;

/** The initial hours: Monday to Friday in the administrator's time zone. */
export function presetHours(timeZone: string | undefined): HoursDraft {
  const working = '9:00–18:00';
  return {
    timeZone: timeZone === undefined ? null : { id: timeZone, label: timeZone },
    weekdays: [working, working, working, working, working, '', ''],
    holidays: '',
  };
}

/** The hours that were entered, and error messages by block id. */
export function readHours(draft: HoursDraft | null): {
  hours: BusinessHours | null;
  mistakes: Record<string, Message>;
} {
  const mistakes: Record<string, Message> = {};
  if (!draft) return { hours: null, mistakes };
  const timeZone = draft.timeZone?.id ?? '';
  if (!isTimeZone(timeZone)) mistakes[hoursBlocks.timeZone] = message('settings.noTimeZone');
  const weekdays = weekdayNames.map((name, index) => {
    const entered = draft.weekdays[index] ?? '';
    const spans = readSpans(entered);
    if (!spans) mistakes[hoursBlocks[name]] = message('settings.wrongHours', { text: entered.trim() });
    return spans ?? [];
  });
  if (Object.keys(mistakes).length === 0 && weekdays.every((spans) => spans.length === 0)) {
    mistakes[hoursBlocks.monday] = message('settings.neverOpen');
  }
  const { dates, wrong } = readDates(draft.holidays);
  if (wrong !== undefined) mistakes[hoursBlocks.holidays] = message('settings.wrongHoliday', { text: wrong });
  return { hours: { timeZone, weekdays, holidays: dates }, mistakes };
}

/** Whether this Node.js knows the IANA name of a time zone. */
export function isTimeZone(name: string): boolean {
  try {
    return name !== '' && new Intl.DateTimeFormat('en', { timeZone: name }).format() !== '';
  } catch {
    // RangeError: no such time zone.
    return false;
  }
}

/** `9-18`, `9:00–13:00, 14.00–18.30`. Undefined if it cannot be parsed or is not in order. */
function readSpans(entered: string): OpenSpan[] | undefined {
  const spans: OpenSpan[] = [];
  for (const part of entered.split(/[,;\n]/).filter((one) => one.trim() !== '')) {
    const [, fromHour, fromMinute = '0', toHour, toMinute = '0'] =
      /^\s*(\d{1,2})(?:[:.](\d{2}))?\s*[-–—]\s*(\d{1,2})(?:[:.](\d{2}))?\s*$/.exec(part) ?? [];
    const opens = Number(fromHour) * 60 + Number(fromMinute);
    const closes = Number(toHour) * 60 + Number(toMinute);
    const isClock = Number(fromMinute) < 60 && Number(toMinute) < 60 && closes <= 24 * 60;
    if (!isClock || !(opens < closes) || opens < (spans.at(-1)?.[1] ?? 0)) return undefined;
    spans.push([opens, closes]);
  }
  return spans;
}

/** `2026-12-25` or `25.12.2026`; sorted, without duplicates. `wrong`: the first part that is not a date. */
function readDates(entered: string): { dates: string[]; wrong?: string } {
  const dates = new Set<string>();
  for (const part of entered.split(/[\s,;]+/).filter((one) => one !== '')) {
    const [, day = '', month = '', year = ''] = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(part) ?? [];
    const date = year === '' ? part : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
    const at = new Date(`${date}T00:00:00Z`);
    const isDate = /^\d{4}-\d\d-\d\d$/.test(date) && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(date);
    if (!isDate) return { dates: [], wrong: part };
    dates.add(date);
  }
  return { dates: [...dates].sort() };
}
