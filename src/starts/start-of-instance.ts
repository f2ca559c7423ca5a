import { eq, or } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import type { ProcessInstance } from '../engines/engine.ts';
import { isUuid, type Start } from './queries.ts';
import { starts } from './tables.ts';

/**
 * The start that an instance came of. A start that does not know its instance yet (Kickoff stopped between the engine's
 * commit and its own) is found by the id that the engine was given. Undefined: the instance is not Kickoff's.
 */
export async function getStartOf(db: Db, { key, startId }: ProcessInstance): Promise<Start | undefined> {
  const isKnown = eq(starts.processInstanceKey, key);
  const [start] = await db
    .select()
    .from(starts)
    .where(startId !== undefined && isUuid(startId) ? or(isKnown, eq(starts.id, startId)) : isKnown);
  return start;
}
