import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { selectRows } from '../db/query.ts';
import { taskReminders } from '../db/schema.ts';

export type ReminderKind = 'follow_up' | 'due';

export interface TaskReminder {
  taskKey: string;
  kind: ReminderKind;
  /** How often it was claimed, this time included. */
  attempts: number;
}

export const reminderKinds: ReminderKind[] = ['follow_up', 'due'];

/** As task of the messages that remind of it (see task-messages.ts). */
export const reminderOf = (kind: ReminderKind, taskKey: string) => `reminder:${kind}:${taskKey}`;

/** Each is added once, however often it is asked for; then signal `reminders_due`. */
export async function addReminders(
  db: Db,
  reminders: { taskKey: string; kind: ReminderKind; remindAt: Date }[],
): Promise<void> {
  if (reminders.length === 0) return;
  await db
    .insert(taskReminders)
    .values(reminders.map((reminder) => ({ ...reminder, dueAt: reminder.remindAt })))
    .onConflictDoNothing();
}

/** The tasks are over: there is nothing to remind of. */
export async function dropReminders(db: Db, taskKeys: string[]): Promise<void> {
  if (taskKeys.length > 0) await db.delete(taskReminders).where(inArray(taskReminders.taskKey, taskKeys));
}

/** Claims reminders whose time has come, for a lease. A lease that runs out is a crashed worker. */
export async function claimReminders(db: Db, limit: number, leaseMs: number): Promise<TaskReminder[]> {
  return selectRows<TaskReminder>(
    db,
    sql`update task_reminders
        set due_at = now() + ${leaseMs} * interval '1 millisecond', attempts = attempts + 1
        where (task_key, kind) in (select task_key, kind from task_reminders where due_at <= now()
          order by due_at limit ${limit} for update skip locked)
        returning task_key as "taskKey", kind, attempts`,
  );
}

/**
 * Whether a later reminder of the same task has come up as well: Kickoff was not running when this one was due, and one
 * reminder is enough.
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

/** People were reminded, or need not be. */
export async function finishReminder(db: Db, reminder: TaskReminder): Promise<void> {
  await db.update(taskReminders).set({ dueAt: null }).where(isReminder(reminder));
}

/** People cannot be reminded now. */
export async function postponeReminder(db: Db, reminder: TaskReminder, delayMs: number): Promise<void> {
  await db
    .update(taskReminders)
    .set({ dueAt: sql`now() + ${delayMs} * interval '1 millisecond'` })
    .where(isReminder(reminder));
}

/** How long until the next reminder, in milliseconds; undefined if there is none. */
export async function nextReminderDueIn(db: Db): Promise<number | undefined> {
  const [row] = await selectRows<{ ms: number | null }>(
    db,
    // A timer takes no more than 24 days; a worker looks far more often.
    sql`select least(ceil(extract(epoch from min(due_at) - now()) * 1000), 86400000)::int as ms from task_reminders
        where due_at is not null`,
  );
  return row?.ms ?? undefined;
}

const isReminder = ({ taskKey, kind }: TaskReminder) =>
  and(eq(taskReminders.taskKey, taskKey), eq(taskReminders.kind, kind));
