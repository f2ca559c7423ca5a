import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { selectRows } from '../db/query.ts';
import type { Start } from './queries.ts';

/** A start as shown in a list. */
export interface ListedStart
  extends Pick<
    Start,
    | 'id'
    | 'liveChatId'
    | 'processName'
    | 'status'
    | 'isHeld'
    | 'reason'
    | 'waitingJoins'
    | 'event'
    | 'startedBy'
    | 'processInstanceKey'
    | 'createdAt'
  > {
  sessionName: string;
  channelId: string;
  clientUserId: string | null;
  messageTs: string | null;
  threadTs: string | null;
  /** Its position in the list. */
  cursor: StartCursor;
}

/** A position in the list, newest first: when the start was made, with microseconds, and its id. */
export interface StartCursor {
  at: string;
  id: string;
}

export interface StartsWanted {
  /** The live chats that the person may see. */
  liveChatIds: string[];
  status?: Start['status'] | undefined;
  processDefinitionId?: string | undefined;
  /** `from`: this start and older ones. `before`: newer ones, the nearest first. */
  at?: { from: StartCursor } | { before: StartCursor } | undefined;
  limit: number;
}

type ListedRow = Omit<ListedStart, 'createdAt' | 'cursor'> & { at: string };

/** Starts of live chats, newest first; with `before`, oldest first. */
export async function listStarts(db: Db, wanted: StartsWanted): Promise<ListedStart[]> {
  if (wanted.liveChatIds.length === 0) return [];
  const rows = await selectRows<ListedRow>(db, startsWanted(wanted));
  return rows.map(({ at, ...row }) => ({ ...row, createdAt: new Date(at), cursor: { at, id: row.id } }));
}

/**
 * Reads each live chat's index from its newest start on, no further than the page needs, so that the number of starts and of
 * live chats hardly matters. Exported for a test that explains the query plan.
 */
export function startsWanted({ liveChatIds, status, processDefinitionId, at, limit }: StartsWanted): SQL {
  const order = at && 'before' in at ? sql`created_at, id` : sql`created_at desc, id desc`;
  const conditions = [
    sql`s.live_chat_id = l.id`,
    ...(status ? [sql`s.status = ${status}`] : []),
    // As a literal, so that a cached plan can use the partial index.
    ...(status === 'failed' || status === 'cancelled' ? [sql`s.status in ('failed', 'cancelled')`] : []),
    ...(processDefinitionId === undefined ? [] : [sql`s.process_definition_id = ${processDefinitionId}`]),
    ...(at ? [placeCondition(at)] : []),
  ];
  return sql`select s.id, s.live_chat_id as "liveChatId", s.process_name as "processName", s.status, s.is_held as "isHeld", s.reason,
      s.waiting_joins as "waitingJoins", s.event,
      s.started_by as "startedBy", s.process_instance_key as "processInstanceKey",
      to_char(s.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at,
      s.facts ->> 'sessionName' as "sessionName", s.facts ->> 'channelId' as "channelId",
      s.facts ->> 'clientUserId' as "clientUserId", s.facts -> 'message' ->> 'ts' as "messageTs",
      s.facts -> 'message' ->> 'threadTs' as "threadTs"
    from (
      select s.id, s.created_at from unnest(${`{${liveChatIds.join(',')}}`}::uuid[]) l (id) cross join lateral (
        select s.id, s.created_at from starts s where ${sql.join(conditions, sql` and `)}
        order by ${order} limit ${limit}) s
      order by ${order} limit ${limit}) page join starts s on s.id = page.id
    order by ${at && 'before' in at ? sql`s.created_at, s.id` : sql`s.created_at desc, s.id desc`}`;
}

function placeCondition(at: NonNullable<StartsWanted['at']>): SQL {
  const { at: instant, id } = 'from' in at ? at.from : at.before;
  const place = sql`(${instant}::timestamptz, ${id}::uuid)`;
  return 'from' in at ? sql`(s.created_at, s.id) <= ${place}` : sql`(s.created_at, s.id) > ${place}`;
}
