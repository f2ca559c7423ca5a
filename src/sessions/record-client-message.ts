import { sql } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { selectRows } from '../db/query.ts';
import type { LiveChat } from '../live-chats/live-chat.ts';
import { forgetOldMessages, transcriptLength } from './record-event.ts';
import type { MessageFacts } from './session-facts.ts';

export interface ClientMessage {
  channelId: string;
  message: MessageFacts;
  at: Date;
}

/**
 * Does what {@link recordEvent} does, in one statement, for what happens most: a client's message in a session that is
 * known to be this live chat's. False: it is not, or a binding wants the transcript, which this statement could not read
 * back; recordEvent knows what to do.
 */
export async function recordClientMessage(
  { db, signal }: Pick<Database, 'db' | 'signal'>,
  { id: liveChatId, teamId, name, activityChannel }: LiveChat,
  { channelId, message, at }: ClientMessage,
): Promise<boolean> {
  const { ts, userId, text } = message;
  const [recorded] = await selectRows<{ sessionId: string; messageCount: number | null; started: boolean }>(
    db,
    sql`with session as (
        select id from sessions
        where team_id = ${teamId} and channel_id = ${channelId} and live_chat_id = ${liveChatId}::uuid
          and not exists (select from bindings where live_chat_id = ${liveChatId}::uuid and event = 'message_received'
            and jsonb_path_exists(mapping, '$.* ? (@ == "session.transcript")'))
        for no key update),
      fact as (
        insert into session_events (session_id, kind, slack_ts, at)
        select id, 'message', ${ts}, ${at.toISOString()}::timestamptz from session
        on conflict do nothing returning session_id),
      kept as (
        insert into session_messages (session_id, ts, user_id, text)
        select session_id, ${ts}, ${userId}, ${text} from fact
        on conflict do nothing),
      counted as (
        update sessions set message_count = message_count + 1, client_user_id = coalesce(client_user_id, ${userId})
        from fact where sessions.id = fact.session_id
        returning sessions.*),
      started as (
        insert into starts (team_id, key, session_id, live_chat_id, event, process_definition_id, process_name, facts,
          mapping, status, due_at, activity_due_at)
        select counted.team_id, concat('event:', counted.id, ':message_received:', ${ts}::text), counted.id, live_chat_id,
          event, process_definition_id, process_name,
          jsonb_build_object(
            'liveChatName', ${name}::text, 'channelId', channel_id, 'sessionName', counted.name,
            'status', counted.status, 'messageCount', message_count, 'openedAt', ${iso('opened_at')},
            'closedAt', ${iso('closed_at')}, 'clientUserId', ${userId}::text, 'operatorUserId', operator_user_id,
            'transcript', '[]'::jsonb, 'message', ${JSON.stringify(message)}::jsonb),
          mapping, 'waiting', now(), ${activityChannel === null ? sql`null` : sql`now()`}
        from counted join bindings using (live_chat_id)
        where event = 'message_received' and counted.status <> 'spam'
        on conflict do nothing
        returning id)
      select session.id as "sessionId", (select message_count from counted) as "messageCount",
        exists (select from started) as started
      from session`,
  );
  if (!recorded) return false;
  const { sessionId, messageCount, started } = recorded;
  if (started) signal('starts_due');
  if (messageCount !== null && messageCount % transcriptLength === 0) await forgetOldMessages(db, sessionId);
  return true;
}

/** As Date.toISOString() writes it. */
function iso(column: 'opened_at' | 'closed_at') {
  return sql.raw(`to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`);
}
