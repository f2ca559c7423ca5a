import { eq, or } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import type { ProcessInstance } from '../engines/engine.ts';
import { isUuid, type Start } from './queries.ts';
import { starts } from './tables.ts';

/**
 * The start of an instance. A start that has not stored its instance yet (Kickoff stopped between the engine's commit and its
 * own) is found by the id that the engine was given. Returns undefined if Kickoff did not start the instance.
 */
export async function getStartOf(db: Db, { key, startId }: ProcessInstance): Promise<Start | undefined> {
  const isKnown = eq(starts.processInstanceKey, key);
  const [start] = await db
    .select()
    .from(starts)
    .where(startId !== undefined && isUuid(startId) ? or(isKnown, eq(starts.id, startId)) : isKnown);
  return start;
}
