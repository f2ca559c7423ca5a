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
  /** It was in there when last heard of, and reads what it may not have heard. */
  isMember: boolean;
  liveChatId: string | null;
  /** Milliseconds since 1970; null: what was said before the app came is none of its business, but for the transcript. */
  unheardSince: number | null;
}

export type ClaimedJoin = Claimed<DueJoin>;

/** The joins that are to be made. One that was set aside is made once the app is invited, or the channel unarchived. */
export const joinQueue = dueQueue<DueJoin>({
  table: 'sessions',
  key: ['id'],
  prefix: 'join_',
  columns: sql`id, team_id as "teamId", channel_id as "channelId", is_private as "isPrivate",
    is_member as "isMember", live_chat_id as "liveChatId",
    (extract(epoch from unheard_since) * 1000)::float8 as "unheardSince"`,
  finished: 'clear',
});

/** A new value of `join_due_at`: the app is to join, also where that was set aside. */
export const joinDue = marked(sql`nullif(join_due_at, 'infinity')`);

/** A new value of `join_due_at` when the app was invited: a join that was set aside is made. */
export const joinDueIfSetAside = sql`case when join_due_at = 'infinity' then now() else join_due_at end`;

/** The app is to join the channel of an open session, in which it is not, and from which nobody has removed it. */
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
 * Messages in the open sessions of a workspace after `since` may not have been heard: their channels are read again,
 * not before `from`. Where the app cannot be, it cannot read either.
 */
export async function rereadSessions(
  db: Db,
  teamId: string,
  { since, from }: { since: Date; from: Date },
): Promise<void> {
  const [begin, due] = [since.toISOString(), from.toISOString()];
  await db.execute(sql`update sessions set
      unheard_since = least(coalesce(unheard_since, ${begin}::timestamptz), ${begin}::timestamptz),
      join_due_at = case when join_due_at is null then ${due}::timestamptz else ${marked(sql`join_due_at`)} end
    where team_id = ${teamId} and status = 'open' and removed_at is null and join_due_at is distinct from 'infinity'`);
}

/** The app has joined, or cannot. What it had not heard is known now, unless it is to join again. */
export async function finishJoin(db: Db, join: ClaimedJoin, isMember: boolean): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.execute(sql`update sessions set unheard_since = null, is_member = ${isMember}
      where id = ${join.id}::uuid and join_due_at = ${join.lease}::text::timestamptz`);
    await joinQueue.finish(tx, join);
  });
}
