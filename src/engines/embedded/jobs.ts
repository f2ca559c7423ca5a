import { sql } from 'drizzle-orm';
import type { Db } from '../../db/client.ts';
import { selectRows } from '../../db/query.ts';
import type { InstanceState } from './instance-state.ts';
import { instant, storable } from './write-outcome.ts';

/** A job that this worker has, until its lease runs out. */
export interface ClaimedJob {
  instanceKey: string;
  token: number;
  elementId: string;
  type: string;
  retries: number;
  attempts: number;
  definitionKey: number;
  state: InstanceState;
}

/** Takes the jobs that have been due longest. A lease that ran out is a crashed worker: its job is due again. */
export async function claimJobs(
  db: Db,
  types: string[],
  limit: number,
  now: Date,
  leaseMs: number,
): Promise<ClaimedJob[]> {
  const rows = await selectRows<ClaimedJob & { definitionKey: string }>(
    db,
    sql`update engine_jobs j set due_at = ${instant(new Date(now.getTime() + leaseMs))}, attempts = j.attempts + 1
      from engine_instances i
      where i.key = j.instance_key and (j.instance_key, j.token) in (
        select instance_key, token from engine_jobs
        where due_at <= ${instant(now)} and type in (${sql.join(
          types.map((type) => sql`${type}`),
          sql`, `,
        )})
        order by due_at limit ${limit}::int for update skip locked)
      returning j.instance_key::text as "instanceKey", j.token, j.element_id as "elementId", j.type, j.retries, j.attempts,
        i.definition_key::text as "definitionKey", i.state`,
  );
  return rows.map((row) => ({ ...row, definitionKey: Number(row.definitionKey) }));
}

/** Keeps a job for as long again, unless another worker has it by now. */
export async function renewJob(db: Db, job: ClaimedJob, until: Date): Promise<void> {
  await db.execute(sql`update engine_jobs set due_at = ${instant(until)}
    where instance_key = ${job.instanceKey}::bigint and token = ${job.token}::int and attempts = ${job.attempts}::int
      and due_at is not null`);
}

/** Counts a failed attempt off the job's retries. Nothing happens if another worker has the job by now. */
export async function retryJob(db: Db, job: ClaimedJob, retryAt: Date, error: string): Promise<void> {
  await db.execute(sql`update engine_jobs
    set retries = retries - 1, due_at = ${instant(retryAt)}, last_error = ${storable(error)}
    where instance_key = ${job.instanceKey}::bigint and token = ${job.token}::int and attempts = ${job.attempts}::int`);
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

export async function nextJobDue(db: Db): Promise<Date | undefined> {
  return soonest(
    db,
    sql`select extract(epoch from min(due_at))::float8 as at from engine_jobs where due_at is not null`,
  );
}

/** `query` answers with one row `at`, in seconds since 1970. */
/** In how many milliseconds something is due, for a worker. */
export function dueIn(due: Date | undefined, now: Date): number | undefined {
  return due && Math.max(0, due.getTime() - now.getTime());
}

export async function soonest(db: Db, query: ReturnType<typeof sql>): Promise<Date | undefined> {
  const [row] = await selectRows<{ at: number | null }>(db, query);
  // Postgres knows of infinity, and so does float8.
  return typeof row?.at === 'number' && Number.isFinite(row.at) ? new Date(row.at * 1000) : undefined;
}
