import { and, eq, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { liveChats, sessionMessages, sessions } from '../db/schema.ts';
import type { LiveChat } from '../live-chats/live-chat.ts';
import type { Session } from './session.ts';
import type { TranscriptMessage } from './session-facts.ts';

export async function getSessionByChannel(db: Db, teamId: string, channelId: string): Promise<Session | undefined> {
  const [session] = await db
    .select()
    .from(sessions)
    .where(and(eq(sessions.teamId, teamId), eq(sessions.channelId, channelId)));
  return session;
}

export async function getSession(db: Db, id: string): Promise<Session | undefined> {
  const [session] = await db.select().from(sessions).where(eq(sessions.id, id));
  return session;
}

/** The session of a conversation and the live chat it belongs to; undefined if it belongs to none. */
export async function getSessionWithLiveChat(
  db: Db,
  teamId: string,
  channelId: string,
): Promise<{ session: Session; liveChat: LiveChat } | undefined> {
  const [row] = await db
    .select({ session: sessions, liveChat: liveChats })
    .from(sessions)
    .innerJoin(liveChats, eq(sessions.liveChatId, liveChats.id))
    .where(and(eq(sessions.teamId, teamId), eq(sessions.channelId, channelId)));
  return row;
}

/** A known conversation got another name, sharing or live chat. Returns whether it is known at all. */
export async function updateConversation(
  db: Db,
  teamId: string,
  channelId: string,
  values: { name: string; isShared: boolean; liveChatId: string | null },
): Promise<boolean> {
  const updated = await db
    .update(sessions)
    .set(values)
    .where(and(eq(sessions.teamId, teamId), eq(sessions.channelId, channelId)))
    .returning({ id: sessions.id });
  return updated.length > 0;
}

/** Slack gave the conversation another id (it became shared, or moved). */
export async function changeChannelId(db: Db, teamId: string, oldId: string, newId: string): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.execute(
      sql`update sessions set channel_id = ${newId} where team_id = ${teamId} and channel_id = ${oldId}
          and not exists (select from sessions where team_id = ${teamId} and channel_id = ${newId})`,
    );
    // Where we heard from the new one first, it has a session already, and the old one has no conversation any more.
    await tx.execute(sql`update sessions set live_chat_id = null where team_id = ${teamId} and channel_id = ${oldId}`);
    await tx.execute(
      sql`update live_chats set channels = array_replace(channels, ${oldId}, ${newId}),
            activity_channel = case when activity_channel = ${oldId} then ${newId} else activity_channel end
          where team_id = ${teamId}`,
    );
    await tx.execute(
      sql`update starts set activity_channel = ${newId} where team_id = ${teamId} and activity_channel = ${oldId}`,
    );
  });
}

/** The person served, where nobody is known yet. */
export async function setClientIfUnknown(
  db: Db,
  sessionId: string,
  userId: string,
  clientOrigin: 'joined' | 'member',
): Promise<void> {
  await db
    .update(sessions)
    .set({ clientUserId: userId, clientOrigin })
    .where(and(eq(sessions.id, sessionId), sql`client_user_id is null`));
}

/** A message of the transcript was edited, or deleted (`text` null). */
export async function changeMessage(
  db: Db,
  teamId: string,
  channelId: string,
  ts: string,
  text: string | null,
): Promise<void> {
  const session = db
    .select({ id: sessions.id })
    .from(sessions)
    .where(and(eq(sessions.teamId, teamId), eq(sessions.channelId, channelId)));
  const where = and(eq(sessionMessages.sessionId, sql`(${session})`), eq(sessionMessages.ts, ts));
  if (text === null) await db.delete(sessionMessages).where(where);
  else await db.update(sessionMessages).set({ text }).where(where);
}

/** What was said in the conversation before the app was in it, for the transcript. */
export async function keepEarlierMessages(db: Db, sessionId: string, messages: TranscriptMessage[]): Promise<void> {
  if (messages.length === 0) return;
  await db.transaction(async (tx) => {
    // The session first, as whoever records its events does, or the two could wait for each other.
    await tx.select({ id: sessions.id }).from(sessions).where(eq(sessions.id, sessionId)).for('no key update');
    await tx
      .insert(sessionMessages)
      .values(messages.map((message) => ({ sessionId, ...message })))
      .onConflictDoNothing();
  });
}
