import { and, eq, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { activityDue } from './activity-due.ts';
import { starts } from './tables.ts';

/**
 * Cancels a start that waits. A worker that is at it may start its process all the same, which is ended when the engine
 * tells of it (see task-form/notify-tasks.ts). Signal `activity_due`. False: it does not wait (any more).
 */
export async function cancelWaitingStart(db: Db, teamId: string, id: string): Promise<boolean> {
  const cancelled = await db
    .update(starts)
    .set({ status: 'cancelled', dueAt: null, reason: null, activityDueAt: activityDue, updatedAt: sql`now()` })
    .where(and(eq(starts.teamId, teamId), eq(starts.id, id), eq(starts.status, 'waiting')))
    .returning({ id: starts.id });
  return cancelled.length > 0;
}
