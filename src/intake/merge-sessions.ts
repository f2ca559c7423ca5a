import { and, eq, inArray, sql } from 'drizzle-orm';
import type { PgUpdateSetSource } from 'drizzle-orm/pg-core';
import type { Db } from '../db/client.ts';
import { selectRows } from '../db/query.ts';
import { instantOf } from '../sessions/properties.ts';
import type { Session } from '../sessions/session.ts';
import { type EarlyEdits, formerChannels, formerSessions, sessions } from '../sessions/tables.ts';
import { activityDue } from '../starts/activity-due.ts';
import { starts } from '../starts/tables.ts';
import { message } from '../words/message.ts';
import { changeMessage } from './change-message.ts';
import { countClosings } from './closings.ts';
import { type Author, isPersons } from './session-event.ts';
import { holdWaitingStarts } from './steer-session.ts';
import { sessionEvents, sessionTimers } from './tables.ts';
import { isHeardIn, messageReceived } from './tell-processes.ts';

/**
 * Merges two sessions of the same conversation: `kept` gets everything of `duplicate`, which is deleted. Starts that the
 * duplicate made because it took the conversation for a new one are cancelled unless they have begun. The caller holds locks on
 * both rows.
 *
 * @returns whether there are events to publish to processes
 */
export async function mergeSessions(tx: Db, kept: Session, duplicate: Session): Promise<boolean> {
  // Processes of a session that is marked as spam do not receive messages, not even those still to be published.
  const isTold = kept.status !== 'spam' && (await tellMissedMessages(tx, kept.id, duplicate.id));
  await cancelFalseStarts(tx, kept, duplicate);
  await moveStarts(tx, kept.id, duplicate.id);
  const messageCount = await moveFacts(tx, kept.id, duplicate.id);
  await moveNames(tx, kept.id, duplicate.id);
  await moveTimers(tx, kept, duplicate);
  const standing = await standingOf(tx, kept, duplicate);
  const earlyEdits = await moveEarlyEdits(tx, kept, duplicate);
  await tx.delete(sessions).where(eq(sessions.id, duplicate.id));
  await tx
    .update(sessions)
    .set({ ...knownOf(kept, duplicate), ...standing, earlyEdits, messageCount: kept.messageCount + messageCount })
    .where(eq(sessions.id, kept.id));
  if (standing.status === 'spam') await holdWaitingStarts(tx, kept.id);
  return isTold;
}

/** Publishes the client messages of the duplicate to processes of the kept session that may wait for them. */
async function tellMissedMessages(tx: Db, keptId: string, duplicateId: string): Promise<boolean> {
  const told = await selectRows(
    tx,
    sql`insert into conversation_events (session_id, kind, key, message, at, starts_processes, due_at)
      select ${keptId}::uuid, 'message', e.slack_ts,
        jsonb_strip_nulls(jsonb_build_object('ts', m.ts, 'threadTs', m.thread_ts, 'userId', m.user_id, 'text', m.text,
          'files', coalesce(m.files, '[]'::jsonb))),
        e.at, false, now()
      from session_events e join session_messages m on m.session_id = e.session_id and m.ts = e.slack_ts
      where e.session_id = ${duplicateId}::uuid and e.kind = 'message' and e.author = 'client'
        and e.session_status is distinct from 'spam' and m.user_id is not null
        and ${isHeardIn(sql`${keptId}::uuid`, messageReceived)}
        and not exists (select from session_events known
          where known.session_id = ${keptId}::uuid and known.kind = 'message' and known.slack_ts = e.slack_ts)
        and not exists (select from conversation_events pending
          where pending.session_id = e.session_id and pending.kind = 'message' and pending.key = e.slack_ts)
      order by e.at
      returning id`,
  );
  const pending = await selectRows(
    tx,
    sql`update conversation_events set session_id = ${keptId}::uuid where session_id = ${duplicateId}::uuid returning id`,
  );
  return told.length > 0 || pending.length > 0;
}

/** The key that a start of the duplicate would have in the kept session. */
const keyIn = (keptId: string, duplicateId: string) =>
  sql`replace(starts.key, ${`event:${duplicateId}:`}, ${`event:${keptId}:`})`;

const isInKept = (keptId: string, duplicateId: string) => sql`exists (select from starts same
  where same.team_id = starts.team_id and same.session_id = ${keptId}::uuid and same.key = ${keyIn(keptId, duplicateId)})`;

/** Cancels starts of *session created* and *first message* that the duplicate made by mistake. */
async function cancelFalseStarts(tx: Db, kept: Session, duplicate: Session): Promise<void> {
  const isFirstMessage = kept.lastClientMessageAt === null;
  await tx
    .update(starts)
    .set({
      status: 'cancelled',
      dueAt: null,
      reason: message('start.sameConversation'),
      activityDueAt: activityDue,
      updatedAt: sql`now()`,
    })
    .where(
      and(
        eq(starts.sessionId, duplicate.id),
        eq(starts.status, 'waiting'),
        sql`(${inArray(starts.event, ['session_created', ...(isFirstMessage ? [] : (['client_first_message'] as const))])}
          or starts.event is not null and ${isInKept(kept.id, duplicate.id)})`,
      ),
    );
}

/**
 * Moves starts under the keys they would have in the kept session, so that nothing starts twice. If both sessions made a start,
 * the duplicate's keeps its key.
 */
async function moveStarts(tx: Db, keptId: string, duplicateId: string): Promise<void> {
  await tx
    .update(starts)
    .set({
      sessionId: keptId,
      key: sql`case when ${isInKept(keptId, duplicateId)} then starts.key else ${keyIn(keptId, duplicateId)} end`,
    })
    .where(eq(starts.sessionId, duplicateId));
}

/** Returns how many messages were new to the kept session. */
async function moveFacts(tx: Db, keptId: string, duplicateId: string): Promise<number> {
  await tx.execute(sql`insert into session_messages (session_id, ts, user_id, author_name, text, thread_ts, files,
      edited_ts)
    select ${keptId}::uuid, ts, user_id, author_name, text, thread_ts, files, edited_ts from session_messages
    where session_id = ${duplicateId}::uuid on conflict do nothing`);
  const moved = await selectRows<{ kind: string; author: Author | null }>(
    tx,
    sql`update session_events set session_id = ${keptId}::uuid
      where session_id = ${duplicateId}::uuid and kind <> 'created' and not exists (select from session_events known
        where known.session_id = ${keptId}::uuid and known.kind = session_events.kind
          and known.slack_ts = session_events.slack_ts)
      returning kind, author`,
  );
  return moved.filter(({ kind, author }) => kind === 'message' && isPersons(author)).length;
}

/** Applies the early edits of each session to the messages of the other. Returns those whose message neither has. */
async function moveEarlyEdits(tx: Db, kept: Session, duplicate: Session): Promise<EarlyEdits | null> {
  const edits = [kept, duplicate].flatMap((session) => Object.entries(session.earlyEdits ?? {}));
  let earlyEdits: EarlyEdits | null = null;
  for (const [ts, edit] of edits) earlyEdits = await changeMessage(tx, { id: kept.id, earlyEdits }, ts, edit);
  return earlyEdits;
}

/** Makes the earlier ids of the duplicate and its conversation lead to the kept session. */
async function moveNames(tx: Db, keptId: string, duplicateId: string): Promise<void> {
  for (const table of [formerSessions, formerChannels]) {
    await tx.update(table).set({ sessionId: keptId }).where(eq(table.sessionId, duplicateId));
  }
  await tx.insert(formerSessions).values({ id: duplicateId, sessionId: keptId });
}

/** Moves waits: the answer that one session waited for may have been written in the other. */
async function moveTimers(tx: Db, kept: Session, duplicate: Session): Promise<void> {
  const answered = [
    ...(duplicate.lastAnsweredAt ? (['client_waiting'] as const) : []),
    ...(duplicate.lastClientMessageAt ? (['client_silent'] as const) : []),
  ];
  await tx
    .delete(sessionTimers)
    .where(and(eq(sessionTimers.sessionId, kept.id), inArray(sessionTimers.event, answered)));
  await tx.execute(sql`update session_timers set session_id = ${kept.id}::uuid
    where session_id = ${duplicate.id}::uuid and not exists (select from session_timers known
      where known.session_id = ${kept.id}::uuid and known.event = session_timers.event)`);
}

const latest = (one: Date | null, other: Date | null) => (!one || (other && other > one) ? other : one);
const earliest = (one: Date | null, other: Date | null) => (!one || (other && other < one) ? other : one);

/** Combines the data of both sessions. For the conversation itself, the duplicate has the newer values. */
function knownOf(kept: Session, duplicate: Session): PgUpdateSetSource<typeof sessions> {
  const [clientOf] = [kept, duplicate].toSorted((one, other) => clientRank(other) - clientRank(one));
  const [answered] = [kept, duplicate].toSorted(
    (one, other) => +(other.lastAnsweredAt ?? 0) - +(one.lastAnsweredAt ?? 0),
  );
  return {
    name: duplicate.name,
    isPrivate: duplicate.isPrivate,
    isShared: duplicate.isShared,
    givenName: kept.givenName ?? duplicate.givenName,
    liveChatId: duplicate.liveChatId ?? kept.liveChatId,
    clientUserId: clientOf?.clientUserId ?? null,
    clientOrigin: clientOf?.clientOrigin ?? null,
    clientChosenBy: clientOf?.clientChosenBy ?? null,
    operatorUserId: answered?.operatorUserId ?? kept.operatorUserId ?? duplicate.operatorUserId,
    lastClientMessageAt: latest(kept.lastClientMessageAt, duplicate.lastClientMessageAt),
    lastAnsweredAt: latest(kept.lastAnsweredAt, duplicate.lastAnsweredAt),
    openedAt: earliest(kept.openedAt, duplicate.openedAt) ?? kept.openedAt,
    isMember: kept.isMember || duplicate.isMember,
    removedAt: duplicate.isMember ? null : (duplicate.removedAt ?? kept.removedAt),
    removedBy: duplicate.isMember ? null : (duplicate.removedBy ?? kept.removedBy),
    joinedAt: latest(kept.joinedAt, duplicate.joinedAt),
    unheardSince: earliest(kept.unheardSince, duplicate.unheardSince),
    ...(duplicate.joinDueAt === null ? {} : { joinDueAt: sql`now()` }),
  };
}

/** Ranks who is the client: one who was chosen by hand first, then the one who was known first. */
const clientRank = ({ clientUserId, clientOrigin }: Session) =>
  clientUserId === null ? 0 : clientOrigin === 'chosen' ? 2 : 1;

/** The status after everything that happened in both sessions. */
async function standingOf(tx: Db, kept: Session, duplicate: Session): Promise<Partial<Session>> {
  const facts = await tx
    .select({ kind: sessionEvents.kind, slackTs: sessionEvents.slackTs, author: sessionEvents.author })
    .from(sessionEvents)
    .where(eq(sessionEvents.sessionId, kept.id))
    .orderBy(sessionEvents.slackTs);
  const changes = facts.flatMap((fact) =>
    fact.kind === 'closed' || fact.kind === 'reopened' ? [{ kind: fact.kind, slackTs: fact.slackTs }] : [],
  );
  const before = countClosings(changes);
  // The client went on writing in the conversation that was taken for another one.
  const goingOn = facts.find(
    ({ kind, author, slackTs }) =>
      kind === 'message' && author === 'client' && before.closedTs && slackTs > before.closedTs,
  );
  if (goingOn) {
    const reopened = { sessionId: kept.id, kind: 'reopened' as const, slackTs: goingOn.slackTs };
    await tx.insert(sessionEvents).values({ ...reopened, at: instantOf(goingOn.slackTs) });
    changes.push(reopened);
  }
  const { closings, closedTs } = countClosings(changes);
  const isSpam = kept.status === 'spam' || duplicate.status === 'spam';
  return {
    closings: Math.max(closings, kept.closings, duplicate.closings),
    closedAt: closedTs === undefined ? null : instantOf(closedTs),
    status: isSpam ? 'spam' : closedTs === undefined ? 'open' : 'closed',
    statusBy: duplicate.statusBy ?? kept.statusBy,
  };
}
