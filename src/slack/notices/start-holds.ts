import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import type { Db } from '../../db/client.ts';
import { startHolds } from './tables.ts';

type StartHold = typeof startHolds.$inferSelect;

/** Records that a person waits for the start's next task in a modal, so that no message about it is sent for now. */
export async function waitInModal(db: Db, startId: string, userId: string, viewId: string): Promise<void> {
  await db
    .insert(startHolds)
    .values({ startId, userId, viewId })
    .onConflictDoUpdate({
      target: [startHolds.startId, startHolds.userId],
      set: { since: sql`now()` },
      setWhere: eq(startHolds.viewId, viewId),
    });
}

/** Modals in which people wait for the start's next task, by user id. */
export async function modalsWaiting(db: Db, startId: string): Promise<ReadonlyMap<string, string>> {
  const rows = await db
    .select()
    .from(startHolds)
    .where(and(eq(startHolds.startId, startId), isNotNull(startHolds.viewId)));
  return new Map(rows.flatMap(({ userId, viewId }) => (viewId === null ? [] : [[userId, viewId] as const])));
}

/** Deletes the hold after the person was notified of the tasks. */
export async function dropStartHold(db: Db, { startId, userId }: Pick<StartHold, 'startId' | 'userId'>): Promise<void> {
  await db
    .delete(startHolds)
    .where(and(eq(startHolds.startId, startId), eq(startHolds.userId, userId), isNull(startHolds.viewId)));
}
