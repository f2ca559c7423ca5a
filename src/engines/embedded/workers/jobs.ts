import { sql } from 'drizzle-orm';
import type { Db } from '../../../db/client.ts';
import { type Claimed, dueQueue } from '../../../db/due-queue.ts';
import { selectRows } from '../../../db/query.ts';
import { storableOrNull } from '../instances/sql-values.ts';
import type { InstanceState } from '../interpreter/instance-state.ts';

/** A job claimed by this worker. */
export interface ClaimedJob {
  instanceKey: string;
  /** The root instance, if others have called this one. */
  rootKey: string;
  token: number;
  elementId: string;
  type: string;
  retries: number;
  definitionKey: string;
  state: InstanceState;
}

/** The job's key for its handler. */
export const jobKey = ({ instanceKey, token }: Pick<ClaimedJob, 'instanceKey' | 'token'>) => `${instanceKey}-${token}`;

/**
 * The placeholder `busy` takes the keys of jobs whose handlers still run in this process, even if their attempts have failed: a
 * process never runs a job twice at a time.
 */
export const jobs = dueQueue<ClaimedJob>({
  table: 'engine_jobs',
  key: ['instance_key', 'token'],
  room: 'type',
  from: { tables: sql`engine_instances i`, on: sql`i.key = engine_jobs.instance_key` },
  columns: sql`instance_key::text as "instanceKey", coalesce(i.root_key, i.key)::text as "rootKey", token,
    element_id as "elementId", type, retries, i.definition_key::text as "definitionKey", i.state`,
  condition: sql`instance_key || '-' || token <> all (array(
    select jsonb_array_elements_text(${sql.placeholder('busy')}::jsonb)))`,
  finished: 'delete',
});

/** Releases a failed job with this many retries left. Does nothing if another worker has claimed the job since. */
export async function retryJob(
  db: Db,
  job: Claimed<ClaimedJob>,
  { retries, delayMs, error }: { retries: number; delayMs: number; error: string },
): Promise<void> {
  await db.execute(sql`update engine_jobs
    set retries = ${retries}::int, due_at = now() + ${delayMs}::float8 * interval '1 millisecond', unfinished = 0,
      last_error = ${storableOrNull(error)}
    where ${isThis(job)} and ${jobs.isHeld(job)}`);
}

/** Whether no other worker has claimed the job since. */
export async function isStillClaimed(db: Db, job: Claimed<ClaimedJob>): Promise<boolean> {
  const rows = await selectRows(db, sql`select token from engine_jobs where ${isThis(job)} and ${jobs.isHeld(job)}`);
  return rows.length > 0;
}

const isThis = ({ instanceKey, token }: ClaimedJob) =>
  sql`instance_key = ${instanceKey}::bigint and token = ${token}::int`;
