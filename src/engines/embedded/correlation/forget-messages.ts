import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '../../../db/client.ts';
import { instant } from '../instances/sql-values.ts';

/** How many at once: they may be many after a quiet time. */
const batchSize = 1000;

/** Of a message `m`: its time to live is over, and all have had it that waited for it before. */
export function isSpent(now: Date): SQL {
  return sql`m.expires_at <= ${instant(now)} and m.starts_due_at is null and not exists (
    select from engine_subscriptions s
    where s.kind = 'message' and s.name = m.name and s.correlation_key = m.correlation_key and s.since < m.key
      and s.due_at is not null)`;
}

export async function forgetMessages(db: Db, now: Date): Promise<void> {
  await db.execute(sql`delete from engine_messages where key in (
    select m.key from engine_messages m where ${isSpent(now)} order by m.expires_at limit ${batchSize}::int)`);
}
