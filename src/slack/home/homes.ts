import { and, eq, sql } from 'drizzle-orm';
import type { Db } from '../../db/client.ts';
import { selectRows } from '../../db/query.ts';
import { homes } from '../../db/schema.ts';
import { type HomePlace, readHomePlace } from './home-place.ts';

/**
 * How long a Home tab is refreshed after its person last did something in it: a working day. Slack tells when it is opened
 * again, and never that it was closed.
 */
const refreshedFor = sql`interval '10 hours'`;
/** What somebody had filtered is forgotten after that. */
const keptFor = sql`interval '30 days'`;

interface HomeKey {
  teamId: string;
  userId: string;
}

/** The person has opened their Home tab, or done something in it. Returns what it shows. */
export async function touchHome(db: Db, { teamId, userId }: HomeKey, place?: HomePlace): Promise<HomePlace> {
  const [home] = await db
    .insert(homes)
    .values({ teamId, userId, liveChatIds: [], ...(place && { place }) })
    .onConflictDoUpdate({
      target: [homes.teamId, homes.userId],
      set: { openedAt: sql`now()`, ...(place && { place }) },
    })
    .returning({ place: homes.place });
  return readHomePlace(home?.place);
}

export async function getHomePlace(db: Db, { teamId, userId }: HomeKey): Promise<HomePlace> {
  const [home] = await db
    .select({ place: homes.place })
    .from(homes)
    .where(and(eq(homes.teamId, teamId), eq(homes.userId, userId)));
  return readHomePlace(home?.place);
}

/** Which live chats the Home tab shows, and so whose changes concern it; null: all. */
export async function setHomeLiveChats(db: Db, { teamId, userId }: HomeKey, ids: string[] | null): Promise<void> {
  await db
    .insert(homes)
    .values({ teamId, userId, liveChatIds: ids })
    .onConflictDoUpdate({
      target: [homes.teamId, homes.userId],
      set: { liveChatIds: ids },
      setWhere: sql`homes.live_chat_ids is distinct from excluded.live_chat_ids`,
    });
}

export interface HomesConcerned {
  teamId: string;
  userIds: string[];
  liveChatIds: string[];
  /** Everybody's. */
  all: boolean;
}

/**
 * Home tabs that show something that changed are behind, if somebody has opened them lately. While a worker is at one, its
 * lease stands and is nudged by a microsecond: the worker sees that there is more to show. Returns whether there are any;
 * then signal `homes_due`.
 */
export async function markHomesDue(db: Db, { teamId, userIds, liveChatIds, all }: HomesConcerned): Promise<boolean> {
  const marked = await selectRows<{ id: string }>(
    db,
    sql`update homes set refresh_due_at = greatest(refresh_due_at + interval '1 microsecond', now())
        where team_id = ${teamId} and opened_at > now() - ${refreshedFor} and (${all}
          or user_id = any(${`{${userIds.join(',')}}`}::text[]) or live_chat_ids is null
          or live_chat_ids && ${`{${liveChatIds.join(',')}}`}::uuid[])
        returning user_id as id`,
  );
  return marked.length > 0;
}

/** As {@link markHomesDue}, of one person, whenever they opened it, in a while. */
export async function markHomeDue(db: Db, { teamId, userId }: HomeKey, inMs: number): Promise<void> {
  await db
    .update(homes)
    .set({ refreshDueAt: sql`now() + ${inMs} * interval '1 millisecond'` })
    .where(and(eq(homes.teamId, teamId), eq(homes.userId, userId)));
}

export interface ClaimedHome extends HomeKey {
  /** Names the lease, for {@link finishHome}: the instant as Postgres writes it. */
  lease: string;
}

/** Claims the Home tab that is behind for longest, for a lease. */
export async function claimHome(db: Db, leaseMs: number): Promise<ClaimedHome | undefined> {
  const [claimed] = await selectRows<ClaimedHome>(
    db,
    sql`update homes set refresh_due_at = now() + ${leaseMs} * interval '1 millisecond'
        where (team_id, user_id) = (select team_id, user_id from homes where refresh_due_at <= now()
          order by refresh_due_at limit 1 for update skip locked)
        returning team_id as "teamId", user_id as "userId", refresh_due_at::text as lease`,
  );
  return claimed;
}

/** It was shown; if something changed since it was claimed, it is due again. */
export async function finishHome(db: Db, { teamId, userId, lease }: ClaimedHome): Promise<void> {
  await db.execute(sql`update homes
    set refresh_due_at = case when refresh_due_at = ${lease}::timestamptz then null else now() end
    where team_id = ${teamId} and user_id = ${userId}`);
}

/** How long until the next one is to be shown, in milliseconds; undefined if none is behind. */
export async function nextHomeDueIn(db: Db): Promise<number | undefined> {
  const [row] = await selectRows<{ ms: number | null }>(
    db,
    sql`select ceil(extract(epoch from min(refresh_due_at) - now()) * 1000)::int as ms from homes
        where refresh_due_at is not null`,
  );
  return row?.ms ?? undefined;
}

export async function forgetOldHomes(db: Db): Promise<void> {
  await db.execute(sql`delete from homes where opened_at < now() - ${keptFor}`);
}
