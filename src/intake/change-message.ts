import { sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { selectRows } from '../db/query.ts';
import { instantOf } from '../sessions/properties.ts';
import { deleteMessage, editMessage } from '../sessions/queries.ts';
import type { Session } from '../sessions/session.ts';
import type { EarlyEdits, MessageEdit } from '../sessions/tables.ts';
import { transcriptLength } from '../sessions/transcript.ts';

/*
 * Slack does not promise that an edit or a deletion comes after its message, and the message itself may have to wait while
 * Slack does not answer a question about it. An edit that comes first is kept at the session until the message is recorded.
 * Only the transcript follows edits: a message starts processes with the text that it came with, and a deleted one counts, in
 * whatever order Slack delivers.
 */

/** Slack: delayed events are delivered for a day. In milliseconds. */
const deliveredForMs = 24 * 60 * 60_000;

/** Whether a message's event can still come after that of an edit, by their timestamps. */
export const mayComeFirst = (editTs: string, messageTs: string): boolean =>
  instantOf(editTs).getTime() - instantOf(messageTs).getTime() < deliveredForMs;

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
    await deleteMessage(tx, sql`${id}::uuid`, ts);
  } else if (await editMessage(tx, sql`${id}::uuid`, ts, { text, editTs })) {
    return earlyEdits;
  }
  if (await isKnown(tx, id, ts)) return earlyEdits;
  const earlier = earlyEdits?.[ts];
  if (earlier && text !== null && (earlier.text === null || earlier.editTs > editTs)) return earlyEdits;
  return newest({ ...earlyEdits, [ts]: edit }, editTs);
}

/** The early edits without those of a message that was recorded. */
export function withoutEdit(earlyEdits: EarlyEdits | null, ts: string): EarlyEdits | null {
  const others = Object.entries(earlyEdits ?? {}).filter(([messageTs]) => messageTs !== ts);
  return others.length > 0 ? Object.fromEntries(others) : null;
}

/** Whether the message is recorded, or stored as a part of the history. */
async function isKnown(tx: Db, sessionId: string, ts: string): Promise<boolean> {
  const found = await selectRows(
    tx,
    sql`select from session_events where session_id = ${sessionId}::uuid and kind = 'message' and slack_ts = ${ts}
      union all select from session_messages where session_id = ${sessionId}::uuid and ts = ${ts}`,
  );
  return found.length > 0;
}

/** The edits of the newest messages, no more than a transcript has, without those of messages that come no more. */
function newest(earlyEdits: EarlyEdits, editTs: string): EarlyEdits {
  const early = Object.entries(earlyEdits).filter(([ts]) => mayComeFirst(editTs, ts));
  const inOrder = early.sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(inOrder.slice(-transcriptLength));
}
