import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Database, Db } from '../db/client.ts';
import type { LiveChat } from '../live-chats/live-chat.ts';
import { joinDue, joinDueIfSetAside } from '../sessions/join-queue.ts';
import type { People } from '../sessions/people.ts';
import { instantOf } from '../sessions/properties.ts';
import { isOfConversation } from '../sessions/queries.ts';
import { present, presentAgain } from '../sessions/removals.ts';
import type { Session } from '../sessions/session.ts';
import { sessionMessages, sessions } from '../sessions/tables.ts';
import { forgetOldMessages, transcriptLength } from '../sessions/transcript.ts';
import { changeMessage, withoutEdit } from './change-message.ts';
import { countClosings } from './closings.ts';
import type { Fact } from './fact.ts';
import { keepFact } from './keep-fact.ts';
import { withPeople } from './known-people.ts';
import { newReaction } from './record-reaction.ts';
import type { SessionConversation, SessionEvent } from './session-event.ts';
import { type Surroundings, startBoundProcesses } from './start-bound-processes.ts';
import { sessionEvents } from './tables.ts';
import { tellProcesses } from './tell-processes.ts';
import { followWaits } from './waits/follow-waits.ts';
import { deleteTimers } from './waits/session-timers.ts';

/** Dependencies of recording: the database, and a directory to load people from before a transaction. */
export type IntakeDependencies = Pick<Database, 'db' | 'signal'> & {
  people: Pick<People, 'person'>;
  workspaceUrl: string;
};

/**
 * Records an event of a conversation in one transaction: opens the session if it is not known, inserts the fact under its
 * natural key, and inserts the starts that the live chat's bindings ask for. Idempotent: an event can be delivered any number
 * of times and by any replica.
 */
export async function recordEvent(
  { db, signal, people, workspaceUrl }: IntakeDependencies,
  liveChat: LiveChat,
  conversation: SessionConversation,
  event: SessionEvent,
): Promise<void> {
  const { facts, isTold, mayStart, isBack } = await withPeople(people, (known) =>
    db.transaction((tx) => recordIn(tx, { liveChat, at: event.at, people: known, workspaceUrl }, conversation, event)),
  );
  if (isTold) signal('conversations_due');
  if (mayStart) signal('starts_due');
  const mayOpen = event.kind !== 'message' && event.kind !== 'edited' && event.kind !== 'reaction';
  if (mayOpen || isBack || facts.some((fact) => fact.event === 'session_created')) signal('joins_due');
}

async function recordIn(
  tx: Db,
  surroundings: Omit<Surroundings, 'session'>,
  conversation: SessionConversation,
  event: SessionEvent,
): Promise<{ facts: Fact[]; isTold: boolean; mayStart: boolean; isBack: boolean }> {
  const { liveChat } = surroundings;
  const facts: Fact[] = [];
  let mayStart = false;
  let isBack = false;
  let session = await lockSession(tx, conversation);
  if (!session) {
    session = await openSession(tx, liveChat, conversation, event);
    // The first event of any kind opens the session, but finding an old conversation starts nothing.
    if (event.kind !== 'adopted' && event.kind !== 'reopened') {
      await keepFact(tx, { sessionId: session.id, ...creation, at: session.openedAt });
      facts.push({ event: 'session_created', key: '', message: null, keptAs: creation });
    }
  } else if (session.liveChatId !== liveChat.id) {
    session = await updateSession(tx, session.id, { liveChatId: liveChat.id });
  }
  if (event.kind === 'message') {
    // Slack delivers messages to members only, so the app was added again.
    isBack = session.removedAt !== null && event.at > session.removedAt;
    if (isBack) session = await updateSession(tx, session.id, presentAgain);
    const change = await recordMessage(tx, session, event);
    session = change.session;
    facts.push(...change.facts);
    if (change.saidBy && session.status !== 'spam') {
      const said = { by: change.saidBy, at: event.at, ts: event.message.ts };
      mayStart = await followWaits(tx, { ...surroundings, session }, said);
    }
  } else if (event.kind === 'edited') {
    const earlyEdits = await changeMessage(tx, session, event.messageTs, event.edit);
    if (earlyEdits !== session.earlyEdits) session = await updateSession(tx, session.id, { earlyEdits });
  } else if (event.kind === 'reaction') {
    facts.push(...(await newReaction(tx, session, event)));
  } else if (event.kind === 'closed' || event.kind === 'reopened') {
    const change = await recordStatusChange(tx, session, event);
    session = change.session;
    facts.push(...change.facts);
    if (session.status === 'closed') await deleteTimers(tx, session.id);
  } else if (event.kind === 'created' && (event.joinedAt || (event.clientUserId && !session.clientUserId))) {
    session = await updateSession(tx, session.id, {
      ...(event.joinedAt ? joinedUpdate(session, event.joinedAt) : {}),
      ...(event.clientUserId && !session.clientUserId
        ? { clientUserId: event.clientUserId, clientOrigin: 'joined' }
        : {}),
    });
  }
  if (facts.length === 0 || session.status === 'spam') return { facts, isTold: false, mayStart, isBack };
  await startBoundProcesses(tx, { ...surroundings, session }, facts);
  return { facts, isTold: await tellProcesses(tx, session, facts, event.at), mayStart: true, isBack };
}

/** The key under which the creation of a session is recorded. */
const creation = { kind: 'created', slackTs: '' } as const;

/** The app was added to the conversation. */
function joinedUpdate({ removedAt }: Session, joinedAt: Date): SessionUpdate {
  if (removedAt && joinedAt < removedAt) return {};
  return removedAt ? { ...presentAgain, joinedAt } : { ...present, joinedAt, joinDueAt: joinDueIfSetAside };
}

const latest = (one: Date, other: Date) => (one > other ? one : other);

/** Locks the session's row until the transaction ends, so that its events are recorded one after another. */
async function lockSession(tx: Db, { teamId, channelId }: SessionConversation): Promise<Session | undefined> {
  const [session] = await tx.select().from(sessions).where(isOfConversation(teamId, channelId)).for('no key update');
  return session;
}

async function openSession(
  tx: Db,
  liveChat: LiveChat,
  conversation: SessionConversation,
  event: SessionEvent,
): Promise<Session> {
  const { teamId, channelId, name, isPrivate, isShared, mustJoin } = conversation;
  const [inserted] = await tx
    .insert(sessions)
    .values({
      teamId,
      channelId,
      name,
      isPrivate,
      isShared,
      liveChatId: liveChat.id,
      status: 'open',
      isMember: !mustJoin && event.kind !== 'closed' && event.kind !== 'reopened',
      openedAt: event.at,
      joinDueAt: mustJoin || event.kind === 'adopted' ? sql`now()` : null,
      // Messages older than the live chat start nothing.
      unheardSince: mustJoin && event.kind !== 'adopted' ? latest(event.at, liveChat.savedAt) : null,
    })
    .onConflictDoNothing()
    .returning();
  if (inserted) return inserted;
  // Another replica opened the session since we looked; its commit released us.
  const session = await lockSession(tx, conversation);
  if (!session) throw new Error(`session of ${channelId} was neither opened nor found`);
  return session;
}

type Change = {
  session: Session;
  facts: Fact[];
  /** Whether the author of a new message is a client or staff; absent for anybody else. */
  saidBy?: 'client' | 'staff';
};

async function recordMessage(
  tx: Db,
  session: Session,
  { author, authorName, message, at }: Extract<SessionEvent, { kind: 'message' }>,
): Promise<Change> {
  const { ts, threadTs, userId, text, files } = message;
  const isBound = sql`exists (
    select from bindings where live_chat_id = ${session.liveChatId} and event in ('client_first_message', 'message_received') and is_on)`;
  const fact = { sessionId: session.id, kind: 'message' as const, slackTs: ts, at, author, isBound };
  if (!(await keepFact(tx, { ...fact, sessionStatus: session.status }))) return { session, facts: [] };
  const edit = session.earlyEdits?.[ts];
  if (edit) await updateSession(tx, session.id, { earlyEdits: withoutEdit(session.earlyEdits, ts) });
  if (edit?.text !== null) {
    await tx
      .insert(sessionMessages)
      .values({
        sessionId: session.id,
        ts,
        userId,
        authorName: authorName ?? null,
        text: edit?.text ?? text,
        threadTs: threadTs ?? null,
        files: files.length > 0 ? files : null,
        editedTs: edit?.editTs ?? null,
      })
      .onConflictDoNothing();
  }
  // Messages of apps are not counted.
  if (userId === null || session.messageCount % transcriptLength === 0) await forgetOldMessages(tx, session.id);
  if (userId === null) return { session, facts: [] };
  if (author === 'client' && session.closedAt && at >= session.closedAt) {
    // The session was closed by hand, or nobody could have written: a client who writes reopens it.
    await recordStatusChange(tx, session, { kind: 'reopened', at, slackTs: ts, by: userId });
  }
  const updated = await updateSession(tx, session.id, {
    messageCount: sql`${sessions.messageCount} + 1`,
    ...(author === 'client' && !session.clientUserId ? { clientUserId: userId, clientOrigin: 'message' } : {}),
    ...(author === 'client' ? { lastClientMessageAt: sql`greatest(last_client_message_at, ${at.toISOString()})` } : {}),
    ...(author === 'staff'
      ? { operatorUserId: userId, lastAnsweredAt: sql`greatest(last_answered_at, ${at.toISOString()})` }
      : {}),
  });
  if (author !== 'client') return { session: updated, facts: [], ...(author === 'staff' ? { saidBy: author } : {}) };
  const isFirst = session.lastClientMessageAt === null;
  const keptAs = { kind: 'message', slackTs: ts } as const;
  const heard = { key: ts, message: { ...message, userId }, isFirst, keptAs };
  return {
    session: updated,
    saidBy: author,
    facts: [
      ...(isFirst ? [{ event: 'client_first_message' as const, ...heard }] : []),
      { event: 'message_received', ...heard },
    ],
  };
}

async function recordStatusChange(
  tx: Db,
  session: Session,
  { kind, slackTs, at, by }: Extract<SessionEvent, { kind: 'closed' | 'reopened' }>,
): Promise<Change> {
  const kept = { sessionId: session.id, kind, slackTs, at, sessionStatus: session.status };
  if (!(await keepFact(tx, kept))) return { session, facts: [] };
  const changes = await tx
    .select({ kind: sessionEvents.kind, slackTs: sessionEvents.slackTs })
    .from(sessionEvents)
    .where(and(eq(sessionEvents.sessionId, session.id), inArray(sessionEvents.kind, ['closed', 'reopened'])));
  const { closings, closedTs } = countClosings(
    changes.flatMap(({ kind, slackTs }) => (kind === 'closed' || kind === 'reopened' ? [{ kind, slackTs }] : [])),
  );
  const updated = await updateSession(tx, session.id, {
    closings: Math.max(closings, session.closings),
    closedAt: closedTs === undefined ? null : instantOf(closedTs),
    ...(session.status === 'spam' ? {} : { status: closedTs === undefined ? 'open' : 'closed', statusBy: by ?? null }),
    // Archiving removes the app from the channel; unarchiving does not bring it back.
    ...(by === undefined ? joiningAfter(session, closedTs === undefined, at) : {}),
  });
  if (closings <= session.closings) return { session: updated, facts: [] };
  // Keyed by number: events that arrive later can change which one counts as the closing.
  const keptAs = { kind, slackTs };
  return { session: updated, facts: [{ event: 'session_closed', key: String(closings), message: null, keptAs }] };
}

function joiningAfter({ isPrivate, removedAt }: Session, isOpen: boolean, at: Date): SessionUpdate {
  if (!isOpen || isPrivate || removedAt) return { isMember: false, joinDueAt: null };
  return {
    isMember: false,
    joinDueAt: joinDue,
    unheardSince: sql`coalesce(unheard_since, ${at.toISOString()}::timestamptz)`,
  };
}

type SessionUpdate = Parameters<ReturnType<Db['update']>['set']>[0];

async function updateSession(tx: Db, sessionId: string, values: SessionUpdate): Promise<Session> {
  const [session] = await tx.update(sessions).set(values).where(eq(sessions.id, sessionId)).returning();
  if (!session) throw new Error(`session ${sessionId} is gone`);
  return session;
}
