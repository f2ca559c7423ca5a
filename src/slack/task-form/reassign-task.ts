import type { UserTask } from '../../engines/engine.ts';
import { UserFacingError } from '../../errors.ts';
import type { Start } from '../../starts/queries.ts';
import { mention, say } from '../block-kit/markup.ts';
import { openModal } from '../open-modal.ts';
import { startPatience } from '../patience.ts';
import { readTaskKey, requireTask } from '../rights/access-task.ts';
import { requireReassignRight } from '../rights/require-reassign-right.ts';
import { canHaveTask } from '../rights/task-people.ts';
import type { SlackContext } from '../slack-context.ts';
import { wordsFor } from '../words-for.ts';
import { assign } from './claim-task.ts';
import { resultModal } from './next-step.ts';
import { colleagueActionId, colleagueBlockId, reassignModal } from './reassign-view.ts';
import type { Submission } from './show-view.ts';
import { reachOf } from './task-reach.ts';
import { closedTask } from './views.ts';

/** Opens the modal that reassigns a task. */
export async function openReassign(
  context: SlackContext,
  { triggerId, userId, taskKey }: { triggerId: string; userId: string; taskKey: string },
): Promise<void> {
  const words = await wordsFor(context, userId);
  await openModal(context, { words, triggerId, title: words('tasks.reassignTitle') }, async () => {
    const { task, holder } = await taskToReassign(context, taskKey, userId);
    return reassignModal(words, task, holder);
  });
}

/** Assigns the task to the chosen person. */
export async function submitReassign(context: SlackContext, { ack, body, view }: Submission): Promise<void> {
  const userId = body.user.id;
  const patience = startPatience();
  const words = await wordsFor(context, userId);
  const taskKey = readTaskKey(view.private_metadata);
  const { task, start } = await patience.inTime(taskToReassign(context, taskKey, userId));
  const assignee = view.state.values[colleagueBlockId]?.[colleagueActionId]?.selected_user;
  if (!assignee || !(await patience.inTime(canHaveTask(context, start, assignee)))) {
    return ack({ response_action: 'errors', errors: { [colleagueBlockId]: words('tasks.cannotHave') } });
  }
  await patience.inTime(assign(context, { taskKey, assignee, allowOverride: true }));
  const done = say(words, 'tasks.reassigned', { person: mention(assignee), task: task.name });
  await ack({ response_action: 'update', view: resultModal(words, words('tasks.reassignTitle'), [done]) });
}

/** The task, for a person who may reassign it. Throws {@link UserFacingError} for others, and if the task is closed. */
async function taskToReassign(
  context: SlackContext,
  taskKey: string,
  userId: string,
): Promise<{ task: UserTask; start: Start; holder: string | undefined }> {
  const { task, start } = await requireTask(context, taskKey);
  const { holder } = await reachOf(context, task, start);
  await requireReassignRight(context, { start, holder }, userId);
  if (task.status !== 'open') throw new UserFacingError(closedTask(task));
  return { task, start, holder };
}
