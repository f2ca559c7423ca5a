/** UTC offset of a time zone (IANA name) at an instant, in seconds; 0 for an unknown zone. */
export function utcOffset(timeZone: string | undefined, at: Date = new Date()): number {
  if (timeZone === undefined) return 0;
  try {
    const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' }).formatToParts(at);
    const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
    const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
    const seconds = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60;
    return sign === '-' ? -seconds : seconds;
  } catch {
    // Slack may know time zones that this Node.js does not; the instant is right with any offset.
    return 0;
  }
}
