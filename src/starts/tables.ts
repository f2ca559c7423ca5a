import { sql } from 'drizzle-orm';
import { boolean, index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
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

/** One request to run a process, with its outcome. */
export const starts = pgTable(
  'starts',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    teamId: text('team_id').notNull(),
    /**
     * Identifies the occasion, which starts once: `event:<session>:<event>:<ts of a message, number of a closing>:<binding>` or
     * `view:<view id>`.
     */
    key: text('key').notNull(),
    sessionId: uuid('session_id')
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    liveChatId: uuid('live_chat_id').references(() => liveChats.id, { onDelete: 'set null' }),
    /** Null: a person started it. */
    event: text('event', { enum: boundEvents }),
    /** The binding that made it, which may be gone by now; null: a person started it. */
    bindingId: uuid('binding_id'),
    /** Slack id of the person who started it by hand. */
    startedBy: text('started_by'),
    processDefinitionId: text('process_definition_id').notNull(),
    processName: text('process_name').notNull(),
    /** The session's facts when the event happened. */
    facts: jsonb('facts').$type<SessionFacts>().notNull(),
    /** For an automatic start: the binding's mapping at that moment, or when it was retried. */
    mapping: jsonb('mapping').$type<Record<string, string>>(),
    /** The tracing span that it came from, in W3C Trace Context format; null if nothing was traced. */
    traceparent: text('traceparent'),
    /** The process's input; null for an automatic start until it runs. */
    variables: jsonb('variables').$type<Variables>(),
    status: text('status', { enum: ['waiting', 'running', 'completed', 'failed', 'cancelled'] }).notNull(),
    attempts: attempts(),
    unfinished: unfinished(),
    /** When a waiting start can be claimed: after a backoff, or once a crashed worker's lease expires. */
    dueAt: instant('due_at'),
    /** Held, due or not, until its session is no longer marked as spam. */
    isHeld: boolean('is_held').notNull().default(false),
    /** Rendered in the reader's language. */
    reason: jsonb('reason').$type<Message>(),
    /** The errors of earlier attempts, newest last, see failed-attempts.ts. */
    failedAttempts: jsonb('failed_attempts').$type<FailedAttempt[]>(),
    processInstanceKey: text('process_instance_key'),
    /** The parallel gateways at which the running instance waits for further flows; null if there are none. */
    waitingJoins: jsonb('waiting_joins').$type<WaitingJoin[]>(),
    /** Channel of the start's activity line. */
    activityChannel: text('activity_channel'),
    activityTs: text('activity_ts'),
    /** When to update the activity line; null: it is up to date. */
    activityDueAt: instant('activity_due_at'),
    activityAttempts: attempts('activity_attempts'),
    activityUnfinished: unfinished('activity_unfinished'),
    /** The start whose message contains this start's line, if lines were posted together; null: its own message. */
    activityLead: uuid('activity_lead'),
    /** Hash of the message's content, to skip unchanged updates. */
    activityTold: text('activity_told'),
    /** The ts of the reply in the line's thread that lists the steps, and the hash of its content. */
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
    // Finds the running process of a session, however many others there are.
    index('starts_active')
      .on(table.sessionId, table.processDefinitionId)
      .where(sql`${table.status} in ('waiting', 'running')`),
    // Finds what a binding has started in a session, and when.
    index('starts_binding')
      .on(table.sessionId, table.bindingId, table.createdAt)
      .where(sql`${table.bindingId} is not null`),
    index('starts_live_chat').on(table.liveChatId, table.createdAt),
    // Few among many, and the ones people look for.
    index('starts_unhappy')
      .on(table.liveChatId, table.createdAt)
      .where(sql`${table.status} in ('failed', 'cancelled')`),
    index('starts_by_hand').on(table.startedBy, table.sessionId).where(sql`${table.startedBy} is not null`),
  ],
);

/** Open user tasks of starts, so that the Home tab can list them without asking the engine. */
export const openTasks = pgTable(
  'open_tasks',
  {
    taskKey: text('task_key').primaryKey(),
    teamId: text('team_id').notNull(),
    startId: uuid('start_id')
      .notNull()
      .references(() => starts.id, { onDelete: 'cascade' }),
    /** The process of the task, which may be one that the start's process called. */
    processName: text('process_name').notNull(),
    name: text('name').notNull(),
    /** Slack id of the person who has it; null if nobody does yet. */
    assignee: text('assignee'),
    /** Slack ids of the people and user groups that it falls to; only the assignee, if there is one. */
    holders: text('holders').array().notNull(),
    /** True if it is offered to several people, one of whom may claim it. */
    isOffered: boolean('is_offered').notNull(),
    /** True if all of them were away, so that it was offered to them anyway. */
    isForAll: boolean('is_for_all').notNull(),
    createdAt: instant('created_at').notNull(),
    dueDate: instant('due_date'),
  },
  (table) => [index('open_tasks_holders').using('gin', table.holders), index('open_tasks_start').on(table.startId)],
);
