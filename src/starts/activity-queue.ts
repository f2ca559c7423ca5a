import { eq, inArray, or, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { type Claimed, dueQueue, dueQueueOf } from '../db/due-queue.ts';
import { wholeRow } from '../db/whole-row.ts';
import { activityDue } from './activity-due.ts';
import type { Start } from './queries.ts';
import { starts } from './tables.ts';

/** A start whose activity line is behind. */
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

/** The activity lines that are behind. One that was set aside is brought up to date once its start is retried by a person. */
export const activityQueue = dueQueueOf<Pick<Activity, 'id'>, Activity>(queue, (claimed) => {
  const { id, lease, attempts, unfinished } = claimed;
  return { id, lease, attempts, unfinished, start: row.of(claimed) };
});

/** Where the start's line is, and those gathered in its message; `ts` null: it is about to be posted there. */
export async function setActivityLine(db: Db, id: string, channel: string, ts: string | null): Promise<void> {
  await db
    .update(starts)
    .set({ activityChannel: channel, activityTs: ts })
    .where(or(eq(starts.id, id), eq(starts.activityLead, id)));
}

/** The content of its message (`activityTold`) or of the reply in its thread (`stepsTold`), as a hash. */
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
