import { type SQL, sql } from 'drizzle-orm';
import { storableJson } from '../storable.ts';
import type { Message } from '../words/message.ts';

/** A failed attempt to start a process. */
export interface FailedAttempt {
  /** Number of the attempt, from 1. */
  attempt: number;
  /** ISO 8601. */
  at: string;
  reason: Message;
}

/** Number of attempts kept per start; the newest. */
const mostKept = 20;

/** SQL: `failed_attempts` of a start with another one appended. */
export function withFailedAttempt(reason: Message): SQL {
  const attempt = sql`jsonb_build_object('attempt', attempts, 'at', to_jsonb(now()), 'reason', ${storableJson(reason)}::jsonb)`;
  return sql`(
    select jsonb_agg(kept.one order by kept.nth) from (
      select one, nth from jsonb_array_elements(coalesce(failed_attempts, '[]') || ${attempt}) with ordinality as all_of(one, nth)
      order by nth desc limit ${sql.raw(String(mostKept))}) as kept)`;
}
