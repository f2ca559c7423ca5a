import { eq, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import type { TranscriptMessage } from '../sessions/session-facts.ts';
import { sessions } from '../sessions/tables.ts';
import { storableJson } from '../storable.ts';

/**
 * Stores messages that were read from Slack's history, for the transcript. Messages that were recorded before are left as they
 * are: one that is no longer stored was deleted or erased (see retention/erase-client.ts), or is too old. Edits and
 * deletions that came after they were read are applied.
 */
export async function keepEarlierMessages(db: Db, sessionId: string, messages: TranscriptMessage[]): Promise<void> {
  if (messages.length === 0) return;
  await db.transaction(async (tx) => {
    // Locks the session first, in the order that recording its events does, to avoid a deadlock.
    await tx.select({ id: sessions.id }).from(sessions).where(eq(sessions.id, sessionId)).for('no key update');
    await tx.execute(sql`insert into session_messages (session_id, ts, user_id, author_name, text, edited_ts)
      select session.id, m.ts, m."userId", m."authorName",
        coalesce(early_edits -> m.ts ->> 'text', m.text), early_edits -> m.ts ->> 'editTs'
      from jsonb_to_recordset(${storableJson(messages)}::jsonb) as m(ts text, "userId" text, "authorName" text, text text)
      join sessions session on session.id = ${sessionId}::uuid
      where not exists (select from session_events known
        where known.session_id = session.id and known.kind = 'message' and known.slack_ts = m.ts)
      and (early_edits -> m.ts -> 'text') is distinct from 'null'
      on conflict do nothing`);
  });
}
