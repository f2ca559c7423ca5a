import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { sessionEvents } from './tables.ts';

/** Inserts the fact if it is new. Returns false for a repeated delivery, and counts it. */
export async function keepFact(
  tx: Db,
  fact: Pick<
    typeof sessionEvents.$inferInsert,
    'sessionId' | 'kind' | 'slackTs' | 'at' | 'author' | 'sessionStatus'
  > & {
    isBound?: SQL;
  },
): Promise<boolean> {
  const { sessionId, kind, slackTs } = sessionEvents;
  const [kept] = await tx
    .insert(sessionEvents)
    .values(fact)
    .onConflictDoUpdate({
      target: [sessionId, kind, slackTs],
      set: { deliveries: sql`${sessionEvents.deliveries} + 1`, redeliveredAt: sql`now()` },
    })
    .returning({ deliveries: sessionEvents.deliveries });
  return kept?.deliveries === 1;
}
