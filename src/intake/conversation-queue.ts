import { sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { type Claimed, dueQueue } from '../db/due-queue.ts';
import { selectRows } from '../db/query.ts';
import type { MessageFacts } from '../sessions/session-facts.ts';

/** An event of a session that is published to the processes that may wait for it. */
export interface ConversationEvent {
  id: string;
  sessionId: string;
  kind: 'message' | 'closed';
  key: string;
  message: MessageFacts | null;
  /** Milliseconds since 1970. */
  at: number;
  startsProcesses: boolean;
}

export type ClaimedEvent = Claimed<ConversationEvent>;

/**
 * Events that are to be published. Only the earliest of each session is claimed, so that they are published in order. Later
 * events pass one that was set aside, which is never retried: processes must not receive events out of order.
 */
export const conversationQueue = dueQueue<ConversationEvent>({
  table: 'conversation_events',
  key: ['id'],
  columns: sql`id::text, session_id as "sessionId", kind, key, message, extract(epoch from at)::float8 * 1000 as at,
    starts_processes as "startsProcesses"`,
  condition: sql`not exists (select from conversation_events before
    where before.session_id = conversation_events.session_id and before.id < conversation_events.id
      and before.due_at < 'infinity')`,
  finished: 'delete',
});

/** Whether publishing the message to the processes that may have waited for it was given up. */
export async function isMessageSetAside(db: Db, sessionId: string, ts: string): Promise<boolean> {
  const rows = await selectRows(
    db,
    sql`select from conversation_events
      where session_id = ${sessionId}::uuid and kind = 'message' and key = ${ts} and due_at = 'infinity'`,
  );
  return rows.length > 0;
}
