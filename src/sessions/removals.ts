import { and, eq, isNotNull, isNull, lte, or, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { dueQueue } from '../db/due-queue.ts';
import { joinDue } from './join-queue.ts';
import { sessions } from './tables.ts';

/** A session whose activity channel is to be told that the app was removed from the conversation. */
export interface DueRemoval {
  id: string;
  teamId: string;
  liveChatId: string | null;
  channelId: string;
  name: string;
  /** Milliseconds since 1970; null if the app is back. */
  removedAt: number | null;
  removedBy: string | null;
}

export const removalQueue = dueQueue<DueRemoval>({
  table: 'sessions',
  key: ['id'],
  prefix: 'removal_',
  columns: sql`id, team_id as "teamId", live_chat_id as "liveChatId", channel_id as "channelId",
    coalesce(given_name, name) as name, (extract(epoch from removed_at) * 1000)::float8 as "removedAt",
    removed_by as "removedBy"`,
  finished: 'clear',
});

/** New column values of a session when the app is in its conversation (again). */
export const present = { isMember: true, removedAt: null, removedBy: null };

/**
 * The same when the app had been removed: messages from that time are read, for the transcript only. Then signal `joins_due`.
 */
export const presentAgain = { ...present, joinDueAt: joinDue };

/**
 * Records that somebody removed the app from the session's conversation; it does not join again by itself. Returns false if
 * that is already recorded, the app was added again since, or the conversation was archived, which removes the app as well.
 */
export async function markRemoved(
  db: Db,
  sessionId: string,
  { at, by }: { at: Date; by: string | null },
): Promise<boolean> {
  const marked = await db
    .update(sessions)
    .set({
      isMember: false,
      removedAt: at,
      removedBy: by,
      removalDueAt: sql`now()`,
      joinDueAt: null,
      unheardSince: null,
    })
    .where(
      and(
        eq(sessions.id, sessionId),
        isNull(sessions.removedAt),
        or(isNull(sessions.joinedAt), lte(sessions.joinedAt, at)),
        or(isNull(sessions.closedAt), isNotNull(sessions.statusBy)),
      ),
    )
    .returning({ id: sessions.id });
  return marked.length > 0;
}

/** Whether it is recorded that somebody removed the app. */
export async function isRemoved(db: Db, sessionId: string): Promise<boolean> {
  return (await db.$count(sessions, and(eq(sessions.id, sessionId), isNotNull(sessions.removedAt)))) > 0;
}

/** Lets the app join a public channel again, on request of somebody with the right to. Then signal `joins_due`. */
export async function endRemoval(db: Db, sessionId: string): Promise<void> {
  await db
    .update(sessions)
    .set({ removedAt: null, removedBy: null, joinDueAt: sql`now()` })
    .where(and(eq(sessions.id, sessionId), isNotNull(sessions.removedAt), eq(sessions.isPrivate, false)));
}

/**
 * Records that the app is in the conversation, though no event reported it in time. Messages from the time without it are read.
 * A removal later than `asOf`, when the app was seen there, stays. Then signal `joins_due`.
 */
export async function markPresent(db: Db, sessionId: string, asOf: Date): Promise<void> {
  await db
    .update(sessions)
    .set(presentAgain)
    .where(and(eq(sessions.id, sessionId), or(isNull(sessions.removedAt), lte(sessions.removedAt, asOf))));
}
