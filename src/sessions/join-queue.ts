import { and, eq, isNull, ne, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { type Claimed, dueQueue, marked } from '../db/due-queue.ts';
import { sessions } from './tables.ts';

/** A session whose channel the app has to join. */
export interface DueJoin {
  id: string;
  teamId: string;
  channelId: string;
  isPrivate: boolean;
  /** The app was a member when last checked; it reads messages that it may have missed. */
  isMember: boolean;
  liveChatId: string | null;
  /** Milliseconds since 1970. Null: messages from before the app came are read for the transcript only. */
  unheardSince: number | null;
}

export type ClaimedJoin = Claimed<DueJoin>;

/** Joins that are due. A join that was set aside becomes due again when the app is invited or the channel unarchived. */
export const joinQueue = dueQueue<DueJoin>({
  table: 'sessions',
  key: ['id'],
  prefix: 'join_',
  columns: sql`id, team_id as "teamId", channel_id as "channelId", is_private as "isPrivate",
    is_member as "isMember", live_chat_id as "liveChatId",
    (extract(epoch from unheard_since) * 1000)::float8 as "unheardSince"`,
  finished: 'clear',
});

/** New value of `join_due_at`: the app is to join, even if an earlier join was set aside. */
export const joinDue = marked(sql`nullif(join_due_at, 'infinity')`);

/** New value of `join_due_at` when the app was invited: a join that was set aside becomes due. */
export const joinDueIfSetAside = sql`case when join_due_at = 'infinity' then now() else join_due_at end`;

/** Queues a join for an open session, if the app is not in its channel and nobody removed it. */
export async function queueJoin(db: Db, teamId: string, channelId: string): Promise<void> {
  await db
    .update(sessions)
    .set({ joinDueAt: sql`now()` })
    .where(
      and(
        eq(sessions.teamId, teamId),
        eq(sessions.channelId, channelId),
        ne(sessions.status, 'closed'),
        isNull(sessions.joinDueAt),
        isNull(sessions.removedAt),
      ),
    );
}

/**
 * Queues the sessions of a workspace, or that of one channel, that are open, or were closed by hand, to read messages after
 * `since` that were possibly missed, not before `from`. The app cannot read channels that it is not in. Signals nothing.
 */
export async function rereadSessions(
  db: Db,
  { teamId, channelId, since, from }: { teamId: string; channelId?: string; since: Date; from?: Date },
): Promise<void> {
  const begin = since.toISOString();
  const due = from ? sql`${from.toISOString()}::timestamptz` : sql`now()`;
  const isOne = channelId === undefined ? sql`true` : sql`channel_id = ${channelId}`;
  await db.execute(sql`update sessions set
      unheard_since = least(coalesce(unheard_since, ${begin}::timestamptz), ${begin}::timestamptz),
      join_due_at = case when join_due_at is null then ${due} else ${marked(sql`join_due_at`)} end
    where team_id = ${teamId} and ${isOne} and (status = 'open' or status = 'closed' and status_by is not null)
      and removed_at is null and join_due_at is distinct from 'infinity'`);
}

/** Finishes a join: the app is a member now, or cannot be. Missed messages have been read, unless another join is due. */
export async function finishJoin(db: Db, join: ClaimedJoin, isMember: boolean): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.execute(sql`update sessions set unheard_since = null, is_member = ${isMember}
      where id = ${join.id}::uuid and join_due_at = ${join.lease}::text::timestamptz`);
    await joinQueue.finish(tx, join);
  });
}
