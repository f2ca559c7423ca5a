import { and, eq, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { byAge, matchConversation } from '../live-chats/match-conversation.ts';
import { listLiveChats } from '../live-chats/queries.ts';
import { sessions } from './tables.ts';

/**
 * Moves every session of the workspace to the live chat that it belongs to after live chats changed, or to none. Returns how
 * many moved. Does not call Slack.
 */
export async function reassignSessions(db: Db, teamId: string): Promise<number> {
  const liveChats = byAge(await listLiveChats(db, teamId));
  const known = await db
    .select({
      id: sessions.id,
      channelId: sessions.channelId,
      name: sessions.name,
      isShared: sessions.isShared,
      liveChatId: sessions.liveChatId,
    })
    .from(sessions)
    .where(eq(sessions.teamId, teamId));
  let moved = 0;
  for (const { id, liveChatId, ...conversation } of known) {
    const belongsTo = matchConversation(conversation, liveChats)?.id ?? null;
    if (belongsTo === liveChatId) continue;
    const updated = await db
      .update(sessions)
      .set({ liveChatId: belongsTo })
      // Skips a session that an event has moved in the meantime.
      .where(and(eq(sessions.id, id), sql`${sessions.liveChatId} is not distinct from ${liveChatId}`))
      .returning({ id: sessions.id });
    moved += updated.length;
  }
  return moved;
}
