import { type SQL, sql } from 'drizzle-orm';
import type { BindingEvent } from '../bindings/binding-kinds.ts';
import type { Db } from '../db/client.ts';
import { selectRows } from '../db/query.ts';
import type { Session } from '../sessions/session.ts';
import { storableJson } from '../storable.ts';
import type { Fact } from './fact.ts';

/** The messages that processes in a session can wait for, correlated by the session's id. */
export const messageReceived = 'live-chat:message-received';
export const sessionClosed = 'live-chat:session-closed';

/** SQL condition on a row with a process's id: the process may wait for the message. */
export function listensTo(messageName: string): SQL {
  return sql`process_definition_id in (
    select l.process_definition_id from conversation_listeners l where l.message_name = ${messageName})`;
}

/**
 * SQL condition on a session's id: some process in the session may wait for the message. Checked process by process with an
 * index, so that the number of other running processes does not matter.
 */
export function isHeardIn(sessionId: SQL, messageName: string): SQL {
  return sql`exists (select from conversation_listeners l
    where l.message_name = ${messageName} and (l.process_definition_id = '*' or exists (select from starts s
      where s.session_id = ${sessionId} and s.status in ('waiting', 'running')
        and s.process_definition_id = l.process_definition_id)))`;
}

/**
 * Queues an event (a client's message, or the closing of the session) for publication to processes. It is queued only if a
 * process that may wait for it runs in the session, or is about to: one that starts later does not receive earlier messages. A
 * process that this very fact starts counts: it does not receive the fact itself, but an earlier message that Slack delivers
 * later may start another instance, which does.
 *
 * @returns whether there is something to publish
 */
export async function tellProcesses(tx: Db, session: Session, facts: readonly Fact[], at: Date): Promise<boolean> {
  let isTold = false;
  for (const { event, key, message } of facts) {
    if (event !== 'message_received' && event !== 'session_closed') continue;
    const [kind, name] = event === 'message_received' ? ['message', messageReceived] : ['closed', sessionClosed];
    const told = await selectRows(
      tx,
      sql`insert into conversation_events (session_id, kind, key, message, at, due_at)
        select ${session.id}::uuid, ${kind}, ${key}, ${message && storableJson(message)}::jsonb, ${at.toISOString()}::timestamptz, now()
        where ${isHeardIn(sql`${session.id}::uuid`, name)}
        returning id`,
    );
    isTold ||= told.length > 0;
  }
  return isTold;
}

/**
 * Whether a process of the session waits for these events of one delivery at this moment. A message written before the process
 * began does not count, even if Slack delivers it later.
 */
export async function isAwaitedNow(
  tx: Db,
  sessionId: string,
  events: readonly BindingEvent[],
  at: Date,
): Promise<boolean> {
  const name = events.map(messageNameOf).find((known) => known !== undefined);
  if (name === undefined) return false;
  // The embedded engine's subscriptions say so. Another engine is not asked within a transaction: its process counts as waiting
  // while it runs, if it may wait for the message at all.
  const [row] = await selectRows<{ isAwaited: boolean }>(
    tx,
    sql`select exists (select from engine_subscriptions
        where kind = 'message' and name = ${name} and correlation_key = any(array(
            select ${sessionId} union all select id::text from former_sessions where session_id = ${sessionId}::uuid))
          and coalesce(hears_after < ${at.getTime() * 1000 + 999}::bigint, true))
      or exists (select from conversation_listeners l join starts s using (process_definition_id)
        where l.message_name = ${name} and l.process_definition_id like '%:%' and s.session_id = ${sessionId}::uuid
          and s.status in ('waiting', 'running')) as "isAwaited"`,
  );
  return row?.isAwaited ?? false;
}

/** The name of the message that is published for an event; undefined if none is. */
/** Whether a process can have been waiting for what an event is about. */
export const canBeAwaited = (event: BindingEvent): boolean => messageNameOf(event) !== undefined;

function messageNameOf(event: BindingEvent): string | undefined {
  if (event === 'message_received' || event === 'client_first_message') return messageReceived;
  return event === 'session_closed' ? sessionClosed : undefined;
}
