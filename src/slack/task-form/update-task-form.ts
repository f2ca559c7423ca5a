import type { BlockAction } from '@slack/bolt';
import type { FormChange } from '../form-changes.ts';
import { accessTask, readTaskKey } from '../rights/access-task.ts';
import { unknownNames } from '../rights/task-people.ts';
import type { SlackContext } from '../slack-context.ts';
import { updateView } from '../update-view.ts';
import { wordsFor } from '../words-for.ts';
import { showTaskForm } from './task-form-values.ts';
import { taskFormModal } from './views.ts';

/** Updates the form of a task after an input that other fields depend on. */
export async function updateTaskForm(
  context: SlackContext,
  userId: string,
  view: NonNullable<BlockAction['view']>,
  { entries, notice }: FormChange,
): Promise<void> {
  const words = await wordsFor(context, userId);
  const { task, start } = await accessTask(context, readTaskKey(view.private_metadata), userId);
  if (task.status !== 'open') return;
  const shown = await showTaskForm(context, task, userId, view, entries);
  const unknown = await unknownNames(context, task, start);
  await updateView(
    context,
    view.id,
    taskFormModal(words, task, { shown, unknown, ...(notice && { notice: words(notice) }) }),
  );
}
