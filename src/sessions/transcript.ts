import { and, desc, eq, notInArray } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import type { TranscriptMessage } from './session-facts.ts';
import { sessionMessages } from './tables.ts';

/** How many messages of a session are kept for its transcript. */
export const transcriptLength = 50;

/** The session's newest messages, oldest first. */
export async function readTranscript(db: Db, sessionId: string): Promise<TranscriptMessage[]> {
  const newest = await db
    .select({
      ts: sessionMessages.ts,
      userId: sessionMessages.userId,
      authorName: sessionMessages.authorName,
      text: sessionMessages.text,
    })
    .from(sessionMessages)
    .where(eq(sessionMessages.sessionId, sessionId))
    .orderBy(desc(sessionMessages.ts))
    .limit(transcriptLength);
  return newest.reverse();
}

/** Deletes a session's messages beyond the length of a transcript. */
export async function forgetOldMessages(tx: Db, sessionId: string): Promise<void> {
  const kept = tx
    .select({ ts: sessionMessages.ts })
    .from(sessionMessages)
    .where(eq(sessionMessages.sessionId, sessionId))
    .orderBy(desc(sessionMessages.ts))
    .limit(transcriptLength);
  await tx
    .delete(sessionMessages)
    .where(and(eq(sessionMessages.sessionId, sessionId), notInArray(sessionMessages.ts, kept)));
}
