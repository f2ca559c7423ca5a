const locale = 'en-US';

function sameDay(one: Date, other: Date): boolean {
  return one.toDateString() === other.toDateString();
}

function ordinal(day: number): string {
  const teen = day % 100 >= 11 && day % 100 <= 13;
  return `${day}${teen ? 'th' : (['th', 'st', 'nd', 'rd'][day % 10] ?? 'th')}`;
}

/** `today`, `yesterday` or `tomorrow`; undefined for every other day. */
function relativeDay(date: Date, now: Date): string | undefined {
  const shifted = (days: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days);
  if (sameDay(date, now)) return 'today';
  if (sameDay(date, shifted(-1))) return 'yesterday';
  return sameDay(date, shifted(1)) ? 'tomorrow' : undefined;
}

/** `9:05 AM`. */
export function clock(date: Date): string {
  return date.toLocaleTimeString(locale, { hour: 'numeric', minute: '2-digit' });
}

/** `9:05`, for narrow places. */
export function shortClock(date: Date): string {
  return clock(date).replace(/\s*[AP]M$/, '');
}

function longDate(date: Date, withWeekday: boolean): string {
  const month = date.toLocaleDateString(locale, { month: 'long' });
  const text = `${month} ${ordinal(date.getDate())}, ${date.getFullYear()}`;
  return withWeekday ? `${date.toLocaleDateString(locale, { weekday: 'long' })}, ${text}` : text;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The heading above a day's messages: `Today`, `Yesterday`, `Tuesday, November 24th`. */
export function dayHeading(date: Date, now: Date): string {
  const day = relativeDay(date, now);
  if (day) return capital(day);
  const weekday = date.toLocaleDateString(locale, { weekday: 'long' });
  const month = date.toLocaleDateString(locale, { month: 'long' });
  const year = date.getFullYear() === now.getFullYear() ? '' : `, ${date.getFullYear()}`;
  return `${weekday}, ${month} ${ordinal(date.getDate())}${year}`;
}

/** `Tuesday, November 24th, 2026 at 9:05:07 AM`, for a timestamp's tooltip. */
export function fullMoment(date: Date): string {
  return `${longDate(date, true)} at ${date.toLocaleTimeString(locale)}`;
}

const shortDate: Intl.DateTimeFormatOptions = { month: 'short', day: 'numeric', year: 'numeric' };

/** Fills in a `<!date^…>` format in the reader's time zone: `{date_short_pretty} at {time}`. */
export function formatDateToken(seconds: number, format: string, now: Date): string {
  const date = new Date(seconds * 1000);
  const pretty = (plain: string) => relativeDay(date, now) ?? plain;
  const short = date.toLocaleDateString(locale, shortDate);
  const numeric = `${date.getFullYear()}-${`${date.getMonth() + 1}`.padStart(2, '0')}-${`${date.getDate()}`.padStart(2, '0')}`;
  const values: Record<string, () => string> = {
    date_num: () => numeric,
    date_slash: () => numeric.replaceAll('-', '/'),
    date: () => longDate(date, false),
    date_pretty: () => pretty(longDate(date, false)),
    date_short: () => short,
    date_short_pretty: () => pretty(short),
    date_long: () => longDate(date, true),
    date_long_pretty: () => pretty(longDate(date, true)),
    time: () => clock(date),
    time_secs: () => date.toLocaleTimeString(locale),
    ago: () => relativeDay(date, now) ?? short,
  };
  const filled = format.replace(/\{(\w+)\}/g, (whole, name: string) => values[name]?.() ?? whole);
  return capital(filled);
}

/** The time of a message's `ts`. */
export function momentOf(ts: string): Date {
  return new Date(Number(ts) * 1000);
}
