import type { types } from '@slack/bolt';
import type { ModalView } from '@slack/web-api';
import type { UserTask } from '../../engines/engine.ts';
import { type ShownForm, showForm } from '../../processes/show-form.ts';
import { type Message, message } from '../../words/message.ts';
import type { Words } from '../../words/words.ts';
import { carriedWith } from '../block-kit/carried-entries.ts';
import { shownBlocks } from '../block-kit/form-blocks.ts';
import { slackLimits } from '../block-kit/limits.ts';
import { listSome } from '../block-kit/list-some.ts';
import { joined, type Markup, markup, mention, say } from '../block-kit/markup.ts';
import { plainText, section } from '../block-kit/text-objects.ts';
import type { TaskHolders } from '../rights/task-people.ts';
import { unknownLines } from './task-message.ts';

export const taskFormCallbackId = 'task_form';

export const taskScope = (taskKey: string) => `task:${taskKey}`;

export interface TaskFormOptions {
  /** The form with the person's input. */
  shown?: ShownForm;
  /** The reason why the form is shown again. */
  notice?: string;
  /** Names from the process that Slack does not know. */
  unknown?: string[];
}

/** The modal of a user task: its form, or only its name and a button if it has none. */
export function taskFormModal(
  words: Words,
  task: UserTask,
  { shown, notice, unknown = [] }: TaskFormOptions = {},
): ModalView {
  const { form, variables } = task;
  const filled = form && (shown ?? showForm(form, { variables }));
  const fields = filled
    ? shownBlocks(words, filled, { scope: taskScope(task.key) })
    : [section(say(words, 'task.noForm'))];
  const head: types.KnownBlock[] = [
    ...(notice ? [section(markup`⚠️ ${notice}`)] : []),
    section(joined([markup`*${task.name}*\n${task.processName}`, ...unknownLines(words, unknown)], '\n')),
  ];
  return {
    type: 'modal',
    callback_id: taskFormCallbackId,
    private_metadata: JSON.stringify({ taskKey: task.key, ...(filled && carriedWith(filled)) }),
    notify_on_close: true,
    title: plainText(task.name, slackLimits.viewTitle),
    submit: plainText(words('task.complete'), slackLimits.viewSubmit),
    close: plainText(words('button.close'), slackLimits.viewSubmit),
    blocks: [...head, ...fields].slice(0, slackLimits.viewBlocks),
  };
}

/** Shown while the process continues after a task was completed. */
export function completingModal(words: Words, task: Pick<UserTask, 'key' | 'name'>): ModalView {
  return {
    type: 'modal',
    callback_id: taskFormCallbackId,
    private_metadata: JSON.stringify({ taskKey: task.key }),
    notify_on_close: true,
    title: plainText(task.name, slackLimits.viewTitle),
    close: plainText(words('button.close'), slackLimits.viewSubmit),
    blocks: [section(say(words, 'task.completing'))],
  };
}

/** The message for a person who opens or submits a task that is no longer open. */
export function closedTask(task: Pick<UserTask, 'name' | 'status' | 'completedBy'>): Message {
  const { name } = task;
  if (task.status === 'cancelled') return message('task.wasCancelled', { task: name });
  return task.completedBy
    ? message('task.wasCompletedBy', { task: name, person: { user: task.completedBy } })
    : message('task.wasCompleted', { task: name });
}

/** The people and groups who may work on a task. Mentions in a modal notify nobody. */
export function mentionHolders(words: Words, { userIds, groups }: Pick<TaskHolders, 'userIds' | 'groups'>): Markup {
  const names = [...groups.map((group) => `@${group.handle || group.name}`), ...userIds.map(mention)];
  if (names.length === 0) return say(words, 'task.holdersNobody');
  return listSome(words, names, 5);
}
