import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '../../../db/client.ts';
import { selectRows } from '../../../db/query.ts';
import { instant, storableOrNull } from '../instances/sql-values.ts';
import type { InstanceState } from '../interpreter/instance-state.ts';

/** A job that this worker has, until its lease runs out. */
export interface ClaimedJob {
  instanceKey: string;
  /** Of the instance that was started, if others have called this one. */
  rootKey: string;
  token: number;
  elementId: string;
  type: string;
  retries: number;
  attempts: number;
  definitionKey: number;
  state: InstanceState;
}

/** What a worker can take on now. */
export interface JobRoom {
  /** Job type → how many more. */
  free: ReadonlyMap<string, number>;
  /** Keys of jobs that it is at already, whatever their lease says: nothing is done twice at once by one process. */
  busy: Iterable<string>;
}

/** The job's key, as its handler is told it. */
export const jobKey = ({ instanceKey, token }: Pick<ClaimedJob, 'instanceKey' | 'token'>) => `${instanceKey}-${token}`;

/**
 * More are claimed by the next look. A number in the statement, so that Postgres plans for a few rows and takes the index,
 * however many jobs there are.
 */
const claimedAtOnce = sql.raw('30');

/** Takes the jobs of each type that have been due longest. A lease that ran out is a crashed worker: its job is due again. */
export async function claimJobs(db: Db, room: JobRoom, now: Date, leaseMs: number): Promise<ClaimedJob[]> {
  const rows = await selectRows<ClaimedJob & { definitionKey: string }>(
    db,
    sql`with due as materialized (
        select job.instance_key, job.token from ${roomByType(room)} cross join lateral (
          select instance_key, token from engine_jobs
          where type = room.type and due_at <= ${instant(now)} and ${isNotBusy(room)}
          order by due_at limit room.free for update skip locked) job
        limit ${claimedAtOnce})
      update engine_jobs j set due_at = ${instant(new Date(now.getTime() + leaseMs))}, attempts = j.attempts + 1
      from due, engine_instances i
      where j.instance_key = due.instance_key and j.token = due.token and i.key = j.instance_key
      returning j.instance_key::text as "instanceKey", coalesce(i.root_key, i.key)::text as "rootKey", j.token, j.element_id as "elementId", j.type, j.retries, j.attempts,
        i.definition_key::text as "definitionKey", i.state`,
  );
  return rows.map((row) => ({ ...row, definitionKey: Number(row.definitionKey) }));
}

/** When the next job is due that {@link claimJobs} would take. */
export async function nextJobDue(db: Db, room: JobRoom): Promise<Date | undefined> {
  return soonest(
    db,
    sql`select extract(epoch from min(job.due_at))::float8 as at from ${roomByType(room)} cross join lateral (
        select due_at from engine_jobs where type = room.type and due_at is not null and ${isNotBusy(room)}
        order by due_at limit 1) job`,
  );
}

function roomByType({ free }: JobRoom): SQL {
  const rows = [...free].flatMap(([type, count]) => (count > 0 ? [{ type, free: count }] : []));
  return sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as room(type text, free int)`;
}

function isNotBusy({ busy }: JobRoom): SQL {
  return sql`instance_key || '-' || token <> all (array(
    select jsonb_array_elements_text(${JSON.stringify([...busy])}::jsonb)))`;
}

/** Keeps a job for as long again. False: another worker has it by now, or it is gone. */
export async function renewJob(db: Db, job: ClaimedJob, until: Date): Promise<boolean> {
  const rows = await selectRows(
    db,
    sql`update engine_jobs set due_at = ${instant(until)}
      where instance_key = ${job.instanceKey}::bigint and token = ${job.token}::int and attempts = ${job.attempts}::int
        and due_at is not null
      returning token`,
  );
  return rows.length > 0;
}

/** Leaves a job that failed with so many retries. Nothing happens if another worker has the job by now. */
export async function retryJob(
  db: Db,
  job: ClaimedJob,
  { retries, retryAt, error }: { retries: number; retryAt: Date; error: string },
): Promise<void> {
  await db.execute(sql`update engine_jobs
    set retries = ${retries}::int, due_at = ${instant(retryAt)}, last_error = ${storableOrNull(error)}
    where instance_key = ${job.instanceKey}::bigint and token = ${job.token}::int and attempts = ${job.attempts}::int
      and due_at is not null`);
}

/** Whether no other worker has claimed the job since. */
export async function isStillClaimed(db: Db, job: ClaimedJob): Promise<boolean> {
  const rows = await selectRows(
    db,
    sql`select token from engine_jobs where instance_key = ${job.instanceKey}::bigint and token = ${job.token}::int
      and attempts = ${job.attempts}::int`,
  );
  return rows.length > 0;
}

/** In how many milliseconds something is due, for a worker. */
export function dueIn(due: Date | undefined, now: Date): number | undefined {
  return due && Math.max(0, due.getTime() - now.getTime());
}

/** `query` answers with one row `at`, in seconds since 1970. */
export async function soonest(db: Db, query: SQL): Promise<Date | undefined> {
  const [row] = await selectRows<{ at: number | null }>(db, query);
  // Postgres knows of infinity, and so does float8.
  return typeof row?.at === 'number' && Number.isFinite(row.at) ? new Date(row.at * 1000) : undefined;
}
