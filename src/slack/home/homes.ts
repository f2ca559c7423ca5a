import { and, eq, sql } from 'drizzle-orm';
import type { Db } from '../../db/client.ts';
import { type Claimed, dueQueue, marked } from '../../db/due-queue.ts';
import { selectRows } from '../../db/query.ts';
import { type HomePlace, readHomePlace } from './home-place.ts';
import { homes } from './tables.ts';

/**
 * How long a Home tab is refreshed after its person last used it: a working day. Slack reports when it is opened, never that it
 * was closed.
 */
const refreshedFor = sql`interval '10 hours'`;

export interface HomeKey {
  teamId: string;
  userId: string;
}

export type ClaimedHome = Claimed<HomeKey>;

/** Outdated Home tabs. A tab that was set aside stays so until its person opens it again. */
export const homeQueue = dueQueue<HomeKey>({
  table: 'homes',
  key: ['team_id', 'user_id'],
  prefix: 'refresh_',
  columns: sql`team_id as "teamId", user_id as "userId"`,
  finished: 'clear',
});

/** Records that a person opened or used their Home tab. Returns its filters and pages. */
export async function touchHome(db: Db, { teamId, userId }: HomeKey, place?: HomePlace): Promise<HomePlace> {
  const [home] = await db
    .insert(homes)
    .values({ teamId, userId, liveChatIds: [], ...(place && { place }) })
    .onConflictDoUpdate({
      target: [homes.teamId, homes.userId],
      set: {
        openedAt: sql`now()`,
        // A tab that was set aside is refreshed again.
        refreshDueAt: sql`nullif(homes.refresh_due_at, 'infinity')`,
        ...(place && { place }),
      },
    })
    .returning({ place: homes.place });
  return readHomePlace(home?.place);
}

/** The pages and filters that a person last chose in their Home tab; the first pages if none. */
export async function getHomePlace(db: Db, { teamId, userId }: HomeKey): Promise<HomePlace> {
  const [home] = await db
    .select({ place: homes.place })
    .from(homes)
    .where(and(eq(homes.teamId, teamId), eq(homes.userId, userId)));
  return readHomePlace(home?.place);
}

/** Stores which live chats a person's Home tab shows, and so whose changes affect it; null: all. */
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
  /** Marks everybody's Home tab. */
  all: boolean;
}

/** Marks recently used Home tabs that show something that changed. Returns whether there are any; then signal `homes_due`. */
export async function markHomesDue(db: Db, { teamId, userIds, liveChatIds, all }: HomesConcerned): Promise<boolean> {
  const behind = await selectRows<{ id: string }>(
    db,
    sql`update homes set refresh_due_at = ${marked(sql`refresh_due_at`)}
        where team_id = ${teamId} and opened_at > now() - ${refreshedFor} and (${all}
          or user_id = any(${`{${userIds.join(',')}}`}::text[]) or live_chat_ids is null
          or live_chat_ids && ${`{${liveChatIds.join(',')}}`}::uuid[])
        returning user_id as id`,
  );
  return behind.length > 0;
}

/** Makes a person's Home tab due now, even if it was postponed or set aside. */
export async function showHomeNext(db: Db, { teamId, userId }: HomeKey): Promise<void> {
  await db
    .update(homes)
    .set({ refreshDueAt: sql`now()` })
    .where(and(eq(homes.teamId, teamId), eq(homes.userId, userId)));
}

/** Deletes the Home tab of somebody whom Slack does not know. */
export async function forgetHome(db: Db, { teamId, userId }: HomeKey): Promise<void> {
  await db.delete(homes).where(and(eq(homes.teamId, teamId), eq(homes.userId, userId)));
}
