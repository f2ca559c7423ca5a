/** How far a time zone (IANA name) is ahead of UTC at an instant, in seconds; 0 for one that is not known. */
export function utcOffset(timeZone: string | undefined, at: Date = new Date()): number {
  if (timeZone === undefined) return 0;
  try {
    const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' }).formatToParts(at);
    const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
    const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
    const seconds = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60;
    return sign === '-' ? -seconds : seconds;
  } catch {
    // Slack may know zones that this Node.js does not; the instant is right in any offset.
    return 0;
  }
}
