import type { UserTask } from '../../engines/engine.ts';
import type { Form } from '../../processes/form.ts';
import type { ShownForm } from '../../processes/show-form.ts';
import type { Words } from '../../words/words.ts';
import { changedEntries, type EntryChange } from '../block-kit/carried-entries.ts';
import {
  type FormValues,
  type ReadFormValuesOptions,
  readFormValues,
  showEntered,
  stateOf,
  type ViewState,
} from '../block-kit/form-values.ts';
import { readTaskMetadata } from '../rights/access-task.ts';
import type { SlackContext } from '../slack-context.ts';
import { utcOffset } from './utc-offset.ts';
import { taskScope } from './views.ts';

/** A modal that shows the form, as in Slack's payload. */
interface FormView {
  state?: { values: ViewState } | undefined;
  private_metadata: string;
}

const noForm = (task: UserTask): Form => ({ id: task.elementId, items: [] });

/** The form of a task with the input so far, after adding and removing list entries if asked. */
export async function showTaskForm(
  context: SlackContext,
  task: UserTask,
  userId: string,
  view: FormView,
  changes: readonly EntryChange[] = [],
): Promise<ShownForm> {
  const options = await readOptions(context, task, userId, view);
  const entries = changedEntries(options.entries, changes);
  return showEntered(task.form ?? noForm(task), stateOf(view), { ...options, entries });
}

/** Reads what was entered in the form of a task. */
export async function readTaskForm(
  context: SlackContext,
  words: Words,
  task: UserTask,
  userId: string,
  view: FormView,
): Promise<FormValues> {
  const options = await readOptions(context, task, userId, view);
  return readFormValues(words, task.form ?? noForm(task), stateOf(view), options);
}

async function readOptions(
  { directory }: SlackContext,
  { key, variables }: UserTask,
  userId: string,
  view: FormView,
): Promise<ReadFormValuesOptions> {
  const person = await directory.person(userId);
  const { entries } = readTaskMetadata(view.private_metadata);
  return { scope: taskScope(key), variables, entries, utcOffset: utcOffset(person?.timezone) };
}
