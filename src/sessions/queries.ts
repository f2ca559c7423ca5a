import { and, desc, eq, gte, inArray, isNotNull, isNull, lte, or, type SQL, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import type { LiveChat } from '../live-chats/live-chat.ts';
import { liveChats } from '../live-chats/tables.ts';
import type { Session } from './session.ts';
import { formerSessions, sessionMessages, sessions } from './tables.ts';

/** SQL condition: the session of the conversation, by its current or a former Slack id. */
export const isOfConversation = (teamId: string, channelId: string): SQL =>
  sql`${sessions.teamId} = ${teamId} and (${sessions.channelId} = ${channelId} or ${sessions.id} = (
    select session_id from former_channels where team_id = ${teamId} and channel_id = ${channelId}))`;

/** The session of a conversation, also under an id that the conversation had before. */
export async function getSessionByChannel(db: Db, teamId: string, channelId: string): Promise<Session | undefined> {
  const [session] = await db.select().from(sessions).where(isOfConversation(teamId, channelId));
  return session;
}

/** The session with this id, or the one that it was merged into. */
export async function getSession(db: Db, id: string): Promise<Session | undefined> {
  const [session] = await db
    .select()
    .from(sessions)
    .where(
      sql`${sessions.id} = coalesce((select session_id from former_sessions where id = ${id}::uuid), ${id}::uuid)`,
    );
  return session;
}

/** The ids under which processes of the session may wait for messages: its own, and those of sessions merged into it. */
export async function listSessionIds(db: Db, sessionId: string): Promise<string[]> {
  const former = await db
    .select({ id: formerSessions.id })
    .from(formerSessions)
    .where(eq(formerSessions.sessionId, sessionId))
    .orderBy(formerSessions.id);
  return [sessionId, ...former.map(({ id }) => id)];
}

/** The session of a conversation with its live chat; undefined if it belongs to none. */
export async function getSessionWithLiveChat(
  db: Db,
  teamId: string,
  channelId: string,
): Promise<{ session: Session; liveChat: LiveChat } | undefined> {
  const [row] = await db
    .select({ session: sessions, liveChat: liveChats })
    .from(sessions)
    .innerJoin(liveChats, eq(sessions.liveChatId, liveChats.id))
    .where(isOfConversation(teamId, channelId));
  return row;
}

/** Stores a conversation's new name, kind, sharing or live chat. Returns whether the conversation has a session. */
export async function updateConversation(
  db: Db,
  teamId: string,
  channelId: string,
  values: { name: string; isPrivate: boolean; isShared: boolean; liveChatId: string | null },
): Promise<boolean> {
  const updated = await db
    .update(sessions)
    .set(values)
    .where(isOfConversation(teamId, channelId))
    .returning({ id: sessions.id });
  return updated.length > 0;
}

/** Sets the client of a session that has none yet. */
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

/** Stores the new text of an edited message. Returns whether the message is stored, with no newer text. */
export async function editMessage(
  db: Db,
  sessionId: SQL,
  ts: string,
  { text, editTs }: { text: string; editTs: string },
): Promise<boolean> {
  const { sessionId: ofSession, ts: messageTs, editedTs } = sessionMessages;
  const edited = await db
    .update(sessionMessages)
    .set({ text, editedTs: editTs })
    .where(and(eq(ofSession, sessionId), eq(messageTs, ts), or(isNull(editedTs), lte(editedTs, editTs))))
    .returning({ ts: messageTs });
  return edited.length > 0;
}

/** Deletes a message from the transcript. */
export async function deleteMessage(db: Db, sessionId: SQL, ts: string): Promise<void> {
  await db.delete(sessionMessages).where(and(eq(sessionMessages.sessionId, sessionId), eq(sessionMessages.ts, ts)));
}

/** SQL: the id of the conversation's session. */
export const sessionIdOf = (teamId: string, channelId: string): SQL =>
  sql`(select id from sessions where ${isOfConversation(teamId, channelId)})`;

/** Data by which a conversation is recognised under another id. */
export interface FormerSelf {
  /** The id that it certainly had before, if a session has that id; empty if there is none. */
  sameButForKind: string;
  /** Its current and previous names. */
  names: string[];
  /** When the conversation was created. Sessions that were opened earlier are of another conversation. */
  openedSince: Date;
}

/** Sessions that may be of the conversation, the likeliest first. A name alone is no proof. */
export async function listFormerSelves(
  db: Db,
  teamId: string,
  { sameButForKind, names, openedSince }: FormerSelf,
): Promise<{ channelId: string }[]> {
  const isSame = eq(sessions.channelId, sameButForKind);
  return db
    .select({ channelId: sessions.channelId })
    .from(sessions)
    .where(
      and(
        eq(sessions.teamId, teamId),
        or(
          isSame,
          and(
            inArray(sessions.name, names),
            gte(sessions.openedAt, openedSince),
            // Slack does not show the app a private channel that it was removed from, though the channel still exists.
            isNull(sessions.removedAt),
            // A channel that was archived or deleted is gone; one that staff closed by hand is not.
            or(isNull(sessions.closedAt), isNotNull(sessions.statusBy)),
          ),
        ),
      ),
    )
    .orderBy(desc(isSame), desc(sessions.openedAt))
    .limit(5);
}
