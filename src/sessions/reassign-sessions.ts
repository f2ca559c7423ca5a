import { and, eq, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { byAge, matchConversation } from '../live-chats/match-conversation.ts';
import { listLiveChats } from '../live-chats/queries.ts';
import { sessions } from './tables.ts';

/**
 * Puts every session of the workspace into the live chat that it belongs to now that live chats have changed, or into
 * none. Returns how many moved. Needs no Slack: a session knows what decides.
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
      // An event that came in between knows better.
      .where(and(eq(sessions.id, id), sql`${sessions.liveChatId} is not distinct from ${liveChatId}`))
      .returning({ id: sessions.id });
    moved += updated.length;
  }
  return moved;
}
