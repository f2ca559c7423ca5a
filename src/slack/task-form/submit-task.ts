import {
  EngineRefusedError,
  EngineUnavailableError,
  type UserTask,
  UserTaskClosedError,
  UserTaskDeniedError,
} from '../../engines/engine.ts';
import { UserFacingError } from '../../errors.ts';
import type { ShownForm } from '../../processes/show-form.ts';
import type { Variables } from '../../processes/value-types.ts';
import type { Start } from '../../starts/queries.ts';
import type { Words } from '../../words/words.ts';
import { isShown } from '../block-kit/is-shown.ts';
import { say } from '../block-kit/markup.ts';
import { waitInModal } from '../notices/start-holds.ts';
import { openModal } from '../open-modal.ts';
import { startPatience } from '../patience.ts';
import { accessTask, readTaskKey } from '../rights/access-task.ts';
import { unknownNames } from '../rights/task-people.ts';
import type { SlackContext } from '../slack-context.ts';
import { wordsFor } from '../words-for.ts';
import { nextStepModal, resultModal } from './next-step.ts';
import { releaseModal } from './notify-tasks.ts';
import { answerWithView, type Submission } from './show-view.ts';
import { readTaskForm } from './task-form-values.ts';
import { closedTask, completingModal, taskFormModal } from './views.ts';

/** Shows a task's form to the person who clicked its button. */
export async function openTask(
  context: SlackContext,
  { triggerId, userId, taskKey }: { triggerId: string; userId: string; taskKey: string },
): Promise<void> {
  const words = await wordsFor(context, userId);
  await openModal(context, { words, triggerId, title: words('task.title') }, async () => {
    const { task, start } = await accessTask(context, taskKey, userId);
    if (task.status !== 'open') return closedModal(words, task);
    return taskFormModal(words, task, { unknown: await unknownNames(context, task, start) });
  });
}

/** Completes a task with the input, or shows mistakes at the fields. */
export async function submitTask(context: SlackContext, submission: Submission): Promise<void> {
  const { ack, body, view } = submission;
  const userId = body.user.id;
  const patience = startPatience();
  const words = await wordsFor(context, userId);
  const { task, start } = await patience.inTime(accessTask(context, readTaskKey(view.private_metadata), userId));
  if (task.status !== 'open') return ack({ response_action: 'update', view: closedModal(words, task) });
  const read = await patience.inTime(readTaskForm(context, words, task, userId, view));
  const { values, errors, shown } = read;
  if (!isShown(view, read.blockIds)) {
    const notice = words('form.changed');
    const unknown = await unknownNames(context, task, start);
    return ack({ response_action: 'update', view: taskFormModal(words, task, { shown, notice, unknown }) });
  }
  if (Object.keys(errors).length > 0) return ack({ response_action: 'errors', errors });
  const viewId = view.root_view_id ?? view.id;
  const isOpen = await answerWithView(
    context,
    words,
    submission,
    patience,
    () => complete(context, words, { task, start, values, shown, userId, viewId }),
    completingModal(words, task),
  );
  if (!isOpen) await releaseModal(context, viewId);
}

interface Completion {
  task: UserTask;
  start: Start;
  values: Variables;
  /** The form as submitted. */
  shown: ShownForm;
  userId: string;
  viewId: string;
}

async function complete(context: SlackContext, words: Words, completion: Completion) {
  const { task, start, values, shown, userId, viewId } = completion;
  // The modal waits for the next task, so that no message about it is sent for now.
  await waitInModal(context.db, start.id, userId, viewId);
  try {
    await context.engine.completeUserTask({ taskKey: task.key, variables: values, completedBy: userId });
  } catch (error) {
    await releaseModal(context, viewId);
    if (error instanceof UserTaskClosedError) return closedModal(words, error.task ?? task);
    if (error instanceof UserTaskDeniedError) {
      const unknown = await unknownNames(context, task, start);
      return taskFormModal(words, task, { shown, notice: words(error.said), unknown });
    }
    if (error instanceof EngineRefusedError) throw new UserFacingError(error.said, { cause: error });
    if (!(error instanceof EngineUnavailableError)) throw error;
    context.logger.warn({ err: error, taskKey: task.key }, 'a task could not be completed');
    const unknown = await unknownNames(context, task, start);
    return taskFormModal(words, task, { shown, notice: words('task.engineAway'), unknown });
  }
  return nextStepModal(context, {
    words,
    start,
    processInstanceKey: task.processInstanceKey,
    userId,
    viewId,
    done: say(words, 'task.isDone', { task: task.name }),
  });
}

function closedModal(words: Words, task: UserTask) {
  return resultModal(words, task.processName, [say(words, closedTask(task))]);
}
