import { and, eq, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { editMessage } from '../sessions/queries.ts';
import type { Session } from '../sessions/session.ts';
import { type EarlyEdits, type MessageEdit, sessionMessages } from '../sessions/tables.ts';
import { transcriptLength } from '../sessions/transcript.ts';
import { sessionEvents } from './tables.ts';

/*
 * Slack does not promise that an edit or a deletion comes after its message, and the message itself may have to wait while Slack
 * does not answer a question about it. An edit that comes first is kept at the session until the message is recorded. Only the
 * transcript follows edits: a message starts processes, and is published to them, as it was first written, and a deleted one
 * counts, in whatever order Slack delivers.
 */

/**
 * Applies an edit to the transcript, and keeps it for a message that is not recorded yet. The caller has locked the session.
 *
 * @returns the session's early edits, the same object if they have not changed
 */
export async function changeMessage(
  tx: Db,
  { id, earlyEdits }: Pick<Session, 'id' | 'earlyEdits'>,
  ts: string,
  edit: MessageEdit,
): Promise<EarlyEdits | null> {
  const { text, editTs } = edit;
  if (text === null) {
    await tx.delete(sessionMessages).where(and(eq(sessionMessages.sessionId, id), eq(sessionMessages.ts, ts)));
  } else if (await editMessage(tx, sql`${id}::uuid`, ts, { text, editTs })) {
    return earlyEdits;
  }
  if (await isRecorded(tx, id, ts)) return earlyEdits;
  const earlier = earlyEdits?.[ts];
  if (earlier && text !== null && (earlier.text === null || earlier.editTs > editTs)) return earlyEdits;
  return newest({ ...earlyEdits, [ts]: edit });
}

/** The early edits without those of a message that was recorded. */
export function withoutEdit(earlyEdits: EarlyEdits | null, ts: string): EarlyEdits | null {
  const others = Object.entries(earlyEdits ?? {}).filter(([messageTs]) => messageTs !== ts);
  return others.length > 0 ? Object.fromEntries(others) : null;
}

async function isRecorded(tx: Db, sessionId: string, ts: string): Promise<boolean> {
  const { sessionId: ofSession, kind, slackTs } = sessionEvents;
  const found = await tx
    .select({ slackTs })
    .from(sessionEvents)
    .where(and(eq(ofSession, sessionId), eq(kind, 'message'), eq(slackTs, ts)));
  return found.length > 0;
}

/** The edits of the newest messages, no more than a transcript has: some edited messages never come. */
function newest(earlyEdits: EarlyEdits): EarlyEdits {
  const inOrder = Object.entries(earlyEdits).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(inOrder.slice(-transcriptLength));
}
