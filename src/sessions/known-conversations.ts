import { eq } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { sessions } from './tables.ts';

export type KnownConversation = Pick<
  typeof sessions.$inferSelect,
  | 'id'
  | 'channelId'
  | 'name'
  | 'isPrivate'
  | 'isShared'
  | 'liveChatId'
  | 'status'
  | 'statusBy'
  | 'closedAt'
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
      statusBy: sessions.statusBy,
      closedAt: sessions.closedAt,
      isMember: sessions.isMember,
      removedAt: sessions.removedAt,
      joinDueAt: sessions.joinDueAt,
    })
    .from(sessions)
    .where(eq(sessions.teamId, teamId));
}
