/**
 * How long to wait before another attempt, in milliseconds: doubles from 1 s to 5 min, with half of it left to chance so
 * that what failed together does not come back together.
 */
export function backoff(attempt: number, random: () => number = Math.random): number {
  const full = Math.min(1000 * 2 ** Math.max(0, attempt - 1), 5 * 60_000);
  return Math.round(full / 2 + (full / 2) * random());
}
