import { eq, inArray, isNotNull, or, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { selectRows } from '../db/query.ts';
import { starts } from '../db/schema.ts';
import { activityDue } from './activity-due.ts';
import type { Start } from './queries.ts';

export interface ClaimedActivity {
  start: Start;
  /** Names the lease, for {@link finishActivity}. */
  lease: Date;
}

/** Claims starts whose activity line is behind, for a lease. A lease that runs out is a crashed worker. */
export async function claimActivity(db: Db, limit: number, leaseMs: number): Promise<ClaimedActivity[]> {
  const claimed = await selectRows<{ id: string }>(
    db,
    // Whole milliseconds, so that the lease survives the way through a JavaScript Date.
    sql`update starts
        set activity_due_at = date_trunc('milliseconds', now()) + ${leaseMs} * interval '1 millisecond'
        where id in (select id from starts where activity_due_at <= now()
          order by activity_due_at limit ${limit} for update skip locked)
        returning id`,
  );
  if (claimed.length === 0) return [];
  const ids = claimed.map(({ id }) => id);
  const rows = await db.select().from(starts).where(inArray(starts.id, ids)).orderBy(starts.createdAt);
  return rows.flatMap((start) => (start.activityDueAt ? [{ start, lease: start.activityDueAt }] : []));
}

/** The line tells what the start was like when claimed; if the start changed since, it is due again at once. */
export async function finishActivity(db: Db, { start, lease }: ClaimedActivity): Promise<void> {
  await db.execute(
    sql`update starts
        set activity_due_at = case when activity_due_at = ${instant(lease)} then null else now() end
        where id = ${start.id} and ${isLease(lease)}`,
  );
}

/** The line could not be brought up to date now. */
export async function postponeActivity(db: Db, { start, lease }: ClaimedActivity, delayMs: number): Promise<void> {
  await db.execute(
    sql`update starts set activity_due_at = now() + ${delayMs} * interval '1 millisecond'
        where id = ${start.id} and ${isLease(lease)}`,
  );
}

/** Where the start's line is, and those gathered in its message; `ts` null: it is about to be posted there. */
export async function setActivityLine(db: Db, id: string, channel: string, ts: string | null): Promise<void> {
  await db
    .update(starts)
    .set({ activityChannel: channel, activityTs: ts })
    .where(or(eq(starts.id, id), eq(starts.activityLead, id)));
}

/** What its message (`activityTold`) or the reply in its thread (`stepsTold`) says now, as a hash. */
export async function setActivityTold(
  db: Db,
  id: string,
  told: { activityTold: string } | { stepsTold: string; stepsTs: string },
): Promise<void> {
  await db.update(starts).set(told).where(eq(starts.id, id));
}

/** The starts whose lines are in the message of this one, which it leads, oldest first. */
export async function listFollowers(db: Db, lead: Start): Promise<Start[]> {
  return db.select().from(starts).where(eq(starts.activityLead, lead.id)).orderBy(starts.createdAt, starts.id);
}

/** Lines that are to be posted at once go into one message, that of the lead. Null: each is on its own again. */
export async function gatherLines(db: Db, ids: string[], leadId: string | null): Promise<void> {
  if (ids.length === 0) return;
  await db.update(starts).set({ activityLead: leadId }).where(inArray(starts.id, ids));
}

/** Something that the line tells of changed outside the start itself, such as who has the next task. */
export async function markActivityDue(db: Db, id: string): Promise<void> {
  await db.update(starts).set({ activityDueAt: activityDue }).where(eq(starts.id, id));
}

/** How long until the next line is due, in milliseconds; undefined if none is behind. */
export async function nextActivityDueIn(db: Db): Promise<number | undefined> {
  const [row] = await db
    .select({ ms: sql<number | null>`ceil(extract(epoch from min(activity_due_at) - now()) * 1000)::int` })
    .from(starts)
    .where(isNotNull(starts.activityDueAt));
  return row?.ms ?? undefined;
}

const instant = (date: Date) => sql`${date.toISOString()}::timestamptz`;
const isLease = (lease: Date) =>
  sql`activity_due_at >= ${instant(lease)} and activity_due_at < ${instant(lease)} + interval '1 millisecond'`;
