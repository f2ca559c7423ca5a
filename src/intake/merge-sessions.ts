import { and, eq, inArray, sql } from 'drizzle-orm';
import type { PgUpdateSetSource } from 'drizzle-orm/pg-core';
import type { Db } from '../db/client.ts';
import { selectRows } from '../db/query.ts';
import { instantOf } from '../sessions/properties.ts';
import type { Session } from '../sessions/session.ts';
import { formerChannels, formerSessions, sessions } from '../sessions/tables.ts';
import { activityDue } from '../starts/activity-due.ts';
import { starts } from '../starts/tables.ts';
import { message } from '../words/message.ts';
import { countClosings } from './closings.ts';
import { type Author, isPersons } from './session-event.ts';
import { sessionEvents, sessionTimers } from './tables.ts';
import { isHeardIn, messageReceived } from './tell-processes.ts';

/**
 * Makes one session of two that are of the same conversation: `kept` has all that `duplicate` had, which is gone then. What
 * the duplicate was to start because it took the conversation for a new one is cancelled, unless it has begun. The caller
 * holds both rows locked.
 *
 * @returns whether there is something to publish to processes
 */
export async function mergeSessions(tx: Db, kept: Session, duplicate: Session): Promise<boolean> {
  const isTold = await tellMissedMessages(tx, kept.id, duplicate.id);
  await cancelFalseStarts(tx, kept, duplicate);
  await moveStarts(tx, kept.id, duplicate.id);
  const messageCount = await moveFacts(tx, kept.id, duplicate.id);
  await moveNames(tx, kept.id, duplicate.id);
  await moveTimers(tx, kept, duplicate);
  const standing = await standingOf(tx, kept, duplicate);
  await tx.delete(sessions).where(eq(sessions.id, duplicate.id));
  await tx
    .update(sessions)
    .set({ ...knownOf(kept, duplicate), ...standing, messageCount: kept.messageCount + messageCount })
    .where(eq(sessions.id, kept.id));
  return isTold;
}

/** Processes of the kept session may wait for what clients wrote in the duplicate. */
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

/** The conversation was no new one, and its client's first message may have been written before. */
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

/** With the keys that they would have had, so that nothing starts again. One that both have started keeps its own. */
async function moveStarts(tx: Db, keptId: string, duplicateId: string): Promise<void> {
  await tx
    .update(starts)
    .set({
      sessionId: keptId,
      key: sql`case when ${isInKept(keptId, duplicateId)} then starts.key else ${keyIn(keptId, duplicateId)} end`,
    })
    .where(eq(starts.sessionId, duplicateId));
}

/** Returns how many messages the kept session did not know. */
async function moveFacts(tx: Db, keptId: string, duplicateId: string): Promise<number> {
  await tx.execute(sql`insert into session_messages (session_id, ts, user_id, author_name, text, thread_ts, files)
    select ${keptId}::uuid, ts, user_id, author_name, text, thread_ts, files from session_messages
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

/** The ids that the duplicate and its conversation had lead to the kept session. */
async function moveNames(tx: Db, keptId: string, duplicateId: string): Promise<void> {
  for (const table of [formerSessions, formerChannels]) {
    await tx.update(table).set({ sessionId: keptId }).where(eq(table.sessionId, duplicateId));
  }
  await tx.insert(formerSessions).values({ id: duplicateId, sessionId: keptId });
}

/** An answer that the kept session waited for may have been written in the duplicate. */
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

/** Joins what both know of the session. About the conversation itself, the duplicate knows the newer facts. */
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

/** Chooses the client: one whom somebody has chosen, else the one who was known first. */
const clientRank = ({ clientUserId, clientOrigin }: Session) =>
  clientUserId === null ? 0 : clientOrigin === 'chosen' ? 2 : 1;

/** Whether it is open, by all that happened in both. */
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
  // The client went on in the conversation that was taken for another one.
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
