import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { selectRows } from '../db/query.ts';

/** What was kept of a person, and is no more; how many of each. */
export interface Erased {
  sessions: number;
  messages: number;
  starts: number;
  processInstances: number;
  /** Messages and deliveries that were still on their way to a process. */
  pending: number;
}

export interface Erasure {
  erased: Erased;
  /** Processes that still run with the person's data: names and how many. Nothing of them was erased. */
  running: { processName: string; sessionName: string }[];
  /** Keys of instances in engines elsewhere, which keep their own data. */
  elsewhere: string[];
  /** Live chats of which the person is an operator or a supervisor, which is no client's data. */
  staffOf: string[];
}

/**
 * Erases what Kickoff's database has of a client: their messages, who they are in sessions and starts, and what processes
 * of their sessions were given and made of it, with their history. What is left says that something ran, when, and how it
 * ended. All or nothing. Processes that still run are left alone, and told.
 */
export async function eraseClient(db: Db, userId: string): Promise<Erasure> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`create temporary table erased_sessions on commit drop as ${sessionsOf(userId)}`);
    // Under these ids, processes and what was said to them may still know the sessions.
    await tx.execute(sql`insert into erased_sessions
      select id from former_sessions where session_id in (select id from erased_sessions)`);
    const inSessions = sql`session_id in (select id from erased_sessions)`;
    const running = await selectRows<Erasure['running'][number]>(
      tx,
      sql`select process_name as "processName", sessions.name as "sessionName" from starts
        join sessions on sessions.id = session_id
        where ${inSessions} and starts.status in ('waiting', 'running') order by starts.created_at`,
    );
    const elsewhere = await selectRows<{ key: string }>(
      tx,
      sql`select process_instance_key as key from starts
        where ${inSessions} and process_instance_key like '%:%' order by created_at`,
    );
    const staffOf = await selectRows<{ name: string }>(
      tx,
      sql`select name from live_chats where ${userId} = any(operators || supervisors) order by name`,
    );
    // The values that conditions found, among them words of the client's messages and profile.
    await tx.execute(sql`update session_events set held_back = null where ${inSessions} and held_back is not null`);
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
      messages: await countOf(tx, sql`delete from session_messages where user_id = ${userId} returning 1`),
      pending: await erasePending(tx, userId),
      sessions: await countOf(
        tx,
        sql`update sessions set client_user_id = null, client_origin = null, given_name = null,
            status_by = nullif(status_by, ${userId})
          where id in (select id from erased_sessions) and client_user_id = ${userId} returning 1`,
      ),
    };
    return {
      erased,
      running,
      elsewhere: elsewhere.map(({ key }) => key),
      staffOf: staffOf.map(({ name }) => name),
    };
  });
}

/** The sessions that the person was the client of, wrote in, or is in the transcript of. */
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

/**
 * Ended instances of the embedded engine: those of the sessions, and any other that names the person. With those that they
 * called, their tasks and their history.
 */
function eraseInstances(db: Db, userId: string): Promise<number> {
  return countOf(
    db,
    sql`with ended as (
        select key from engine_instances where root_key is null and ended_at is not null and (
          start_id in (select starts.id::text from starts where session_id in (select id from erased_sessions))
          or position(${userId}::text in state::text) > 0
          or exists (select from erased_sessions where position(erased_sessions.id::text in state::text) > 0))),
      history as (delete from engine_history where instance_key in (
        select key from ended union all
        select called.key from engine_instances called join ended on called.root_key = ended.key))
      delete from engine_instances where key in (select key from ended) returning 1`,
  );
}

/** What waits to be told to processes, or to be understood. */
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
