import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '../../db/client.ts';
import { selectRows } from '../../db/query.ts';

/** A person whose modal was closed, and what it was for: one task, or the next tasks of a start. */
export type Released = { userId: string } & ({ taskKey: string; startId: null } | { taskKey: null; startId: string });

/** Claims the tasks of a modal that was closed or shows no more tasks. The caller notifies the people, or drops the claims. */
export async function releaseHolds(db: Db, viewId: string): Promise<Released[]> {
  return release(db, sql`view_id = ${viewId}`);
}

/**
 * Claims tasks that modals have held for longer than `holdMs`, because Slack did not report that they were closed, and tasks
 * that were claimed longer than `claimMs` ago and not finished.
 */
export async function releaseOverdueHolds(db: Db, holdMs: number, claimMs: number): Promise<Released[]> {
  const olderThan = (ms: number) => sql`since < now() - ${ms}::float8 * interval '1 millisecond'`;
  return release(db, sql`(view_id is not null and ${olderThan(holdMs)} or view_id is null and ${olderThan(claimMs)})`);
}

function release(db: Db, which: SQL): Promise<Released[]> {
  return selectRows(
    db,
    sql`with tasks as (
        update task_messages set view_id = null, is_released = true, since = now()
        where ${which} and ts is null and not closed returning task_key, user_id),
      waits as (
        update start_holds set view_id = null, since = now() where ${which} returning start_id, user_id)
      select user_id as "userId", task_key as "taskKey", null as "startId" from tasks
      union all select user_id, null, start_id::text from waits`,
  );
}
