import { createHash, timingSafeEqual } from 'node:crypto';

/** Compares in a time that tells nothing of the secret. */
export function isSameSecret(given: string, secret: string): boolean {
  const hash = (value: string) => createHash('sha256').update(value).digest();
  return timingSafeEqual(hash(given), hash(secret));
}
