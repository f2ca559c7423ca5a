import { count, desc, eq } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import type { Start } from './queries.ts';
import { starts } from './tables.ts';

/** The newest starts of a session, newest first, and how many there are in all. */
export async function listSessionStarts(
  db: Db,
  sessionId: string,
  limit: number,
): Promise<{ newest: Start[]; total: number }> {
  const ofSession = eq(starts.sessionId, sessionId);
  const newest = await db.select().from(starts).where(ofSession).orderBy(desc(starts.createdAt)).limit(limit);
  if (newest.length < limit) return { newest, total: newest.length };
  const [counted] = await db.select({ total: count() }).from(starts).where(ofSession);
  return { newest, total: counted?.total ?? newest.length };
}
