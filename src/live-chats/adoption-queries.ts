import { and, eq, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { type Claimed, dueQueue } from '../db/due-queue.ts';
import { liveChats } from './tables.ts';

/** A live chat whose channels are to be adopted. */
export interface Adoption {
  id: string;
}

export type ClaimedAdoption = Claimed<Adoption>;

/**
 * The adoptions of workspace `teamId`. Saving a live chat makes its adoption due, even if it is already running or was set
 * aside.
 */
export const adoptionQueue = dueQueue<Adoption>({
  table: 'live_chats',
  key: ['id'],
  prefix: 'adoption_',
  columns: sql`id`,
  condition: sql`team_id = ${sql.placeholder('teamId')}`,
  finished: 'clear',
});

/** Stores the progress of an adoption. */
export async function setAdoptionProgress(
  db: Db,
  adoption: ClaimedAdoption,
  { total, done }: { total: number; done: number },
): Promise<void> {
  await db
    .update(liveChats)
    .set({ adoptionTotal: total, adoptionDone: done })
    .where(and(eq(liveChats.id, adoption.id), adoptionQueue.isHeld(adoption)));
}
