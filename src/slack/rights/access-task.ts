import { z } from 'zod';
import type { UserTask } from '../../engines/engine.ts';
import { UserFacingError } from '../../errors.ts';
import type { Start } from '../../starts/queries.ts';
import { getStartOf } from '../../starts/start-of-instance.ts';
import { message } from '../../words/message.ts';
import { carriedEntriesSchema } from '../block-kit/carried-entries.ts';
import type { SlackContext } from '../slack-context.ts';
import { isAssignedTo, taskHolders } from './task-people.ts';

const metadataSchema = z.object({ taskKey: z.string(), entries: carriedEntriesSchema.optional() });

/** The key of the task that a modal shows, from its private_metadata. */
export function readTaskKey(metadata: string): string {
  return readTaskMetadata(metadata).taskKey;
}

/** The private_metadata of a task's modal. */
export function readTaskMetadata(metadata: string): z.infer<typeof metadataSchema> {
  try {
    return metadataSchema.parse(JSON.parse(metadata));
  } catch (cause) {
    throw new UserFacingError(message('task.unreadable'), { cause });
  }
}

/** A task and its start; undefined if there is no such task. */
export async function findTask(
  { db, engine, identity }: SlackContext,
  taskKey: string,
): Promise<{ task: UserTask; start: Start } | undefined> {
  const task = await engine.getUserTask(taskKey);
  const instance = task && (await engine.getProcessInstance(task.processInstanceKey));
  const start = instance && (await getStartOf(db, instance));
  return task && start?.teamId === identity.teamId ? { task, start } : undefined;
}

/** The same, for a person's request. Throws {@link UserFacingError} if there is no such task. */
export async function requireTask(context: SlackContext, taskKey: string): Promise<{ task: UserTask; start: Start }> {
  const found = await findTask(context, taskKey);
  if (!found) throw new UserFacingError(message('task.gone'));
  return found;
}

/**
 * A task and its start, for a person who has the task or may claim it. Throws {@link UserFacingError} for anybody else: the
 * sender of a button click or a form may not be allowed to send it.
 */
export async function accessTask(
  context: SlackContext,
  taskKey: string,
  userId: string,
): Promise<{ task: UserTask; start: Start }> {
  const { task, start } = await requireTask(context, taskKey);
  if (task.completedBy === userId || (await isAssignedTo(context, task, start, userId))) return { task, start };
  // People to whom the task was offered may read who has it, or how it ended; others learn nothing.
  const wasOffered = await isAssignedTo(context, { ...task, assignee: undefined }, start, userId);
  if (wasOffered && task.status !== 'open') return { task, start };
  const { assignee } = await taskHolders(context, task, start);
  throw wasOffered && assignee !== undefined
    ? new UserFacingError(message('tasks.takenAlready', { person: { user: assignee } }))
    : new UserFacingError(message('task.notYours'));
}
