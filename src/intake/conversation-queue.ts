import { sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { type Claimed, dueQueue } from '../db/due-queue.ts';
import { selectRows } from '../db/query.ts';
import type { MessageFacts } from '../sessions/session-facts.ts';

/** Something that happened in a session, to be published to the processes that may wait for it. */
export interface ConversationEvent {
  id: string;
  sessionId: string;
  kind: 'message' | 'closed';
  key: string;
  message: MessageFacts | null;
  holdsStart: boolean;
  /** Milliseconds since 1970. */
  at: number;
}

export type ClaimedEvent = Claimed<ConversationEvent>;

/**
 * The events that are to be published: of each session the earliest, so that they come one after another. Later events pass
 * one that was set aside. Nobody retries that one: processes must not hear of events out of their order.
 */
export const conversationQueue = dueQueue<ConversationEvent>({
  table: 'conversation_events',
  key: ['id'],
  columns: sql`id::text, session_id as "sessionId", kind, key, message, holds_start as "holdsStart",
    extract(epoch from at)::float8 * 1000 as at`,
  condition: sql`not exists (select from conversation_events before
    where before.session_id = conversation_events.session_id and before.id < conversation_events.id
      and before.due_at < 'infinity')`,
  finished: 'delete',
});

/** Forgets an event that was published, and makes the start due that it held. */
export async function finishEvent(db: Db, event: ClaimedEvent): Promise<void> {
  await db.transaction(async (tx) => {
    await conversationQueue.finish(tx, event);
    await releaseStart(tx, event);
  });
}

/** Publishes the event no more, and makes the start due that it held. */
export async function setEventAside(db: Db, event: ClaimedEvent): Promise<void> {
  await db.transaction(async (tx) => {
    await conversationQueue.setAside(tx, event);
    await tx.execute(sql`update conversation_events set holds_start = false where id = ${event.id}::bigint`);
    await releaseStart(tx, event);
  });
}

async function releaseStart(tx: Db, { sessionId, kind, key, holdsStart }: ConversationEvent): Promise<void> {
  if (!holdsStart) return;
  const event = kind === 'message' ? 'message_received' : 'session_closed';
  await tx.execute(sql`update starts set due_at = now()
    where session_id = ${sessionId}::uuid and key = ${`event:${sessionId}:${event}:${key}`} and status = 'waiting'
      and due_at is null`);
}

/** Whether the processes that may have waited for the message did not hear of it. */
export async function isMessageSetAside(db: Db, sessionId: string, ts: string): Promise<boolean> {
  const rows = await selectRows(
    db,
    sql`select from conversation_events
      where session_id = ${sessionId}::uuid and kind = 'message' and key = ${ts} and due_at = 'infinity'`,
  );
  return rows.length > 0;
}
