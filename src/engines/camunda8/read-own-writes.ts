import { EngineUnavailableError } from '../engine.ts';
import { noteChanges } from '../remote/changes.ts';
import type { Camunda8Context } from './context.ts';
import { isAtRest } from './element-rows.ts';
import { calledBy } from './instance-rows.ts';
import { findTasks, type TaskRow } from './task-rows.ts';

/** Registers that Kickoff made the instance continue, so that reads wait until the index shows it at rest. */
export function expectAtRest(
  context: Camunda8Context,
  instanceKey: string,
  isDone: () => Promise<boolean> = async () => true,
): void {
  context.visibility.expect(instanceKey, async () => {
    try {
      if (!(await isDone())) return false;
      let tasks: TaskRow[] | undefined;
      const rests = await isAtRest(context, instanceKey, {
        async tasksOf(key) {
          const found = await findTasks(context.cluster, key);
          if (key === instanceKey) tasks = found;
          return found;
        },
        calledBy: (key) => calledBy(context, key),
      });
      return rests && { tasks };
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
