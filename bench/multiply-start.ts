import type { Sql } from 'postgres';

export interface Multiplication {
  /** Number of starts to add. */
  starts: number;
  /** Starts per session. */
  perSession: number;
  /** All sessions were closed, and all starts completed, this many days ago; absent: they are from the last 90 days. */
  endedDaysAgo?: number;
}

/**
 * Without `endedDaysAgo`: of this many starts, one is still running, one has failed, and one is in the session of the first.
 */
const runningShare = 100;
const failedShare = 100;
const ownShare = 1000;
/** One in this many sessions is answered by the operator, who is assigned one in this many of the running starts' tasks. */
const operatorShare = 100;

/**
 * Copies the only start many times, with the rows that Kickoff and its engine have written for it: a session for some of them,
 * an event and a message, an instance with its task and history, the notification of the task. Uses a few statements over
 * generate_series: a million starts take a minute; Kickoff itself would take an hour.
 */
export async function multiplyStart(
  client: Sql,
  people: { operator: string; staff: readonly string[] },
  { starts, perSession, endedDaysAgo }: Multiplication,
): Promise<void> {
  const sessions = Math.ceil(starts / perSession);
  const isEnded = endedDaysAgo !== undefined;
  const daysAgo = endedDaysAgo ?? 90;
  await client.begin(async (tx) => {
    await tx`set local work_mem = '256MB'`;
    // The rows are consistent: skipping the foreign key checks saves half of the time.
    await tx`set local session_replication_role = replica`;
    await tx`create temporary table copied_sessions on commit drop as
      select n, gen_random_uuid() as id from generate_series(0, ${sessions - 1}::int) n`;
    await tx`create temporary table copied_starts on commit drop as
      select numbered.n, gen_random_uuid() as id,
        nextval(pg_get_serial_sequence('engine_instances', 'key')) as instance_key,
        now() - interval '1 day' * (case when ${isEnded} then ${daysAgo}::float8
          else ${daysAgo}::float8 * numbered.n / ${starts}::int end) as at,
        case when ${isEnded} then 'completed' when numbered.n % ${runningShare}::int = 0 then 'running'
          when numbered.n % ${failedShare}::int = 1 then 'failed' else 'completed' end as status,
        case when ${!isEnded} and numbered.n % ${ownShare}::int = 0 then first.session_id
          else copied_sessions.id end as session_id,
        case when numbered.n / ${runningShare}::int % ${operatorShare}::int = 0 then ${people.operator}::text
          else (${people.staff as string[]}::text[])[1 + numbered.n % ${people.staff.length}::int] end as assignee
      from generate_series(0, ${starts - 1}::int) numbered (n)
        join copied_sessions on copied_sessions.n = numbered.n / ${perSession}::int
        cross join (select session_id from starts) first`;
    await tx`insert into sessions (id, team_id, channel_id, live_chat_id, name, is_private, is_shared, status,
        client_user_id, client_origin, operator_user_id, message_count, last_client_message_at, opened_at, closed_at, is_member)
      select c.id, team_id, 'C0COPY' || n, live_chat_id, 'client-copy-' || n, is_private, is_shared,
        case when ${isEnded} then 'closed' else 'open' end, client_user_id, client_origin,
        case when n % ${operatorShare}::int = 0 then ${people.operator}::text end, ${perSession}::int,
        now() - interval '1 day' * ${daysAgo}::int, now() - interval '1 day' * ${daysAgo + 1}::int,
        case when ${isEnded} then now() - interval '1 day' * ${daysAgo}::int end, true
      from copied_sessions c, (select * from sessions where id = (select session_id from starts)) first`;
    await tx`insert into session_messages (session_id, ts, user_id, text)
      select c.session_id, 'copy-' || n, first.user_id, first.text
      from copied_starts c, (select * from session_messages limit 1) first`;
    await tx`insert into session_events (session_id, kind, slack_ts, at, received_at, author, session_status, is_bound)
      select c.session_id, 'message', 'copy-' || n, c.at, c.at, 'client', 'open', true from copied_starts c`;
    await tx`insert into starts (id, team_id, key, session_id, live_chat_id, event, binding_id, process_definition_id,
        process_name, facts, mapping, variables, status, attempts, process_instance_key, created_at, updated_at)
      select c.id, team_id, 'copy:' || n, c.session_id, live_chat_id, event, binding_id, process_definition_id,
        process_name, jsonb_set(facts, '{message,ts}', to_jsonb('copy-' || n)), mapping, variables, c.status, attempts, c.instance_key::text, c.at, c.at
      from copied_starts c, (select * from starts) first`;
    await tx`insert into engine_instances (key, start_id, definition_key, status, revision, state, created_at, ended_at)
      overriding system value select c.instance_key, c.id::text, definition_key,
        case c.status when 'completed' then 'completed' when 'failed' then 'terminated' else 'active' end, revision, state,
        c.at, case when c.status <> 'running' then c.at end
      from copied_starts c, (select * from engine_instances) first`;
    await tx`insert into engine_tasks (instance_key, token, element_id, status, assignee, candidate_users,
        candidate_groups, created_at, ended_at)
      select c.instance_key, token, element_id,
        case c.status when 'completed' then 'completed' when 'failed' then 'cancelled' else 'open' end, c.assignee,
        candidate_users, candidate_groups, c.at, case when c.status <> 'running' then c.at end
      from copied_starts c, (select * from engine_tasks) first`;
    await tx`insert into engine_history (instance_key, revision, at, entries)
      select c.instance_key, revision, c.at, entries from copied_starts c, (select * from engine_history) first`;
    await tx`insert into task_messages (task_key, user_id, channel_id, ts, closed, shown, since)
      select c.instance_key || '-' || token, c.assignee, 'D0COPY', 'copy-' || n, c.status <> 'running', 'mine', c.at
      from copied_starts c, (select token from engine_tasks limit 1) first`;
    await tx`insert into open_tasks (task_key, team_id, start_id, process_name, name, assignee, holders, is_offered,
        is_for_all, created_at)
      select c.instance_key || '-' || token, team_id, c.id, process_name, name, c.assignee, array[c.assignee], false,
        false, c.at
      from copied_starts c, (select * from open_tasks) first, (select token from engine_tasks limit 1) task
      where c.status = 'running'`;
  });
  await client`analyze`;
}
