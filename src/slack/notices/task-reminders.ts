import { inArray, sql } from 'drizzle-orm';
import type { Db } from '../../db/client.ts';
import { type Claimed, dueQueue } from '../../db/due-queue.ts';
import { selectRows } from '../../db/query.ts';
import { taskReminders } from './tables.ts';

export type ReminderKind = 'follow_up' | 'due';

export interface TaskReminder {
  taskKey: string;
  kind: ReminderKind;
  /** The date, in milliseconds since 1970. */
  remindAt: number;
}

export type ClaimedReminder = Claimed<TaskReminder>;

/** Reminders that are due. One that was set aside is never retried: the task stays in its holders' Home tabs. */
export const reminderQueue = dueQueue<TaskReminder>({
  table: 'task_reminders',
  key: ['task_key', 'kind'],
  columns: sql`task_key as "taskKey", kind, (extract(epoch from remind_at) * 1000)::float8 as "remindAt"`,
  finished: 'clear',
});

/** Adds reminders, or moves them to another date. Idempotent. Then signal `reminders_due`. */
export async function addReminders(
  db: Db,
  reminders: { taskKey: string; kind: ReminderKind; remindAt: Date }[],
): Promise<void> {
  if (reminders.length === 0) return;
  await db
    .insert(taskReminders)
    .values(reminders.map((reminder) => ({ ...reminder, dueAt: reminder.remindAt })))
    .onConflictDoUpdate({
      target: [taskReminders.taskKey, taskReminders.kind],
      set: { remindAt: sql`excluded.remind_at`, dueAt: sql`excluded.due_at`, attempts: 0, unfinished: 0 },
      setWhere: sql`task_reminders.remind_at <> excluded.remind_at`,
    });
}

/** Deletes the reminders of closed tasks. */
export async function dropReminders(db: Db, taskKeys: string[]): Promise<void> {
  if (taskKeys.length > 0) await db.delete(taskReminders).where(inArray(taskReminders.taskKey, taskKeys));
}

/**
 * Whether a later reminder of the same task is due as well: Kickoff was not running when this one was due, and one reminder is
 * enough.
 */
export async function isCovered(db: Db, { taskKey, kind }: TaskReminder): Promise<boolean> {
  const [row] = await selectRows<{ isCovered: boolean }>(
    db,
    sql`select exists (
          select from task_reminders mine join task_reminders other using (task_key)
          where mine.task_key = ${taskKey} and mine.kind = ${kind} and other.kind <> mine.kind
            and other.remind_at <= now()
            and (other.remind_at > mine.remind_at or (other.remind_at = mine.remind_at and other.kind = 'due'))
        ) as "isCovered"`,
  );
  return row?.isCovered ?? false;
}
