import type { UserTask } from '../../engines/engine.ts';
import { addReminders, dropReminders, type ReminderKind } from '../notices/task-reminders.ts';
import type { SlackContext } from '../slack-context.ts';

/** Schedules reminders for the dates of open tasks, and drops those of others. */
export async function scheduleReminders({ database, db }: SlackContext, tasks: UserTask[]): Promise<void> {
  const dated = tasks.filter(({ dueDate, followUpDate }) => dueDate ?? followUpDate);
  if (dated.length === 0) return;
  const reminders = dated.filter(({ status }) => status === 'open').flatMap(remindersOf);
  await addReminders(db, reminders);
  await dropReminders(
    db,
    dated.flatMap(({ key, status }) => (status === 'open' ? [] : [key])),
  );
  if (reminders.length > 0) database.signal('reminders_due');
}

/** Dates that had already passed when the task was created need no reminder: the message about the task names them. */
function remindersOf({ key: taskKey, createdAt, followUpDate, dueDate }: UserTask) {
  const dates: [ReminderKind, Date | undefined][] = [
    ['follow_up', followUpDate],
    ['due', dueDate],
  ];
  return dates.flatMap(([kind, remindAt]) => (remindAt && remindAt > createdAt ? [{ taskKey, kind, remindAt }] : []));
}
