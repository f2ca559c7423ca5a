/**
 * The delay before another attempt, in milliseconds: doubles from 1 s to 5 min. Half of it is random, so that items that failed
 * together are not retried together.
 */
export function backoff(attempt: number, random: () => number = Math.random): number {
  const full = Math.min(1000 * 2 ** Math.max(0, attempt - 1), 5 * 60_000);
  return Math.round(full / 2 + (full / 2) * random());
}
