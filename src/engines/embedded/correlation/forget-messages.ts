import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '../../../db/client.ts';
import { instant } from '../instances/sql-values.ts';

/** Maximum number of messages per statement: there may be many after a quiet time. */
const batchSize = 1000;

/** SQL condition on a message `m`: its time to live is over, and everything that waited for it before has received it. */
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
