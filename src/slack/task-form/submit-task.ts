import {
  EngineRefusedError,
  EngineUnavailableError,
  type UserTask,
  UserTaskClosedError,
} from '../../engines/engine.ts';
import { UserFacingError } from '../../errors.ts';
import type { Variables } from '../../processes/value-types.ts';
import type { Start } from '../../starts/queries.ts';
import { holdTask, startHold } from '../../starts/task-messages.ts';
import type { Words } from '../../words/words.ts';
import { readFormValues } from '../block-kit/form-values.ts';
import { say } from '../block-kit/markup.ts';
import { openModal } from '../open-modal.ts';
import { startPatience } from '../patience.ts';
import { accessTask, readTaskKey } from '../rights/access-task.ts';
import type { SlackContext } from '../slack-context.ts';
import { wordsFor } from '../words-for.ts';
import { nextStepModal, resultModal } from './next-step.ts';
import { releaseModal } from './notify-tasks.ts';
import { answerWithView, type Submission } from './show-view.ts';
import { utcOffset } from './utc-offset.ts';
import { closedTask, completingModal, taskFormModal, taskScope } from './views.ts';

/** Shows a task's form to whoever clicked its button. */
export async function openTask(
  context: SlackContext,
  { triggerId, userId, taskKey }: { triggerId: string; userId: string; taskKey: string },
): Promise<void> {
  const words = await wordsFor(context, userId);
  await openModal(context, { words, triggerId, title: words('task.title') }, async () => {
    const { task } = await accessTask(context, taskKey, userId);
    return task.status === 'open' ? taskFormModal(words, task) : closedModal(words, task);
  });
}

/** Completes a task with what was entered, unless that has mistakes, which are shown at their fields. */
export async function submitTask(context: SlackContext, submission: Submission): Promise<void> {
  const { ack, body, view } = submission;
  const userId = body.user.id;
  const patience = startPatience();
  const words = await wordsFor(context, userId);
  const { task, start } = await patience.inTime(accessTask(context, readTaskKey(view.private_metadata), userId));
  if (task.status !== 'open') return ack({ response_action: 'update', view: closedModal(words, task) });
  const { values, errors } = await patience.inTime(readValues(context, words, submission, task, userId));
  if (Object.keys(errors).length > 0) return ack({ response_action: 'errors', errors });
  const viewId = view.root_view_id ?? view.id;
  const isOpen = await answerWithView(
    context,
    words,
    submission,
    patience,
    () => complete(context, words, { task, start, values, userId, viewId }),
    completingModal(words, task),
  );
  if (!isOpen) await releaseModal(context, viewId);
}

async function readValues(context: SlackContext, words: Words, { view }: Submission, task: UserTask, userId: string) {
  if (!task.form) return { values: {}, errors: {} };
  const person = await context.directory.person(userId);
  const options = { scope: taskScope(task.key), variables: task.variables, utcOffset: utcOffset(person?.timezone) };
  return readFormValues(words, task.form, view.state.values, options);
}

interface Completion {
  task: UserTask;
  start: Start;
  values: Variables;
  userId: string;
  viewId: string;
}

async function complete(context: SlackContext, words: Words, { task, start, values, userId, viewId }: Completion) {
  // Whatever task comes next is waited for in this modal: no message about it, for now.
  await holdTask(context.db, startHold(start.id), userId, viewId);
  try {
    await context.engine.completeUserTask({ taskKey: task.key, variables: values, completedBy: userId });
  } catch (error) {
    await releaseModal(context, viewId);
    if (error instanceof UserTaskClosedError) return closedModal(words, error.task ?? task);
    if (error instanceof EngineRefusedError) throw new UserFacingError(error.said, { cause: error });
    if (!(error instanceof EngineUnavailableError)) throw error;
    context.logger.warn({ err: error, taskKey: task.key }, 'a task could not be completed');
    const notice = words('task.engineAway');
    return taskFormModal(words, task, { variables: { ...task.variables, ...values }, notice });
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
