import { sql } from 'drizzle-orm';
import type { Db } from '../../../db/client.ts';
import { selectRows } from '../../../db/query.ts';
import { elementAt } from '../interpreter/run.ts';
import type { EngineContext } from './engine-context.ts';
import { runCommand } from './run-command.ts';
import { assertNotListening } from './task-listeners.ts';

export interface TaskAssignment {
  instanceKey: string;
  token: number;
  assignee: string;
  allowOverride: boolean;
  takeFrom?: string;
}

/**
 * Assigns an open task to a person, or tells its listeners about the assignment first (`listening`). The instance's lock
 * decides between two concurrent assignments.
 *
 * @throws EngineRefusedError if its listeners are still processing another event
 */
export async function assignTask(
  context: EngineContext,
  { instanceKey, token, assignee, allowOverride, takeFrom }: TaskAssignment,
): Promise<'assigned' | 'listening' | 'taken' | 'closed'> {
  let outcome: 'assigned' | 'listening' | 'taken' | 'closed' = 'closed';
  await runCommand(
    context,
    instanceKey,
    async ({ state, model }, tx) => {
      const at = state.tokens[token];
      if (!at) return undefined;
      const { behaviour, listeners } = elementAt({ state, model }, token);
      if (behaviour.kind !== 'userTask') return undefined;
      const before = await readAssignee(tx, instanceKey, token);
      if (!before) return undefined;
      const isFree = before.assignee === null || before.assignee === takeFrom;
      outcome = isFree || before.assignee === assignee || allowOverride ? 'assigned' : 'taken';
      if (outcome === 'taken' || before.assignee === assignee) return undefined;
      assertNotListening(at);
      if (listeners.assigning?.length) outcome = 'listening';
      return { kind: 'assign', token, assignee };
    },
    { about: token },
  );
  return outcome;
}

/** The assignee of an open task. */
async function readAssignee(tx: Db, instanceKey: string, token: number) {
  const [task] = await selectRows<{ assignee: string | null }>(
    tx,
    sql`select nullif(assignee, '') as assignee from engine_tasks
      where instance_key = ${instanceKey}::bigint and token = ${token}::int and status = 'open'`,
  );
  return task;
}
