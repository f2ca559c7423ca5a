import {
  type AssignUserTask,
  EngineUnavailableError,
  UserTaskAssignedError,
  UserTaskClosedError,
} from '../../engines/engine.ts';
import { UserFacingError } from '../../errors.ts';
import { setOpenTaskAssignee } from '../../starts/open-tasks.ts';
import { message } from '../../words/message.ts';
import { accessTask } from '../rights/access-task.ts';
import { findUser, plainName, taskHolders } from '../rights/task-people.ts';
import type { SlackContext } from '../slack-context.ts';
import { closedTask } from './views.ts';

/** Claims a task that is offered to the person. Throws {@link UserFacingError} if it is closed, or somebody else was faster. */
export async function claimTask(context: SlackContext, taskKey: string, userId: string): Promise<void> {
  const { task, start } = await accessTask(context, taskKey, userId);
  if (task.status !== 'open') throw new UserFacingError(closedTask(task));
  const holders = await taskHolders(context, task, start);
  // An assignee that is a user group, or has left, does not prevent claiming.
  const takeFrom = holders.assignee === undefined ? task.assignee : undefined;
  await assign(context, {
    taskKey,
    assignee: userId,
    allowOverride: false,
    ...(takeFrom !== undefined && { takeFrom }),
  });
}

/** Assigns a task to a person and updates its messages at once; the engine reports the change as well. */
export async function assign(context: SlackContext, request: AssignUserTask): Promise<void> {
  const { engine, db, homes, logger } = context;
  try {
    await engine.assignUserTask(request);
  } catch (error) {
    if (error instanceof UserTaskAssignedError) {
      const name = plainName(error.task.assignee ?? '');
      const userId = await findUser(context, name);
      const person = userId === undefined ? name : { user: userId };
      throw new UserFacingError(message('tasks.takenAlready', { person }), { cause: error });
    }
    if (error instanceof UserTaskClosedError) {
      const said = error.task ? closedTask(error.task) : message('task.gone');
      throw new UserFacingError(said, { cause: error });
    }
    if (!(error instanceof EngineUnavailableError)) throw error;
    logger.warn({ err: error, taskKey: request.taskKey }, 'a task could not be assigned');
    throw new UserFacingError(message('home.engineRefuses'), { cause: error });
  }
  await setOpenTaskAssignee(db, request.taskKey, request.assignee);
  homes.note({ userIds: [request.assignee] });
}
