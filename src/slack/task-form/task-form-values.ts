import type { UserTask } from '../../engines/engine.ts';
import type { Form } from '../../processes/form.ts';
import type { ShownForm } from '../../processes/show-form.ts';
import type { Words } from '../../words/words.ts';
import { type FormValues, readFormValues, showEntered, type ViewState } from '../block-kit/form-values.ts';
import type { SlackContext } from '../slack-context.ts';
import { utcOffset } from './utc-offset.ts';
import { taskScope } from './views.ts';

const noForm = (task: UserTask): Form => ({ id: task.elementId, items: [] });

/** The form of a task with what was entered in it so far. */
export async function showTaskForm(
  context: SlackContext,
  task: UserTask,
  userId: string,
  state: ViewState,
): Promise<ShownForm> {
  return showEntered(task.form ?? noForm(task), state, await readOptions(context, task, userId));
}

/** What was entered in the form of a task. */
export async function readTaskForm(
  context: SlackContext,
  words: Words,
  task: UserTask,
  userId: string,
  state: ViewState,
): Promise<FormValues> {
  return readFormValues(words, task.form ?? noForm(task), state, await readOptions(context, task, userId));
}

async function readOptions({ directory }: SlackContext, { key, variables }: UserTask, userId: string) {
  const person = await directory.person(userId);
  return { scope: taskScope(key), variables, utcOffset: utcOffset(person?.timezone) };
}
