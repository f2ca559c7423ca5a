import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import type { Db } from '../../db/client.ts';
import { notices } from './tables.ts';

export type Notice = typeof notices.$inferSelect;

/** The topic of a notice, which any number of people can get: see tables.ts. */
export type NoticeTopic = Pick<Notice, 'kind' | 'subject' | 'occasion'>;

/** Identifies the notice to one person. */
type Key = NoticeTopic & Pick<Notice, 'userId'>;

const isAbout = ({ kind, subject, occasion }: NoticeTopic) =>
  and(eq(notices.kind, kind), eq(notices.subject, subject), eq(notices.occasion, occasion));

const isThis = (key: Key) => and(isAbout(key), eq(notices.userId, key.userId));

/** Whether the notice was posted, or cannot be. */
export const isTold = ({ ts, closed }: Notice): boolean => ts !== null || closed;

/** The notices of a topic to all people, posted or not. */
export async function listNotices(db: Db, topic: NoticeTopic): Promise<Notice[]> {
  return db.select().from(notices).where(isAbout(topic));
}

/** Posted notices of any occasion that do not show yet that the occasion is over. */
export async function listOpenNotices(db: Db, { kind, subject }: Pick<Notice, 'kind' | 'subject'>): Promise<Notice[]> {
  const isOpen = and(eq(notices.closed, false), isNotNull(notices.ts));
  return db
    .select()
    .from(notices)
    .where(and(eq(notices.kind, kind), eq(notices.subject, subject), isOpen));
}

/**
 * Claims the notice to a person, once. False: it was claimed before. With `abandonedMs`, a claim that is so old and was neither
 * posted nor dropped is taken over: its poster crashed.
 */
export async function claimNotice(
  db: Db,
  { kind, subject, occasion, userId }: Key,
  { abandonedMs }: { abandonedMs?: number } = {},
): Promise<boolean> {
  const target = [notices.kind, notices.subject, notices.occasion, notices.userId];
  const claiming = db.insert(notices).values({ kind, subject, occasion, userId });
  const claimed = await (abandonedMs === undefined
    ? claiming.onConflictDoNothing()
    : claiming.onConflictDoUpdate({
        target,
        set: { since: sql`now()` },
        setWhere: sql`${notices.ts} is null and not ${notices.closed}
          and ${notices.since} < now() - ${abandonedMs}::float8 * interval '1 millisecond'`,
      })
  ).returning({ userId: notices.userId });
  return claimed.length > 0;
}

/** Closes a notice that the person no longer needs, unless its posting has begun. */
export async function closeUntold(db: Db, { kind, subject, occasion, userId }: Key): Promise<void> {
  await db.insert(notices).values({ kind, subject, occasion, userId, closed: true }).onConflictDoNothing();
}

/** Records where the notice was posted; `shown`: the state of the task that it shows. */
export async function setNoticePosted(
  db: Db,
  key: Key,
  { channelId, ts, shown = null }: { channelId: string; ts: string; shown?: string | null },
): Promise<void> {
  await db.update(notices).set({ channelId, ts, shown }).where(isThis(key));
}

/** Records the state of the task that the notice now shows. */
export async function setNoticeShown(db: Db, key: Key, shown: string): Promise<void> {
  await db.update(notices).set({ shown }).where(isThis(key));
}

/** Records that the notice shows the end of its occasion, or cannot. */
export async function closeNotice(db: Db, key: Key): Promise<void> {
  await db.update(notices).set({ closed: true }).where(isThis(key));
}

/** Drops the claim of a notice that was not posted. */
export async function dropNoticeClaim(db: Db, key: Key): Promise<void> {
  await db.delete(notices).where(and(isThis(key), isNull(notices.ts), eq(notices.closed, false)));
}
