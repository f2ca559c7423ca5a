import { z } from 'zod';
import { EngineUnavailableError } from '../engine.ts';
import { noteChanges } from '../remote/changes.ts';
import type { Camunda8Context } from './context.ts';
import { isAtRest } from './element-rows.ts';
import { calledBy, findInstance } from './instance-rows.ts';
import { allPages, keySchema, page } from './search.ts';

/** Registers that Kickoff made the instance continue, so that reads wait until the index shows it at rest. */
export function expectAtRest(
  context: Camunda8Context,
  instanceKey: string,
  isDone: () => Promise<boolean> = async () => true,
): void {
  context.visibility.expect(instanceKey, async () => {
    try {
      if (!(await isDone())) return false;
      return await isAtRest(context, await findInstance(context, instanceKey), {
        tasksOf: (key) => tasksOf(context, key),
        calledBy: (key) => calledBy(context, key),
      });
    } catch (error) {
      // The caller meets the error itself when it reads the instance.
      if (error instanceof EngineUnavailableError) return true;
      throw error;
    }
  });
}

/** Reports a change that Kickoff made itself, without waiting for the index to show it. */
export async function noteChanged({ database, engine }: Camunda8Context, instanceKey: string): Promise<void> {
  await noteChanges(database.db, engine, [instanceKey]);
  database.signal('remote_changed');
}

async function tasksOf({ cluster }: Camunda8Context, processInstanceKey: string): Promise<string[]> {
  const rows = await allPages((page_) =>
    cluster.ask(page(z.object({ elementInstanceKey: keySchema })), 'searchUserTasks', {
      filter: { processInstanceKey },
      page: page_,
    }),
  );
  return rows.map(({ elementInstanceKey }) => elementInstanceKey);
}
