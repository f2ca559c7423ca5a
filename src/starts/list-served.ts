import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { selectRows } from '../db/query.ts';
import type { Start } from './queries.ts';

export interface ServedSession {
  id: string;
  liveChatId: string;
  channelId: string;
  name: string;
  /** The name that staff gave the session; null: it uses the channel's. */
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
 * Open sessions of these live chats that a person serves, newest first: those where they answered last, or have started a
 * process, whatever its status.
 */
export async function listServedSessions(db: Db, wanted: SessionsWanted): Promise<ServedSession[]> {
  return selectRows<ServedSession>(db, servedSessions(wanted));
}

/** Exported for a test that explains the query plan. */
export function servedSessions({ teamId, userId, liveChatIds, offset, limit }: SessionsWanted): SQL {
  return sql`select s.id, s.live_chat_id as "liveChatId", s.channel_id as "channelId", s.name,
      s.given_name as "givenName", s.client_user_id as "clientUserId"
    from sessions s join (
      select id from sessions where operator_user_id = ${userId} and status = 'open'
      union select session_id from starts where started_by = ${userId} and started_by is not null) mine using (id)
    where s.team_id = ${teamId} and s.status = 'open' and s.live_chat_id = any(${`{${liveChatIds.join(',')}}`}::uuid[])
    order by s.opened_at desc, s.id limit ${limit} offset ${offset}`;
}

/** A running process of a session. */
export type ActiveStart = Pick<
  Start,
  'id' | 'sessionId' | 'processName' | 'status' | 'isHeld' | 'reason' | 'waitingJoins'
>;

/** The running processes of each of these sessions, newest first, at most `limit` each. */
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
