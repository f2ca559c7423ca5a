import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { selectRows } from '../db/query.ts';

/** Maximum number of rows that a statement reads or deletes, so that nothing has to wait for it. */
const batch = 500;
/** Maximum number of sessions that a statement deletes, as each takes all its rows with it. */
const sessionsAtOnce = 50;

/** The kinds of data that are deleted, in order; see docs/data.md. */
export const kinds = ['sessions', 'processInstances', 'pictures', 'notices', 'requests', 'setAside', 'homes'] as const;
export type Kind = (typeof kinds)[number];

export interface Batch {
  /** Number of deleted items. */
  count: number;
  /** Where the next batch continues; undefined: nothing is left of this kind. */
  next: string | undefined;
}

/** Deletes a batch of one kind that ended more than `keepDays` days ago. `after`: where the previous batch ended. */
export type Forget = (db: Db, keepDays: number, after: string | undefined) => Promise<Batch>;

const isOlder = (time: SQL, keepDays: number) => sql`${time} < now() - ${keepDays}::int * interval '1 day'`;

/**
 * Deletes sessions that were closed, or have no live chat any more, with their messages, events and starts. A session with a
 * process that still runs, or has only just ended, stays.
 */
const forgetSessions: Forget = (db, keepDays, after = '00000000-0000-0000-0000-000000000000') =>
  db.transaction(async (tx) => {
    const [found] = await selectRows<{ ids: string[] | null; last: string | null; seen: number }>(
      tx,
      sql`with page as (select id, live_chat_id, opened_at, closed_at from sessions
          where id > ${after}::uuid order by id limit ${batch}::int),
        ended as (select sessions.id from sessions join page on page.id = sessions.id
          where ${hasEnded(sql`page`, keepDays)}
          order by sessions.id limit ${sessionsAtOnce}::int for update of sessions skip locked)
        select (select array_agg(id::text order by id) from ended) as ids, max(id::text) as last, count(*)::int as seen
        from page`,
    );
    const { ids, last, seen } = found ?? { ids: null, last: null, seen: 0 };
    if (!ids) return { count: 0, next: seen < batch ? undefined : (last ?? undefined) };
    // Events that were recorded before the locks were taken, but after that statement began, are visible to this one only.
    const gone = await selectRows(
      tx,
      sql`with gone as (
          delete from sessions where id = any(${`{${ids.join(',')}}`}::uuid[]) and ${hasEnded(sql`sessions`, keepDays)} returning id),
        ${linesHandedOn}
        select id from gone`,
    );
    if (ids.length === sessionsAtOnce) return { count: gone.length, next: ids.at(-1) };
    return { count: gone.length, next: seen < batch ? undefined : (last ?? undefined) };
  });

/**
 * SQL: where a start of the sessions `gone` keeps the message with the activity lines of several starts, the oldest of the
 * others keeps it from now on.
 */
const linesHandedOn = sql`others as (
    select distinct on (lead.id) lead.id as lead_id, other.id, lead.steps_ts, lead.steps_told
    from starts lead join starts other on other.activity_lead = lead.id
    where lead.session_id in (select id from gone) and other.session_id not in (select id from gone)
    order by lead.id, other.created_at, other.id),
  handed_on as (
    update starts set activity_lead = nullif(others.id, starts.id),
      steps_ts = case when others.id = starts.id then others.steps_ts end,
      steps_told = case when others.id = starts.id then others.steps_told end
    from others where starts.activity_lead = others.lead_id and starts.session_id not in (select id from gone))`;

/** SQL condition on a row with a session's columns: nothing has happened in the session for that long. */
function hasEnded(session: SQL, keepDays: number): SQL {
  const endedAt = sql`coalesce(${session}.closed_at, case when ${session}.live_chat_id is null then ${session}.opened_at end)`;
  return sql`${isOlder(endedAt, keepDays)}
    and not exists (select from starts where session_id = ${session}.id
      and (status in ('waiting', 'running') or not ${isOlder(sql`updated_at`, keepDays)}))
    and not exists (select from session_events where session_id = ${session}.id
      and not ${isOlder(sql`received_at`, keepDays)})`;
}

/**
 * Deletes ended instances of the embedded engine, with the instances they called, their tasks and their history. Their starts
 * stay as long as their session, so that nothing starts twice, but without variables.
 */
const forgetProcessInstances: Forget = (db, keepDays, after = '0') =>
  page(
    db,
    sql`with page as (select key, root_key, start_id, ended_at from engine_instances
        where key > ${after}::bigint and ${isOlder(sql`created_at`, keepDays)} order by key limit ${batch}::int),
      ended as (
        select engine_instances.key, engine_instances.start_id
        from engine_instances join page on page.key = engine_instances.key
        where page.root_key is null and ${isOlder(sql`page.ended_at`, keepDays)} for update of engine_instances skip locked),
      history as (delete from engine_history where instance_key in (select key from ended union all
        select called.key from engine_instances called join ended on called.root_key = ended.key)),
      emptied as (update starts set variables = null,
          facts = facts || jsonb_build_object('transcript', '[]'::jsonb, 'message', case
            when facts ->> 'message' is not null
            then facts -> 'message' || jsonb_build_object('text', '', 'files', '[]'::jsonb) end)
        where id = any(array(select start_id::uuid from ended where start_id like '%-%-%-%-%')) and status in ('completed', 'cancelled')),
      gone as (delete from engine_instances where key in (select key from ended) returning key)
      select (select count(*)::int from gone) as count, max(key)::text as last, count(*)::int as seen from page`,
  );

/** Pictures of starts that are gone; the sweeper of pictures then deletes them in Slack. */
const forgetPictures: Forget = (db, _keepDays, after = '') =>
  page(
    db,
    sql`with page as (select file_id, start_id from process_pictures where file_id > ${after} order by file_id
        limit ${batch}::int),
      gone as (update process_pictures set in_thread = false, superseded_at = coalesce(superseded_at, now())
        where file_id in (select file_id from page where not exists (select from starts where starts.id = page.start_id))
          and (in_thread or superseded_at is null)
        returning file_id)
      select (select count(*)::int from gone) as count, max(file_id) as last, count(*)::int as seen from page`,
  );

/** Messages about tasks and troubles that are over, and those that a process's step sent. */
const forgetNotices: Forget = async (db, keepDays) => {
  const messages = await first(db, sql`task_messages`, sql`closed and ${isOlder(sql`since`, keepDays)}`);
  const isOver = sql`(closed or kind = 'job')`;
  const notices = await first(db, sql`notices`, sql`${isOver} and ${isOlder(sql`since`, keepDays)}`);
  return { count: messages.count + notices.count, next: messages.next ?? notices.next };
};

/** Requests to other engines that are over: completed, or claims of a task, which have no result. */
const forgetRequests: Forget = (db, keepDays) =>
  first(
    db,
    sql`remote_requests`,
    sql`(result is not null or kind = 'assignment') and ${isOlder(sql`created_at`, keepDays)} and not exists (
      select from starts where starts.id::text = remote_requests.key and starts.status in ('waiting', 'running'))`,
  );

/** SQL: when Slack sent a delivery; null if its time is missing or malformed, which must not stop the others. */
const sentAt = sql`case when body ->> 'event_time' ~ '^[0-9]{1,11}$' then to_timestamp((body ->> 'event_time')::float8) end`;

/** Deliveries and conversation events that were set aside, which nobody retried. */
const forgetSetAside: Forget = async (db, keepDays) => {
  const events = await first(db, sql`conversation_events`, sql`due_at = 'infinity' and ${isOlder(sql`at`, keepDays)}`);
  const deliveries = await first(
    db,
    sql`deferred_deliveries`,
    sql`due_at = 'infinity' and ${isOlder(sentAt, keepDays)}`,
  );
  return { count: events.count + deliveries.count, next: events.next ?? deliveries.next };
};

/** Filters of Home tabs that were not opened for long. */
const forgetHomes: Forget = (db, keepDays) => first(db, sql`homes`, isOlder(sql`opened_at`, keepDays));

export const forgetters: Readonly<Record<Kind, Forget>> = {
  sessions: forgetSessions,
  processInstances: forgetProcessInstances,
  pictures: forgetPictures,
  notices: forgetNotices,
  requests: forgetRequests,
  setAside: forgetSetAside,
  homes: forgetHomes,
};

/** Runs a statement that reads a page of a table in key order, and returns how far it came. */
async function page(db: Db, query: SQL): Promise<Batch> {
  const [row] = await selectRows<{ count: number; last: string | null; seen: number }>(db, query);
  const isLast = row === undefined || row.seen < batch;
  return { count: row?.count ?? 0, next: isLast ? undefined : (row.last ?? undefined) };
}

/** Deletes the first rows of a small table that match the condition. */
async function first(db: Db, table: SQL, condition: SQL): Promise<Batch> {
  const [row] = await selectRows<{ count: number }>(
    db,
    sql`with gone as (delete from ${table} where ctid = any(array(
        select ctid from ${table} where ${condition} limit ${batch}::int for update skip locked)) returning 1)
      select count(*)::int as count from gone`,
  );
  const count = row?.count ?? 0;
  return { count, next: count < batch ? undefined : 'more' };
}
