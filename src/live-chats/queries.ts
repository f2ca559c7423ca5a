import { and, asc, eq, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import type { LiveChat, SavedSettings } from './live-chat.ts';
import { liveChats } from './tables.ts';

/** All live chats of a workspace, by name. */
export async function listLiveChats(db: Db, teamId: string): Promise<LiveChat[]> {
  return db
    .select()
    .from(liveChats)
    .where(eq(liveChats.teamId, teamId))
    .orderBy(asc(sql`lower(${liveChats.name})`));
}

export async function getLiveChat(db: Db, teamId: string, id: string): Promise<LiveChat | undefined> {
  const [liveChat] = await db
    .select()
    .from(liveChats)
    .where(and(eq(liveChats.teamId, teamId), eq(liveChats.id, id)));
  return liveChat;
}

/** Inserts a live chat, and makes the adoption of matching channels due. Returns undefined if the name is taken. */
export async function insertLiveChat(db: Db, teamId: string, settings: SavedSettings): Promise<LiveChat | undefined> {
  const [liveChat] = await db
    .insert(liveChats)
    .values({ teamId, ...settings, adoptionDueAt: sql`now()` })
    .onConflictDoNothing()
    .returning();
  return liveChat;
}

/** Updates a live chat. Returns undefined if it does not exist. Throws if the name is taken ({@link isNameTaken}). */
export async function updateLiveChat(
  db: Db,
  teamId: string,
  id: string,
  settings: SavedSettings,
): Promise<LiveChat | undefined> {
  const [liveChat] = await db
    .update(liveChats)
    .set({
      ...settings,
      adoptionTotal: null,
      adoptionDone: 0,
      adoptionDueAt: sql`now()`,
      adoptionAttempts: 0,
      adoptionUnfinished: 0,
      savedAt: sql`now()`,
    })
    .where(and(eq(liveChats.teamId, teamId), eq(liveChats.id, id)))
    .returning();
  return liveChat;
}

/** Deletes a live chat. Its sessions and starts are kept, without a live chat. */
export async function deleteLiveChat(db: Db, teamId: string, id: string): Promise<void> {
  await db.delete(liveChats).where(and(eq(liveChats.teamId, teamId), eq(liveChats.id, id)));
}

/** Whether the error is a violation of the unique name of live chats. */
export function isNameTaken(error: unknown): boolean {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    // 23505: unique_violation (PostgreSQL, appendix A).
    if ('code' in cause && cause.code === '23505') return true;
  }
  return false;
}
