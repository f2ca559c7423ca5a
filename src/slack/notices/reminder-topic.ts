import type { NoticeTopic } from './notices.ts';
import type { ReminderKind, TaskReminder } from './task-reminders.ts';

/** The topic of the notices that remind people of a task. */
export const reminderTopic = ({ kind, taskKey }: TaskReminder): NoticeTopic => ({
  kind: 'reminder',
  subject: taskKey,
  occasion: kind,
});

/** The date of a task that a notice reminds of. */
export const reminderKindOf = ({ occasion }: NoticeTopic): ReminderKind => (occasion === 'due' ? 'due' : 'follow_up');
