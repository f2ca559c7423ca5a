import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { selectRows } from '../db/query.ts';

/** Numbers of erased items. */
export interface Erased {
  sessions: number;
  messages: number;
  starts: number;
  processInstances: number;
  /** Messages and deliveries that were still to be published or handled. */
  pending: number;
}

export interface Erasure {
  erased: Erased;
  /** Running processes with the person's data, by name. Nothing of them was erased. */
  running: { processName: string; sessionName: string }[];
  /** Keys of instances in other engines, which keep their own data. */
  elsewhere: string[];
  /** Live chats where the person is an operator or supervisor, which is not client data. */
  staffOf: string[];
}

/**
 * Erases a client's data from Kickoff's database: their messages, who they are in sessions and starts, and the variables and
 * history of processes of their sessions. What remains says that something ran, when, and how it ended. All or nothing. Running
 * processes are left alone and reported.
 */
export async function eraseClient(db: Db, userId: string): Promise<Erasure> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`create temporary table erased_sessions on commit drop as ${sessionsOf(userId)}`);
    // Processes, and messages published to them, may still use these session ids.
    await tx.execute(sql`insert into erased_sessions
      select id from former_sessions where session_id in (select id from erased_sessions)`);
    const inSessions = sql`session_id in (select id from erased_sessions)`;
    const running = await selectRows<Erasure['running'][number]>(
      tx,
      sql`select process_name as "processName", sessions.name as "sessionName" from starts
        join sessions on sessions.id = session_id
        where ${inSessions} and starts.status in ('waiting', 'running') order by starts.created_at`,
    );
    running.push(...(await listRunningOthers(tx, userId)));
    const elsewhere = await selectRows<{ key: string }>(
      tx,
      sql`select process_instance_key as key from starts
        where ${inSessions} and process_instance_key like '%:%' order by created_at`,
    );
    const staffOf = await selectRows<{ name: string }>(
      tx,
      sql`select name from live_chats where ${userId} = any(operators || supervisors) order by name`,
    );
    // Sessions are locked before their messages, as by those who record, to avoid a deadlock.
    await tx.execute(sql`select from sessions where id in (select id from erased_sessions)
      or exists (select from jsonb_each(early_edits) where value ->> 'userId' = ${userId})
      order by id for no key update`);
    // Values found by conditions include words of the client's messages and profile.
    await tx.execute(sql`update session_events set held_back = null where ${inSessions} and held_back is not null`);
    // Kickoff reads the history of a conversation again when it comes back to it, and leaves out what was recorded before.
    await tx.execute(sql`insert into session_events (session_id, kind, slack_ts, at, received_at)
      select session_id, 'message', ts, to_timestamp(ts::float8), to_timestamp(ts::float8)
      from (select session_id, ts from session_messages where user_id = ${userId}
        union select sessions.id, edit.key from sessions, jsonb_each(early_edits) as edit
          where edit.value ->> 'userId' = ${userId}) as erased
      on conflict do nothing`);
    const erased: Erased = {
      processInstances: await eraseInstances(tx, userId),
      starts: await countOf(
        tx,
        sql`update starts set variables = null, failed_attempts = null, reason = null,
            facts = facts || jsonb_build_object('transcript', '[]'::jsonb, 'message', null, 'clientUserId',
              nullif(facts ->> 'clientUserId', ${userId}))
          where (${inSessions} or position(${`"${userId}"`}::text in variables::text) > 0)
            and status not in ('waiting', 'running') returning 1`,
      ),
      messages:
        (await countOf(tx, sql`delete from session_messages where user_id = ${userId} returning 1`)) +
        (await eraseEarlyEdits(tx, userId)),
      pending: await erasePending(tx, userId),
      sessions: await countOf(
        tx,
        sql`update sessions set client_user_id = null, client_origin = null, given_name = null
          where id in (select id from erased_sessions) and client_user_id = ${userId} returning 1`,
      ),
    };
    // Any client who writes in a closed session reopens it.
    await tx.execute(sql`update sessions set status_by = null
      where id in (select id from erased_sessions) and status_by = ${userId}`);
    return {
      erased,
      running,
      elsewhere: elsewhere.map(({ key }) => key),
      staffOf: staffOf.map(({ name }) => name),
    };
  });
}

/** SQL: the sessions where the person was the client, wrote, or is in the transcript. */
function sessionsOf(userId: string): SQL {
  const client = JSON.stringify({ clientUserId: userId });
  const author = JSON.stringify({ message: { userId } });
  const inTranscript = JSON.stringify({ transcript: [{ userId }] });
  return sql`select id from sessions where client_user_id = ${sql.raw(quoted(userId))}
    union select session_id from session_messages where user_id = ${sql.raw(quoted(userId))}
    union select session_id from starts where facts @> ${sql.raw(quoted(client))}::jsonb
      or facts @> ${sql.raw(quoted(author))}::jsonb or facts @> ${sql.raw(quoted(inTranscript))}::jsonb`;
}

/** `create table as` takes no parameters. */
const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** SQL condition on an instance of the embedded engine: its variables name the person or one of the sessions. */
const hasDataOf = (userId: string) => sql`(position(${userId}::text in state::text) > 0
  or exists (select from erased_sessions where position(erased_sessions.id::text in state::text) > 0))`;

/** SQL: keys of the outermost instances that have data of the person, themselves or in an instance that they called. */
const rootsWithDataOf = (userId: string) =>
  sql`select coalesce(root_key, key) from engine_instances where ${hasDataOf(userId)}`;

/** Running processes of the embedded engine with data of the person that no start in the sessions stands for. */
function listRunningOthers(db: Db, userId: string): Promise<Erasure['running']> {
  return selectRows(
    db,
    sql`select coalesce(start.process_name, process_id) as "processName", coalesce((select name from sessions
        where id = start.session_id or id in (select id from erased_sessions) and position(id::text in state::text) > 0
        order by id = start.session_id desc limit 1), '') as "sessionName"
      from engine_instances join engine_definitions on engine_definitions.key = definition_key
        left join starts start on start.id::text = start_id
      where root_key is null and ended_at is null and engine_instances.key in (${rootsWithDataOf(userId)})
        and (start.session_id is null or start.session_id not in (select id from erased_sessions))
      order by engine_instances.key`,
  );
}

/**
 * Erases ended instances of the embedded engine: those of the sessions, and others that name the person, with the instances
 * they called, their tasks and their history.
 */
function eraseInstances(db: Db, userId: string): Promise<number> {
  return countOf(
    db,
    sql`with ended as (
        select key from engine_instances where root_key is null and ended_at is not null and (
          start_id in (select starts.id::text from starts where session_id in (select id from erased_sessions))
          or key in (${rootsWithDataOf(userId)}))),
      history as (delete from engine_history where instance_key in (
        select key from ended union all
        select called.key from engine_instances called join ended on called.root_key = ended.key))
      delete from engine_instances where key in (select key from ended) returning 1`,
  );
}

/** Erases edits of messages that have not come yet. Returns of how many. */
async function eraseEarlyEdits(db: Db, userId: string): Promise<number> {
  const edits = sql`jsonb_each(early_edits) where value ->> 'userId'`;
  const erased = await countOf(db, sql`select from sessions, ${edits} = ${userId}`);
  await db.execute(sql`update sessions set early_edits = (
      select jsonb_object_agg(key, value) from ${edits} is distinct from ${userId})
    where exists (select from ${edits} = ${userId})`);
  return erased;
}

/** Erases events and deliveries that are still to be published or handled. */
async function erasePending(db: Db, userId: string): Promise<number> {
  const ofSession = sql`correlation_key in (select id::text from erased_sessions)`;
  const counts = [
    sql`delete from conversation_events where message ->> 'userId' = ${userId} returning 1`,
    sql`delete from engine_messages where ${ofSession} returning 1`,
    sql`delete from remote_messages where ${ofSession} returning 1`,
    sql`delete from deferred_deliveries where position(${`"${userId}"`}::text in body::text) > 0 returning 1`,
  ];
  let all = 0;
  for (const statement of counts) all += await countOf(db, statement);
  return all;
}

const countOf = async (db: Db, query: SQL): Promise<number> => (await selectRows(db, query)).length;
