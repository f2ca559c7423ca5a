import { inArray, type SQL, sql } from 'drizzle-orm';
import type { Binding } from '../../bindings/queries.ts';
import type { Db } from '../../db/client.ts';
import { selectRows } from '../../db/query.ts';
import type { Session } from '../../sessions/session.ts';
import { sessionMessages, sessions } from '../../sessions/tables.ts';
import { starts } from '../../starts/tables.ts';
import { sessionEvents } from '../tables.ts';

/** The stored data of one session. */
export interface KeptSession {
  session: Session;
  /** In the order in which Kickoff received them. */
  events: KeptEvent[];
  messages: (typeof sessionMessages.$inferSelect)[];
  /** Oldest first. */
  starts: KeptStart[];
}

export type KeptEvent = Pick<
  typeof sessionEvents.$inferSelect,
  'id' | 'sessionId' | 'kind' | 'slackTs' | 'at' | 'author' | 'sessionStatus' | 'isAwaited'
> & {
  /** Microseconds since 1970; equal for all events of one delivery. */
  heardAt: number;
};

export type KeptStart = Pick<
  typeof starts.$inferSelect,
  'id' | 'sessionId' | 'key' | 'event' | 'bindingId' | 'processDefinitionId' | 'facts' | 'status'
> & {
  /** Microseconds since 1970. */
  askedAt: number;
  changedAt: number;
};

/**
 * The stored data of the sessions with the last `limit` occasions of a binding's event, as far as SQL can tell, and the
 * database's time of the read.
 */
export async function readPast(
  db: Db,
  liveChatId: string,
  binding: Pick<Binding, 'event' | 'reaction'>,
  limit: number,
): Promise<{ kept: KeptSession[]; readAt: Date }> {
  const found = await selectRows<{ sessionId: string; now: number }>(
    db,
    sql`select session_id as "sessionId", extract(epoch from now())::float8 * 1000 as now from session_events e
      where session_id in (select id from sessions where live_chat_id = ${liveChatId}::uuid) and ${isOccasion(binding)}
      order by id desc limit ${limit}`,
  );
  const [first] = found;
  if (!first) return { kept: [], readAt: new Date() };
  const ids = [...new Set(found.map(({ sessionId }) => sessionId))];
  const [ofSessions, events, messages, asked] = await Promise.all([
    db.select().from(sessions).where(inArray(sessions.id, ids)),
    readEvents(db, ids),
    db.select().from(sessionMessages).where(inArray(sessionMessages.sessionId, ids)).orderBy(sessionMessages.ts),
    readStarts(db, ids),
  ]);
  const kept = ofSessions.map((session) => {
    const isOfSession = ({ sessionId }: { sessionId: string }) => sessionId === session.id;
    return {
      session,
      events: events.filter(isOfSession),
      messages: messages.filter(isOfSession),
      starts: asked.filter(isOfSession),
    };
  });
  return { kept, readAt: new Date(first.now) };
}

/** SQL condition for an event `e` that is an occasion or may be one: not every archived channel is a closing. */
function isOccasion({ event, reaction }: Pick<Binding, 'event' | 'reaction'>): SQL {
  switch (event) {
    case 'session_created':
      return sql`kind = 'created'`;
    case 'message_received':
      return sql`kind = 'message' and author = 'client'`;
    case 'client_first_message':
      return sql`kind = 'message' and author = 'client' and not exists (select from session_events before
        where before.session_id = e.session_id and before.kind = 'message' and before.author = 'client'
          and before.id < e.id)`;
    case 'reaction_added': {
      const emoji = JSON.stringify(reaction?.emoji ?? []);
      const isStaffs = sql.raw(reaction?.by === 'staff' ? `= 'staff'` : `= ''`);
      return sql`kind = 'reaction' and ${emoji}::jsonb ? split_part(slack_ts, ':', 2)
        and split_part(slack_ts, ':', 3) ${isStaffs}`;
    }
    case 'client_waiting':
      return sql`kind = 'message' and author = 'client' and ${spokeBefore} is distinct from 'client'`;
    case 'client_silent':
      return sql`kind = 'message' and author in ('staff', 'process') and coalesce(${spokeBefore}, 'client') = 'client'`;
    case 'session_closed':
      return sql`kind = 'closed'`;
  }
}

/** The author of the message before. */
const spokeBefore = sql`(select author from session_events before
  where before.session_id = e.session_id and before.kind = 'message' and before.author in ('client', 'staff', 'process')
    and before.at < e.at order by before.at desc limit 1)`;

const microseconds = (column: SQL | typeof starts.createdAt | typeof sessionEvents.receivedAt) =>
  sql<number>`(extract(epoch from ${column}) * 1000000)::float8`;

function readEvents(db: Db, ids: string[]): Promise<KeptEvent[]> {
  const { id, sessionId, kind, slackTs, at, author, sessionStatus, isAwaited, receivedAt } = sessionEvents;
  return db
    .select({ id, sessionId, kind, slackTs, at, author, sessionStatus, isAwaited, heardAt: microseconds(receivedAt) })
    .from(sessionEvents)
    .where(inArray(sessionId, ids))
    .orderBy(id);
}

function readStarts(db: Db, ids: string[]): Promise<KeptStart[]> {
  const { id, sessionId, key, event, bindingId, processDefinitionId, facts, status, createdAt, updatedAt } = starts;
  const times = { askedAt: microseconds(createdAt), changedAt: microseconds(updatedAt) };
  return db
    .select({ id, sessionId, key, event, bindingId, processDefinitionId, facts, status, ...times })
    .from(starts)
    .where(inArray(sessionId, ids))
    .orderBy(createdAt);
}
