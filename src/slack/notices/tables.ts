import { sql } from 'drizzle-orm';
import { boolean, index, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { attempts, instant, unfinished } from '../../db/columns.ts';
import { starts } from '../../starts/tables.ts';

/** True once the message shows that its subject is over. */
const closed = () => boolean('closed').notNull().default(false);

/**
 * The direct message to a person about a user task. A row is in one of these states:
 *   held      `view_id` is set: a modal shows the task to the person, who gets a message only if the modal is closed
 *   claimed   neither `view_id` nor `ts`: the message is being posted, or its poster crashed
 *   released  claimed, and `is_released`: a modal held the task, and its releaser is posting the message
 *   posted    `channel_id` and `ts` are the message's address, `shown` is the state of the task in it
 *   closed    the message says that the task is over, or there is no message to say it
 */
export const taskMessages = pgTable(
  'task_messages',
  {
    taskKey: text('task_key').notNull(),
    userId: text('user_id').notNull(),
    viewId: text('view_id'),
    isReleased: boolean('is_released').notNull().default(false),
    /** Has no meaning before the message is posted: the previous release keeps the id of the modal here. */
    channelId: text('channel_id').notNull().default(''),
    ts: text('ts'),
    closed: closed(),
    /** The state of the task that the message shows (see task-form/standing.ts). */
    shown: text('shown'),
    /** When a modal began to hold it, or its posting began. */
    since: instant('since').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.taskKey, table.userId] }),
    // Only a few rows, while posted messages accumulate.
    index('task_messages_unposted').on(table.viewId).where(sql`${table.ts} is null and not ${table.closed}`),
  ],
);

/** Modals in which a person waits for the next task of a start. */
export const startHolds = pgTable(
  'start_holds',
  {
    startId: uuid('start_id')
      .notNull()
      .references(() => starts.id, { onDelete: 'cascade' }),
    userId: text('user_id').notNull(),
    /** Null: the modal was closed, and its releaser is notifying the person, or has crashed. */
    viewId: text('view_id'),
    since: instant('since').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.startId, table.userId] }), index('start_holds_view').on(table.viewId)],
);

/** Direct messages to people about anything but a new task. */
export const notices = pgTable(
  'notices',
  {
    /**
     * | kind | subject | occasion |
     * | --- | --- | --- |
     * | reminder | task key | which date, and when it is |
     * | trouble | start id | number of the attempt, and the status |
     * | exposure | live chat id | activity channel that clients can read |
     * | drift | process definition id | fingerprint of what does not fit |
     * | job | job key | none |
     */
    kind: text('kind', { enum: ['reminder', 'trouble', 'exposure', 'drift', 'job'] }).notNull(),
    subject: text('subject').notNull(),
    occasion: text('occasion').notNull().default(''),
    userId: text('user_id').notNull(),
    /** The message's address; null: it is being posted, or its poster crashed. */
    channelId: text('channel_id'),
    ts: text('ts'),
    closed: closed(),
    /** In a reminder: the state of the task that it shows (see task-form/standing.ts). */
    shown: text('shown'),
    /** When its posting began. */
    since: instant('since').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.kind, table.subject, table.occasion, table.userId] })],
);

/** When to remind people of an open task. The row is deleted with the task. */
export const taskReminders = pgTable(
  'task_reminders',
  {
    taskKey: text('task_key').notNull(),
    kind: text('kind', { enum: ['follow_up', 'due'] }).notNull(),
    remindAt: instant('remind_at').notNull(),
    /** When it can be claimed: at its date, after a backoff, or once a crashed worker's lease expires; null: done. */
    dueAt: instant('due_at'),
    attempts: attempts(),
    unfinished: unfinished(),
  },
  (table) => [
    primaryKey({ columns: [table.taskKey, table.kind] }),
    index('task_reminders_due').on(table.unfinished, table.dueAt).where(sql`${table.dueAt} is not null`),
  ],
);
