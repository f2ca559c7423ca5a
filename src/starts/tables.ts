import { sql } from 'drizzle-orm';
import { boolean, index, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { boundEvents } from '../bindings/binding-kinds.ts';
import { attempts, createdAt, instant, unfinished } from '../db/columns.ts';
import { jsonb } from '../db/jsonb.ts';
import type { WaitingJoin } from '../engines/engine.ts';
import { liveChats } from '../live-chats/tables.ts';
import type { Variables } from '../processes/value-types.ts';
import type { SessionFacts } from '../sessions/session-facts.ts';
import { sessions } from '../sessions/tables.ts';
import type { Message } from '../words/message.ts';
import type { FailedAttempt } from './failed-attempts.ts';

/** One request to run a process, and what became of it. */
export const starts = pgTable(
  'starts',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    teamId: text('team_id').notNull(),
    /** Names the occasion, which starts once: `event:<session>:<event>:<ts of a message, number of a closing>:<binding>` or `view:<view id>`. */
    key: text('key').notNull(),
    sessionId: uuid('session_id')
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    liveChatId: uuid('live_chat_id').references(() => liveChats.id, { onDelete: 'set null' }),
    /** Null: a person started it. */
    event: text('event', { enum: boundEvents }),
    /** The binding that asked for it, which may be gone by now; null: a person started it. */
    bindingId: uuid('binding_id'),
    /** Slack id of who started it by hand. */
    startedBy: text('started_by'),
    processDefinitionId: text('process_definition_id').notNull(),
    processName: text('process_name').notNull(),
    /** The session as it was when the event happened. */
    facts: jsonb('facts').$type<SessionFacts>().notNull(),
    /** For an automatic start: as in the binding at that moment, or when it was retried. */
    mapping: jsonb('mapping').$type<Record<string, string>>(),
    /** The span that it came of, as the W3C's Trace Context writes it; null: nothing was traced. */
    traceparent: text('traceparent'),
    /** The process's input; null for an automatic start until it runs. */
    variables: jsonb('variables').$type<Variables>(),
    status: text('status', { enum: ['waiting', 'running', 'completed', 'failed', 'cancelled'] }).notNull(),
    attempts: attempts(),
    unfinished: unfinished(),
    /** When a waiting start can be claimed: after a backoff, or once a crashed worker's lease expires. */
    dueAt: instant('due_at'),
    /** It waits, due or not, until its session is no longer marked as spam. */
    isHeld: boolean('is_held').notNull().default(false),
    /** Said in the language of whoever reads it. */
    reason: jsonb('reason').$type<Message>(),
    /** The errors of earlier attempts, newest last: starts/failed-attempts.ts. */
    failedAttempts: jsonb('failed_attempts').$type<FailedAttempt[]>(),
    processInstanceKey: text('process_instance_key'),
    /** The parallel gateways at which the running instance waits for more of their flows; null: it waits at none. */
    waitingJoins: jsonb('waiting_joins').$type<WaitingJoin[]>(),
    /** Where the activity channel's line of this start is. */
    activityChannel: text('activity_channel'),
    activityTs: text('activity_ts'),
    /** While the line there has still to be brought up to date: when to try (again). */
    activityDueAt: instant('activity_due_at'),
    activityAttempts: attempts('activity_attempts'),
    activityUnfinished: unfinished('activity_unfinished'),
    /** The start whose message has this start's line, where lines that came at once were gathered; null: its own. */
    activityLead: uuid('activity_lead'),
    /** The message's content, as a hash: it is not written again unchanged. */
    activityTold: text('activity_told'),
    /** The reply in the line's thread that tells the steps: where it is, and what it says, as a hash. */
    stepsTs: text('steps_ts'),
    stepsTold: text('steps_told'),
    createdAt,
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex('starts_key').on(table.teamId, table.key),
    index('starts_due').on(table.unfinished, table.dueAt).where(sql`${table.status} = 'waiting'`),
    index('starts_activity_lead').on(table.activityLead).where(sql`${table.activityLead} is not null`),
    index('starts_activity_due')
      .on(table.activityUnfinished, table.activityDueAt)
      .where(sql`${table.activityDueAt} is not null`),
    index('starts_instance').on(table.processInstanceKey),
    index('starts_session').on(table.sessionId, table.createdAt),
    // Whether a process runs in a session, however many others do and have.
    index('starts_active')
      .on(table.sessionId, table.processDefinitionId)
      .where(sql`${table.status} in ('waiting', 'running')`),
    // What a binding has started in a session, and when.
    index('starts_binding')
      .on(table.sessionId, table.bindingId, table.createdAt)
      .where(sql`${table.bindingId} is not null`),
    index('starts_live_chat').on(table.liveChatId, table.createdAt),
    // Few among many, and what people look for.
    index('starts_unhappy')
      .on(table.liveChatId, table.createdAt)
      .where(sql`${table.status} in ('failed', 'cancelled')`),
    index('starts_by_hand').on(table.startedBy, table.sessionId).where(sql`${table.startedBy} is not null`),
  ],
);

/** User tasks that are open, of the starts that they belong to: what the Home tab lists, without asking the engine. */
export const openTasks = pgTable(
  'open_tasks',
  {
    taskKey: text('task_key').primaryKey(),
    teamId: text('team_id').notNull(),
    startId: uuid('start_id')
      .notNull()
      .references(() => starts.id, { onDelete: 'cascade' }),
    /** The process that the task is in, which may be one that the start's process has called. */
    processName: text('process_name').notNull(),
    name: text('name').notNull(),
    /** Slack id of who has it; null: nobody does yet. */
    assignee: text('assignee'),
    /** Slack ids of the people and user groups that it falls to: its assignee alone, if there is one. */
    holders: text('holders').array().notNull(),
    /** To several people, of whom one may claim it. */
    isOffered: boolean('is_offered').notNull(),
    /** All of them were away, so it was offered to them all the same. */
    isForAll: boolean('is_for_all').notNull(),
    createdAt: instant('created_at').notNull(),
    dueDate: instant('due_date'),
  },
  (table) => [index('open_tasks_holders').using('gin', table.holders), index('open_tasks_start').on(table.startId)],
);

/** When people are to be reminded of an open task. The row goes with the task. */
export const taskReminders = pgTable(
  'task_reminders',
  {
    taskKey: text('task_key').notNull(),
    kind: text('kind', { enum: ['follow_up', 'due'] }).notNull(),
    remindAt: instant('remind_at').notNull(),
    /** When it may be claimed: at its time, after a backoff, or because its worker's lease ran out; null: done. */
    dueAt: instant('due_at'),
    attempts: attempts(),
    unfinished: unfinished(),
  },
  (table) => [
    primaryKey({ columns: [table.taskKey, table.kind] }),
    index('task_reminders_due').on(table.unfinished, table.dueAt).where(sql`${table.dueAt} is not null`),
  ],
);

/** The direct message that told a person of a user task. */
export const taskMessages = pgTable(
  'task_messages',
  {
    taskKey: text('task_key').notNull(),
    userId: text('user_id').notNull(),
    channelId: text('channel_id').notNull(),
    /** Null while it is being posted. */
    ts: text('ts'),
    /** The message says that the task is done or gone. */
    closed: boolean('closed').notNull().default(false),
    /** How the task stands, as the message says (see task-form/standing.ts); null: nothing was posted yet. */
    shown: text('shown'),
    /** Since when it is held by a modal, or being posted. */
    since: instant('since').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.taskKey, table.userId] }),
    // Held by a modal or being posted: few, while those that were posted add up.
    index('task_messages_held').on(table.channelId).where(sql`${table.ts} is null`),
    index('task_messages_open').on(table.taskKey.op('text_pattern_ops')).where(sql`not ${table.closed}`),
  ],
);

/** Pictures of processes that were uploaded to Slack, until they are deleted there. */
export const processPictures = pgTable(
  'process_pictures',
  {
    /** Slack's. */
    fileId: text('file_id').primaryKey(),
    teamId: text('team_id').notNull(),
    startId: uuid('start_id').notNull(),
    /** Names how the process stood. */
    state: text('state').notNull(),
    /** The thread of the start's line shows it. */
    inThread: boolean('in_thread').notNull().default(false),
    createdAt,
    /** When a newer one took its place. */
    supersededAt: instant('superseded_at'),
  },
  (table) => [
    index('process_pictures_start').on(table.startId),
    index('process_pictures_superseded')
      .on(table.teamId, table.supersededAt)
      .where(sql`${table.supersededAt} is not null and not ${table.inThread}`),
  ],
);
