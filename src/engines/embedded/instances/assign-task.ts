import { sql } from 'drizzle-orm';
import type { Db } from '../../../db/client.ts';
import { selectRows } from '../../../db/query.ts';
import type { EngineContext } from './engine-context.ts';
import { lockInstances } from './instance-tree.ts';
import { writeChange } from './write-outcome.ts';

export interface TaskAssignment {
  instanceKey: string;
  token: number;
  assignee: string;
  allowOverride: boolean;
}

/** Gives an open task to a person; the instance's lock decides between two who want it at once. */
export async function assignTask(
  { db, wake }: EngineContext,
  assignment: TaskAssignment,
): Promise<'assigned' | 'taken' | 'closed'> {
  const { instanceKey, token, assignee, allowOverride } = assignment;
  const outcome = await db.transaction(async (tx) => {
    const root = (await lockInstances(tx, instanceKey)).at(-1);
    const before = root && (await readAssignee(tx, instanceKey, token));
    if (!before) return 'closed';
    if (before.assignee === assignee) return 'kept';
    if (before.assignee !== null && !allowOverride) return 'taken';
    await tx.execute(
      sql`update engine_tasks set assignee = ${assignee} where instance_key = ${instanceKey}::bigint and token = ${token}::int`,
    );
    await writeChange(tx, root.key);
    return 'assigned';
  });
  if (outcome === 'assigned') wake('engine_changed');
  return outcome === 'kept' ? 'assigned' : outcome;
}

/** Of an open task. */
async function readAssignee(tx: Db, instanceKey: string, token: number) {
  const [task] = await selectRows<{ assignee: string | null }>(
    tx,
    sql`select nullif(assignee, '') as assignee from engine_tasks
      where instance_key = ${instanceKey}::bigint and token = ${token}::int and status = 'open'`,
  );
  return task;
}
