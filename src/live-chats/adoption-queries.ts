import { and, eq, isNull, ne, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { type Claimed, dueQueue } from '../db/due-queue.ts';
import { liveChats, sessions } from '../db/schema.ts';

/** A live chat whose channels are to be adopted. */
export interface Adoption {
  id: string;
}

export type ClaimedAdoption = Claimed<Adoption>;

/** The adoptions of the workspace `teamId`. Saving the live chat makes one due, also if it is under way or was set aside. */
export const adoptionQueue = dueQueue<Adoption>({
  table: 'live_chats',
  key: ['id'],
  prefix: 'adoption_',
  columns: sql`id`,
  condition: sql`team_id = ${sql.placeholder('teamId')}`,
  finished: 'clear',
});

/** Says how far an adoption is. */
export async function setAdoptionProgress(
  db: Db,
  adoption: ClaimedAdoption,
  { total, done }: { total: number; done: number },
): Promise<void> {
  await db
    .update(liveChats)
    .set({ adoptionTotal: total, adoptionDone: done })
    .where(and(eq(liveChats.id, adoption.id), adoptionQueue.isHeld(adoption)));
}

export type KnownConversation = Pick<
  typeof sessions.$inferSelect,
  | 'id'
  | 'channelId'
  | 'name'
  | 'isPrivate'
  | 'isShared'
  | 'liveChatId'
  | 'status'
  | 'isMember'
  | 'removedAt'
  | 'joinDueAt'
>;

/** The conversations of the workspace that have a session. */
export async function listKnownConversations(db: Db, teamId: string): Promise<KnownConversation[]> {
  return db
    .select({
      id: sessions.id,
      channelId: sessions.channelId,
      name: sessions.name,
      isPrivate: sessions.isPrivate,
      isShared: sessions.isShared,
      liveChatId: sessions.liveChatId,
      status: sessions.status,
      isMember: sessions.isMember,
      removedAt: sessions.removedAt,
      joinDueAt: sessions.joinDueAt,
    })
    .from(sessions)
    .where(eq(sessions.teamId, teamId));
}

/** The app is to join the channel of an open session, in which it is not, and from which nobody has removed it. */
export async function queueJoin(db: Db, teamId: string, channelId: string): Promise<void> {
  await db
    .update(sessions)
    .set({ joinDueAt: sql`now()` })
    .where(
      and(
        eq(sessions.teamId, teamId),
        eq(sessions.channelId, channelId),
        ne(sessions.status, 'closed'),
        isNull(sessions.joinDueAt),
        isNull(sessions.removedAt),
      ),
    );
}
