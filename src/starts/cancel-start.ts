import { and, eq, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { activityDue } from './activity-due.ts';
import { starts } from './tables.ts';

/**
 * Cancels a waiting start. A worker may be starting its process at this moment; that instance is ended when the engine reports
 * it (see task-form/notify-tasks.ts). Then signal `activity_due`. Returns false if the start is not waiting (any more).
 */
export async function cancelWaitingStart(db: Db, teamId: string, id: string): Promise<boolean> {
  const cancelled = await db
    .update(starts)
    .set({ status: 'cancelled', dueAt: null, reason: null, activityDueAt: activityDue, updatedAt: sql`now()` })
    .where(and(eq(starts.teamId, teamId), eq(starts.id, id), eq(starts.status, 'waiting')))
    .returning({ id: starts.id });
  return cancelled.length > 0;
}
