import { type SQL, sql } from 'drizzle-orm';
import { storableJson } from '../storable.ts';
import type { Message } from '../words/message.ts';

/** An attempt to start a process that came to nothing. */
export interface FailedAttempt {
  /** Which attempt it was, from 1. */
  attempt: number;
  /** ISO 8601. */
  at: string;
  reason: Message;
}

/** How many are kept of a start: the newest. */
const mostKept = 20;

/** `failed_attempts` of a start with one more at its end. */
export function withFailedAttempt(reason: Message): SQL {
  const attempt = sql`jsonb_build_object('attempt', attempts, 'at', to_jsonb(now()), 'reason', ${storableJson(reason)}::jsonb)`;
  return sql`(
    select jsonb_agg(kept.one order by kept.nth) from (
      select one, nth from jsonb_array_elements(coalesce(failed_attempts, '[]') || ${attempt}) with ordinality as all_of(one, nth)
      order by nth desc limit ${sql.raw(String(mostKept))}) as kept)`;
}
