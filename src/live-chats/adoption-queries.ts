import { and, eq, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { type Claimed, dueQueue } from '../db/due-queue.ts';
import { liveChats } from './tables.ts';

/** A live chat whose channels are to be adopted. */
export interface Adoption {
  id: string;
}

export type ClaimedAdoption = Claimed<Adoption>;

/** The adoptions of the workspace `teamId`. Saving the live chat makes one due, also if it is under way or was set aside. */
export const adoptionQueue = dueQueue<Adoption>({
  table: 'live_chats',
  key: ['id'],
  prefix: 'adoption_',
  columns: sql`id`,
  condition: sql`team_id = ${sql.placeholder('teamId')}`,
  finished: 'clear',
});

/** Says how far an adoption is. */
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
