import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { selectRows } from '../db/query.ts';
import type { Start } from './queries.ts';

export interface ServedSession {
  id: string;
  liveChatId: string;
  channelId: string;
  name: string;
  /** What colleagues call it; null: as the channel. */
  givenName: string | null;
  clientUserId: string | null;
}

export interface SessionsWanted {
  teamId: string;
  userId: string;
  liveChatIds: string[];
  offset: number;
  limit: number;
}

/**
 * Open sessions that a person serves, of these live chats, newest first: those in which they have answered last, or have
 * started a process, whatever became of it.
 */
export async function listServedSessions(db: Db, wanted: SessionsWanted): Promise<ServedSession[]> {
  return selectRows<ServedSession>(db, servedSessions(wanted));
}

/** For tests to explain it. */
export function servedSessions({ teamId, userId, liveChatIds, offset, limit }: SessionsWanted): SQL {
  return sql`select s.id, s.live_chat_id as "liveChatId", s.channel_id as "channelId", s.name,
      s.given_name as "givenName", s.client_user_id as "clientUserId"
    from sessions s join (
      select id from sessions where operator_user_id = ${userId} and status = 'open'
      union select session_id from starts where started_by = ${userId} and started_by is not null) mine using (id)
    where s.team_id = ${teamId} and s.status = 'open' and s.live_chat_id = any(${`{${liveChatIds.join(',')}}`}::uuid[])
    order by s.opened_at desc, s.id limit ${limit} offset ${offset}`;
}

/** A process that goes on in a session. */
export type ActiveStart = Pick<
  Start,
  'id' | 'sessionId' | 'processName' | 'status' | 'isHeld' | 'reason' | 'waitingJoins'
>;

/** What goes on in each of these sessions, newest first, `limit` of each at most. */
export async function listActiveStarts(db: Db, sessionIds: string[], limit: number): Promise<ActiveStart[]> {
  if (sessionIds.length === 0) return [];
  return selectRows<ActiveStart>(
    db,
    sql`select s.id, s.session_id as "sessionId", s.process_name as "processName", s.status,
        s.is_held as "isHeld", s.reason, s.waiting_joins as "waitingJoins"
      from unnest(${`{${sessionIds.join(',')}}`}::uuid[]) w (id) cross join lateral (
        select * from starts where session_id = w.id and status in ('waiting', 'running')
        order by created_at desc limit ${limit}) s
      order by s.created_at desc`,
  );
}
