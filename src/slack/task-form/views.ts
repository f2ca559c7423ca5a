import type { types } from '@slack/bolt';
import type { ModalView } from '@slack/web-api';
import type { UserTask } from '../../engines/engine.ts';
import type { Variables } from '../../processes/value-types.ts';
import { formBlocks } from '../block-kit/form-blocks.ts';
import { escapeMrkdwn, mrkdwn, plainText, slackLimits } from '../block-kit/limits.ts';
import type { TaskHolders } from './task-people.ts';

export const taskFormCallbackId = 'task_form';

export const taskScope = (taskKey: string) => `task:${taskKey}`;

export interface TaskFormOptions {
  /** Instead of the task's variables: what the person had entered. */
  variables?: Variables;
  /** Why the form is shown again. */
  notice?: string;
}

/** A user task's form; a task without one is its name and a button. */
export function taskFormModal(task: UserTask, { variables, notice }: TaskFormOptions = {}): ModalView {
  const fields = task.form
    ? formBlocks(task.form, variables ?? task.variables, { scope: taskScope(task.key) })
    : [section('This task has no form. Complete it when the work is done.')];
  const head: types.KnownBlock[] = [
    ...(notice ? [section(`⚠️ ${escapeMrkdwn(notice)}`)] : []),
    section(`*${escapeMrkdwn(task.name)}*\n${escapeMrkdwn(task.processName)}`),
  ];
  return {
    type: 'modal',
    callback_id: taskFormCallbackId,
    private_metadata: JSON.stringify({ taskKey: task.key }),
    notify_on_close: true,
    title: plainText(task.name, slackLimits.viewTitle),
    submit: plainText('Complete', slackLimits.viewSubmit),
    close: plainText('Close', slackLimits.viewSubmit),
    blocks: [...head, ...fields].slice(0, slackLimits.viewBlocks),
  };
}

/** While the process works after a task was completed. */
export function completingModal(task: Pick<UserTask, 'key' | 'name'>): ModalView {
  return {
    type: 'modal',
    callback_id: taskFormCallbackId,
    private_metadata: JSON.stringify({ taskKey: task.key }),
    notify_on_close: true,
    title: plainText(task.name, slackLimits.viewTitle),
    close: plainText('Close', slackLimits.viewSubmit),
    blocks: [section('Completing…')],
  };
}

/** Said to whoever opens or submits a task that is no longer open. */
export function closedTaskText(task: Pick<UserTask, 'name' | 'status' | 'completedBy'>): string {
  const name = `*${escapeMrkdwn(task.name)}*`;
  if (task.status === 'cancelled') return `${name} is no longer needed: the process went on without it.`;
  return task.completedBy
    ? `${name} was already completed by ${mentionUser(task.completedBy)}.`
    : `${name} was already completed.`;
}

/** Whom a task falls to, in mrkdwn that notifies nobody in a modal. */
export function mentionHolders({ userIds, groups }: TaskHolders): string {
  const names = [...groups.map((group) => `@${escapeMrkdwn(group.handle || group.name)}`), ...userIds.map(mentionUser)];
  if (names.length === 0) return 'nobody: the live chat has no operators';
  if (names.length > 5) return `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`;
  return names.join(', ');
}

/** Slack shows the person's name, also of one who has left. */
export function mentionUser(userId: string): string {
  return /^[UW][A-Z0-9]+$/.test(userId) ? `<@${userId}>` : escapeMrkdwn(userId);
}

export function section(text: string): types.SectionBlock {
  return { type: 'section', text: mrkdwn(text) };
}
