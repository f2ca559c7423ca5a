import type { NoticeTopic } from './notices.ts';
import type { ReminderKind, TaskReminder } from './task-reminders.ts';

/** The topic of reminders about a task. A date that was moved is another occasion. */
export const reminderTopic = ({ kind, taskKey, remindAt }: TaskReminder): NoticeTopic => ({
  kind: 'reminder',
  subject: taskKey,
  occasion: `${kind}:${Math.round(remindAt)}`,
});

/** The kind of date that a reminder is about. */
export const reminderKindOf = ({ occasion }: NoticeTopic): ReminderKind =>
  occasion.startsWith('due') ? 'due' : 'follow_up';
