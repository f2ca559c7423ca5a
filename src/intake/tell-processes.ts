import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { selectRows } from '../db/query.ts';
import type { Session } from '../sessions/session.ts';
import { storableJson } from '../storable.ts';
import type { Fact } from './start-bound-processes.ts';

/** The messages that processes in a session can wait for, correlated by the session's id. */
export const messageReceived = 'live-chat:message-received';
export const sessionClosed = 'live-chat:session-closed';

/** Of a row with a process's id: whether it is one that may wait for the message. */
export function listensTo(messageName: string): SQL {
  return sql`process_definition_id in (
    select l.process_definition_id from conversation_listeners l where l.message_name = ${messageName})`;
}

/**
 * Of a session's id: whether somebody in the session may wait for the message. Asked process by process, each of which an
 * index answers: any number of others may run there.
 */
export function isHeardIn(sessionId: SQL, messageName: string): SQL {
  return sql`exists (select from conversation_listeners l
    where l.message_name = ${messageName} and (l.process_definition_id = '*' or exists (select from starts s
      where s.session_id = ${sessionId} and s.status in ('waiting', 'running')
        and s.process_definition_id = l.process_definition_id)))`;
}

/**
 * Writes down what is to be published to processes: a client's message, or that the session was closed. Only where a
 * process that may wait for it runs, or is about to, in the session: elsewhere nobody would ever hear of it, and one that
 * starts later does not hear of what was said before.
 *
 * @returns whether there is something to publish
 */
export async function tellProcesses(tx: Db, session: Session, facts: readonly Fact[], at: Date): Promise<boolean> {
  let isTold = false;
  for (const { event, key, message } of facts) {
    if (event === 'session_created') continue;
    const [kind, name] = event === 'message_received' ? ['message', messageReceived] : ['closed', sessionClosed];
    const told = await selectRows(
      tx,
      sql`insert into conversation_events (session_id, kind, key, message, holds_start, at, due_at)
        select ${session.id}::uuid, ${kind}, ${key}, ${message && storableJson(message)}::jsonb,
          exists (select from bindings where live_chat_id = ${session.liveChatId}::uuid and event = ${event}
            and ${listensTo(name)}),
          ${at.toISOString()}::timestamptz, now()
        where ${isHeardIn(sql`${session.id}::uuid`, name)}
        returning id`,
    );
    isTold ||= told.length > 0;
  }
  return isTold;
}

/**
 * When a start by the event is due: at once, unless its process waits for such events itself, and this one is still to be
 * published. It begins after that, so that it does not hear of the very event that started it.
 */
export async function startDueAt(
  tx: Db,
  sessionId: string,
  { event, key }: Pick<Fact, 'event' | 'key'>,
  processId: string,
): Promise<SQL> {
  if (event === 'session_created') return sql`now()`;
  const kind = event === 'message_received' ? 'message' : 'closed';
  const name = event === 'message_received' ? messageReceived : sessionClosed;
  const [row] = await selectRows<{ isHeld: boolean }>(
    tx,
    sql`select exists (select from conversation_events
        where session_id = ${sessionId}::uuid and kind = ${kind} and key = ${key} and holds_start) and exists (
        select from conversation_listeners where message_name = ${name} and process_definition_id = ${processId})
      as "isHeld"`,
  );
  return row?.isHeld ? sql`null` : sql`now()`;
}
