import { z } from 'zod';
import type { UserTask } from '../../engines/engine.ts';
import { UserFacingError } from '../../errors.ts';
import type { Start } from '../../starts/queries.ts';
import { getStartOf } from '../../starts/start-of-instance.ts';
import type { SlackContext } from '../slack-context.ts';
import { isTheirs } from './task-people.ts';

const metadataSchema = z.object({ taskKey: z.string() });

/** The key of the task that a modal shows, from its private_metadata. */
export function readTaskKey(metadata: string): string {
  try {
    return metadataSchema.parse(JSON.parse(metadata)).taskKey;
  } catch (cause) {
    throw new UserFacingError('This form cannot be read. Please open the task again.', { cause });
  }
}

/**
 * The task with the start it belongs to, for the person that it falls to. Throws {@link UserFacingError} for anybody else:
 * a button or a form says only what somebody sent, not that they may.
 */
export async function accessTask(
  context: SlackContext,
  taskKey: string,
  userId: string,
): Promise<{ task: UserTask; start: Start }> {
  const { db, engine, identity } = context;
  const task = await engine.getUserTask(taskKey);
  const instance = task && (await engine.getProcessInstance(task.processInstanceKey));
  const start = instance && (await getStartOf(db, instance));
  if (!task || !start || start.teamId !== identity.teamId) {
    throw new UserFacingError('This task is no longer there.');
  }
  if (task.completedBy !== userId && !(await isTheirs(context, task, start, userId))) {
    throw new UserFacingError('This task is not yours: it is for somebody else.');
  }
  return { task, start };
}
