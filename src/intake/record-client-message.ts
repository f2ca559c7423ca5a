import { sql } from 'drizzle-orm';
import type { Database } from '../db/client.ts';
import { leaseFor } from '../db/due-queue.ts';
import { gather } from '../db/gather.ts';
import type { Handover } from '../db/handover.ts';
import { statement } from '../db/query.ts';
import { isOpenAt } from '../live-chats/business-hours.ts';
import { forgetOldMessages, transcriptLength } from '../sessions/transcript.ts';
import { type ClaimedStart, claimedStartOf, startColumns } from '../starts/start-queue.ts';
import { storableJson } from '../storable.ts';
import { traceparent } from '../tracing.ts';
import { type ClientMessage, createMessageJudge, type Judgement } from './judge-message.ts';
import type { IntakeDependencies } from './record-event.ts';
import { isHeardIn, listensTo, messageReceived } from './tell-processes.ts';

/**
 * Records a client's message. Returns false if recordEvent has to do it: the message begins or ends a wait, or was edited
 * before it came; its session is not known to be this live chat's, is closed, or is locked; or the message alone does not decide
 * the bindings (a policy depends on earlier starts, a condition on the session, or a parameter on the transcript).
 */
export type RecordClientMessage = (message: ClientMessage) => Promise<boolean>;

/** Maximum number of messages recorded in one statement. */
const atMost = 50;

/** In a burst, with more messages than this at once, the worker claims starts when it is free: many together cost less. */
const mostAlone = 3;

/**
 * The fast path for the most frequent event, a client's message in a known session: one statement does what recordEvent does,
 * for all messages that arrived while the previous statement was running. Messages of one session are recorded one after
 * another, because each increments the session's count.
 */
export function createClientMessageRecorder(
  intake: IntakeDependencies,
  newStarts: Handover<ClaimedStart>,
): RecordClientMessage {
  const judge = createMessageJudge(intake);
  const record = gather({
    work: (messages: JudgedMessage[]) => recordClientMessages(intake, newStarts, messages),
    atMost,
    keyOf: ({ liveChat, channelId }) => `${liveChat.teamId} ${channelId}`,
  });
  return async (message) => {
    const judgement = await judge.judge(message);
    if (!judgement) return false;
    const isRecorded = await record({ ...message, judgement, traceparent: traceparent() });
    if (!isRecorded) judge.forget(message.liveChat.id);
    return isRecorded;
  };
}

type JudgedMessage = ClientMessage & { judgement: Judgement; traceparent: string | null };

interface Recorded {
  sessionId: string;
  channelId: string;
  teamId: string;
  /** Null: the message was already recorded. */
  messageCount: number | null;
  /** True if processes may wait for the message. */
  told: boolean;
  /** Whether the row has a start, which then has the columns of {@link startColumns}. */
  started: boolean;
  /** Whether this statement has claimed the start. */
  claimed: boolean | null;
  lease: string | null;
}

/** Whether a binding is tried on client messages. */
const isOfMessages = sql.raw(`bindings.event in ('client_first_message', 'message_received') and bindings.is_on`);

/** Formats a timestamp like Date.toISOString(). */
function iso(column: 'opened_at' | 'closed_at' | 'last_client_message_at' | 'last_answered_at') {
  return sql.raw(`to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`);
}

/** SQL condition on a new start: its worker has room for it. */
const hasRoom = sql`row_number() over () <= ${sql.placeholder('room')}::int`;

/**
 * Sessions are locked in one order. A session that is locked already is left to recordEvent, which waits for that one alone.
 *
 * Returns a row per session and start. Starts for which the worker has room are inserted as claimed.
 */
const record = statement(sql`with session as (
    select sessions.id, given.*, message ->> 'ts' as ts, message ->> 'userId' as user_id, sessions.status,
      sessions.last_client_message_at is null as is_first,
      exists (select from bindings
        where bindings.live_chat_id = given.live_chat_id and ${isOfMessages}) as is_bound
    from jsonb_to_recordset(${sql.placeholder('given')}::jsonb) as given(team_id text, channel_id text,
      live_chat_id uuid, live_chat_name text, is_watched boolean, is_open boolean, at timestamptz, message jsonb, judged jsonb, starting jsonb,
      held_back jsonb, reads_client boolean, traceparent text)
    join sessions using (team_id, channel_id, live_chat_id)
    where sessions.closed_at is null and sessions.removed_at is null
      and (sessions.early_edits ? (message ->> 'ts')) is not true
      and not (given.reads_client and sessions.client_origin is not distinct from 'chosen')
      and not exists (select from bindings where bindings.live_chat_id = given.live_chat_id and ${isOfMessages}
        and (not given.judged ? concat(bindings.id, ':', bindings.revision)
          or event = 'client_first_message' and sessions.last_client_message_at is null))
    and (exists (select from session_timers where session_id = sessions.id and event = 'client_waiting' and since <= given.at)
      or not exists (select from session_timers where session_id = sessions.id)
        and not exists (select from bindings where bindings.live_chat_id = given.live_chat_id
          and bindings.event = 'client_waiting' and bindings.is_on))
    order by sessions.id
    for no key update of sessions skip locked),
  fact as (
    insert into session_events (session_id, kind, slack_ts, at, author, session_status, is_bound, held_back)
    select id, 'message', ts, at, 'client', status, is_bound, case when status <> 'spam' then held_back end
    from session
    on conflict (session_id, kind, slack_ts)
      do update set deliveries = session_events.deliveries + 1, redelivered_at = now()
    returning session_id, deliveries),
  kept as (
    insert into session_messages (session_id, ts, user_id, text, thread_ts, files)
    select id, ts, user_id, message ->> 'text', message ->> 'threadTs', nullif(message -> 'files', '[]'::jsonb)
    from session join fact on session_id = id and deliveries = 1
    on conflict do nothing),
  counted as (
    update sessions set message_count = message_count + 1,
      last_client_message_at = greatest(last_client_message_at, at), client_user_id = coalesce(client_user_id, user_id),
      client_origin = case when client_user_id is null then 'message' else client_origin end
    from session join fact on session_id = id and deliveries = 1
    where sessions.id = session.id
    returning sessions.id, sessions.team_id, sessions.channel_id, coalesce(given_name, name) as name,
      sessions.status, message_count, opened_at, closed_at, operator_user_id, sessions.live_chat_id, live_chat_name,
      last_client_message_at, last_answered_at, is_first, starting, is_watched, is_open, at, ts, message,
      traceparent,
      case when client_origin = 'chosen' then client_user_id else user_id end as user_id),
  started as (
    insert into starts (team_id, key, session_id, live_chat_id, event, binding_id,
      process_definition_id, process_name, facts,
      mapping, traceparent, status, due_at, attempts, unfinished, activity_due_at)
    select team_id, concat('event:', counted.id, ':message_received:', ts, ':', bindings.id), counted.id,
      live_chat_id, event, bindings.id, process_definition_id, process_name,
      jsonb_build_object(
        'liveChatName', live_chat_name, 'channelId', channel_id, 'sessionName', name,
        'status', status, 'messageCount', message_count, 'openedAt', ${iso('opened_at')},
        'closedAt', ${iso('closed_at')}, 'clientUserId', user_id, 'operatorUserId', operator_user_id,
        'lastClientMessageAt', ${iso('last_client_message_at')}, 'lastAnsweredAt', ${iso('last_answered_at')},
        'isBusinessHours', is_open, 'isFirstMessage', is_first,
        'transcript', '[]'::jsonb, 'message', message),
      mapping, traceparent, 'waiting', case when ${hasRoom} then ${leaseFor(sql.placeholder('leaseMs'))} else now() end,
      (${hasRoom})::int, (${hasRoom})::int, case when is_watched then now() end
    from counted join bindings using (live_chat_id)
    where starting <> '[]'::jsonb and starting ? bindings.id::text and is_on and status <> 'spam'
    on conflict do nothing
    returning session_id, process_definition_id, attempts, due_at::text as lease,
      ${startColumns}),
  told as (
    insert into conversation_events (session_id, kind, key, message, at, due_at)
    select id, 'message', ts, message, at, now()
    from counted
    where status <> 'spam' and (${isHeardIn(sql.raw('counted.id'), messageReceived)}
      or exists (select from started where session_id = counted.id and ${listensTo(messageReceived)}))
    returning session_id)
  select session.id as "sessionId", channel_id as "channelId", team_id as "teamId",
    (select message_count from counted where counted.id = session.id) as "messageCount",
    exists (select from told where session_id = session.id) as told,
    started.session_id is not null as started, started.attempts > 0 as claimed, started.*
  from session left join started on started.session_id = session.id`);

async function recordClientMessages(
  { db, signal }: Pick<Database, 'db' | 'signal'>,
  newStarts: Handover<ClaimedStart>,
  messages: JudgedMessage[],
): Promise<boolean[]> {
  const given = messages.map(
    ({
      liveChat: { id, teamId, name, activityChannel, businessHours },
      channelId,
      message,
      at,
      judgement,
      traceparent,
    }) => ({
      team_id: teamId,
      channel_id: channelId,
      live_chat_id: id,
      live_chat_name: name,
      is_watched: activityChannel !== null,
      is_open: isOpenAt(businessHours, at),
      at,
      message,
      judged: judgement.judged,
      starting: judgement.starting,
      held_back: judgement.heldBack.length > 0 ? judgement.heldBack : null,
      reads_client: judgement.readsClient,
      traceparent,
    }),
  );
  const starting = messages.reduce((count, { judgement }) => count + judgement.starting.length, 0);
  const { room, leaseMs, handOver } = newStarts.reserve(messages.length > mostAlone ? 0 : starting);
  const claimed: ClaimedStart[] = [];
  let recorded: Recorded[];
  try {
    recorded = await record<Recorded>(db, { given: storableJson(given), room, leaseMs });
    for (const row of recorded) if (row.claimed && row.lease !== null) claimed.push(claimedStartOf(row, row.lease));
  } finally {
    handOver(claimed);
  }
  if (recorded.some(({ started, claimed }) => started && !claimed)) signal('starts_due');
  if (recorded.some(({ told }) => told)) signal('conversations_due');
  const counts = new Map(recorded.map(({ sessionId, messageCount }) => [sessionId, messageCount]));
  for (const [sessionId, messageCount] of counts) {
    if (messageCount !== null && messageCount % transcriptLength === 0) await forgetOldMessages(db, sessionId);
  }
  return messages.map(({ liveChat: { teamId }, channelId }) =>
    recorded.some((one) => one.teamId === teamId && one.channelId === channelId),
  );
}
