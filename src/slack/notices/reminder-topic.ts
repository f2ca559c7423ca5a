import type { NoticeTopic } from './notices.ts';
import type { ReminderKind, TaskReminder } from './task-reminders.ts';

/** The topic of reminders about a task. */
export const reminderTopic = ({ kind, taskKey }: TaskReminder): NoticeTopic => ({
  kind: 'reminder',
  subject: taskKey,
  occasion: kind,
});

/** The kind of date that a reminder is about. */
export const reminderKindOf = ({ occasion }: NoticeTopic): ReminderKind => (occasion === 'due' ? 'due' : 'follow_up');
