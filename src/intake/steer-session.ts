import { and, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm';
import type { Database, Db } from '../db/client.ts';
import { sessions } from '../sessions/tables.ts';
import { activityDue } from '../starts/activity-due.ts';
import { starts } from '../starts/tables.ts';
import { deleteTimers } from './waits/session-timers.ts';

/** A change that a person makes to a session by hand. The caller has checked their rights. */
export interface Steering {
  sessionId: string;
  /** Slack id of the person. */
  by: string;
}

/**
 * Marks a session as spam: it starts nothing, and waiting starts are held until the mark is removed. Running processes go on.
 */
export async function markSpam({ db, signal }: Pick<Database, 'db' | 'signal'>, { sessionId, by }: Steering) {
  await db.transaction(async (tx) => {
    await tx.update(sessions).set({ status: 'spam', statusBy: by }).where(eq(sessions.id, sessionId));
    await deleteTimers(tx, sessionId);
    await holdWaitingStarts(tx, sessionId);
  });
  signal('activity_due');
}

/** Holds the waiting starts of a session that is marked as spam; then signal `activity_due`. */
export async function holdWaitingStarts(tx: Db, sessionId: string): Promise<void> {
  await tx
    .update(starts)
    .set({ isHeld: true, activityDueAt: activityDue })
    .where(and(eq(starts.sessionId, sessionId), eq(starts.status, 'waiting')));
}

/** Removes the spam mark and releases held starts. Messages from the meantime start nothing. */
export async function unmarkSpam({ db, signal }: Pick<Database, 'db' | 'signal'>, { sessionId, by }: Steering) {
  await db.transaction(async (tx) => {
    await tx
      .update(sessions)
      .set({ status: sql`case when ${sessions.closedAt} is null then 'open' else 'closed' end`, statusBy: by })
      .where(and(eq(sessions.id, sessionId), eq(sessions.status, 'spam')));
    await tx
      .update(starts)
      .set({ isHeld: false, activityDueAt: activityDue })
      .where(and(eq(starts.sessionId, sessionId), eq(starts.isHeld, true)));
  });
  signal('starts_due');
  signal('activity_due');
}

/**
 * Sets the client of a session; later messages do not change it. Automatic starts that have not run use the new client as well,
 * since a wrong client may be why they failed.
 */
export async function correctClient(db: Db, { sessionId, by }: Steering, clientUserId: string): Promise<void> {
  await db.transaction(async (tx) => {
    await tx
      .update(sessions)
      .set({ clientUserId, clientOrigin: 'chosen', clientChosenBy: by })
      .where(eq(sessions.id, sessionId));
    await tx
      .update(starts)
      .set({
        facts: sql`jsonb_set(${starts.facts}, '{clientUserId}', to_jsonb(${clientUserId}::text))`,
        activityDueAt: activityDue,
      })
      .where(
        and(
          eq(starts.sessionId, sessionId),
          inArray(starts.status, ['waiting', 'failed']),
          isNull(starts.processInstanceKey),
          isNotNull(starts.event),
        ),
      );
  });
}

/** Sets the staff's name for the session; blank restores the channel's name. */
export async function nameSession(db: Db, sessionId: string, name: string): Promise<void> {
  await db
    .update(sessions)
    .set({ givenName: name.trim() || null })
    .where(eq(sessions.id, sessionId));
}
