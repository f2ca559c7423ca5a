import { and, eq } from 'drizzle-orm';
import type { Db } from '../../db/client.ts';
import type { LiveChat } from '../../live-chats/live-chat.ts';
import { liveChats } from '../../live-chats/tables.ts';
import type { Session } from '../../sessions/session.ts';
import { sessions } from '../../sessions/tables.ts';

/** Locks an open session and reads its live chat; undefined if it is not open or belongs to none. */
export async function getWaitingSession(
  tx: Db,
  sessionId: string,
): Promise<{ session: Session; liveChat: LiveChat } | undefined> {
  const [row] = await tx
    .select({ session: sessions, liveChat: liveChats })
    .from(sessions)
    .innerJoin(liveChats, eq(sessions.liveChatId, liveChats.id))
    .where(and(eq(sessions.id, sessionId), eq(sessions.status, 'open')))
    .for('no key update', { of: sessions });
  return row;
}
