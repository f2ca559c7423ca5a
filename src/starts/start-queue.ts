import { inArray, sql } from 'drizzle-orm';
import { type Claimed, dueQueue, dueQueueOf } from '../db/due-queue.ts';
import { starts } from './tables.ts';

type Start = typeof starts.$inferSelect;

export type ClaimedStart = Claimed<Start>;

const queue = dueQueue<Pick<Start, 'id'>>({
  table: 'starts',
  key: ['id'],
  columns: sql`starts.id`,
  condition: sql`status = 'waiting' and not is_held`,
  finished: 'clear',
});

/** The starts that wait to be made. */
export const startQueue = dueQueueOf<Pick<Start, 'id'>, Start>(queue, async (db, claims) => {
  const ids = claims.map(({ id }) => id);
  const rows = await db.select().from(starts).where(inArray(starts.id, ids));
  const leases = new Map(claims.map(({ id, lease }) => [id, lease]));
  return rows.map((start) => ({ ...start, lease: leases.get(start.id) ?? '' }));
});
