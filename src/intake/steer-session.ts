import { and, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm';
import type { Database, Db } from '../db/client.ts';
import { sessions } from '../sessions/tables.ts';
import { activityDue } from '../starts/activity-due.ts';
import { starts } from '../starts/tables.ts';
import { deleteTimers } from './waits/session-timers.ts';

/** Changes of a session that a person makes by hand. The caller has checked that they may. */
export interface Steering {
  sessionId: string;
  /** Slack id of the person. */
  by: string;
}

/**
 * Marks a session as spam: nothing starts from it any more, and what waits to be started is held, to go on if the mark is
 * taken back. What runs already goes on.
 */
export async function markSpam({ db, signal }: Pick<Database, 'db' | 'signal'>, { sessionId, by }: Steering) {
  await db.transaction(async (tx) => {
    await tx.update(sessions).set({ status: 'spam', statusBy: by }).where(eq(sessions.id, sessionId));
    await deleteTimers(tx, sessionId);
    await tx
      .update(starts)
      .set({ isHeld: true, activityDueAt: activityDue })
      .where(and(eq(starts.sessionId, sessionId), eq(starts.status, 'waiting')));
  });
  signal('activity_due');
}

/** Takes the mark back: the session is what it was, and what was held goes on. What was said meanwhile starts nothing. */
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
 * Somebody else is served in the session, from now on whoever writes. Automatic starts that have not run are for them too:
 * a wrong client may be why they failed.
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

/** The staff's name for the session; blank: the channel's name. */
export async function nameSession(db: Db, sessionId: string, name: string): Promise<void> {
  await db
    .update(sessions)
    .set({ givenName: name.trim() || null })
    .where(eq(sessions.id, sessionId));
}
