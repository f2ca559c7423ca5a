import { eq, inArray, or, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { type Claimed, dueQueue, dueQueueOf } from '../db/due-queue.ts';
import { wholeRow } from '../db/whole-row.ts';
import { activityDue } from './activity-due.ts';
import type { Start } from './queries.ts';
import { starts } from './tables.ts';

/** A start whose activity line is outdated. */
interface Activity {
  id: string;
  start: Start;
}

export type ClaimedActivity = Claimed<Activity>;

const row = wholeRow(starts);

const queue = dueQueue<Pick<Activity, 'id'>>({
  table: 'starts',
  key: ['id'],
  prefix: 'activity_',
  columns: sql`starts.id, ${row.columns}`,
  finished: 'clear',
});

/** Outdated activity lines. One that was set aside is updated again once a person retries its start. */
export const activityQueue = dueQueueOf<Pick<Activity, 'id'>, Activity>(queue, (claimed) => {
  const { id, lease, attempts, unfinished } = claimed;
  return { id, lease, attempts, unfinished, start: row.of(claimed) };
});

/** Stores where the line is, also for starts that share its message; `ts` null: it is about to be posted there. */
export async function setActivityLine(db: Db, id: string, channel: string, ts: string | null): Promise<void> {
  await db
    .update(starts)
    .set({ activityChannel: channel, activityTs: ts })
    .where(or(eq(starts.id, id), eq(starts.activityLead, id)));
}

/** Stores the hash of the line's message (`activityTold`) or of the reply in its thread (`stepsTold`). */
export async function setActivityTold(
  db: Db,
  id: string,
  told: { activityTold: string } | { stepsTold: string; stepsTs: string },
): Promise<void> {
  await db.update(starts).set(told).where(eq(starts.id, id));
}

/** The starts whose lines are in this start's message, oldest first. */
export async function listFollowers(db: Db, lead: Start): Promise<Start[]> {
  return db.select().from(starts).where(eq(starts.activityLead, lead.id)).orderBy(starts.createdAt, starts.id);
}

/** Groups lines that are to be posted together into the lead's message. Null: each gets its own again. */
export async function gatherLines(db: Db, ids: string[], leadId: string | null): Promise<void> {
  if (ids.length === 0) return;
  await db.update(starts).set({ activityLead: leadId }).where(inArray(starts.id, ids));
}

/** Marks the line as outdated after a change outside of the start itself, such as who has the next task. */
export async function markActivityDue(db: Db, id: string): Promise<void> {
  await db.update(starts).set({ activityDueAt: activityDue }).where(eq(starts.id, id));
}
