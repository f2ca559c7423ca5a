import { sql } from 'drizzle-orm';
import { bigint, boolean, index, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { timedEvents } from '../bindings/binding-kinds.ts';
import type { KeptHeldBack } from '../bindings/kept-held-back.ts';
import { attempts, instant, unfinished } from '../db/columns.ts';
import { jsonb } from '../db/jsonb.ts';
import type { MessageFacts } from '../sessions/session-facts.ts';
import { sessions } from '../sessions/tables.ts';

/** `created`: the conversation became a session when it began, and was not adopted later. */
const sessionEventKinds = ['created', 'message', 'reaction', 'closed', 'reopened'] as const;

/** Facts about sessions. The natural key keeps each once, however often Slack delivers it. */
export const sessionEvents = pgTable(
  'session_events',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    sessionId: uuid('session_id')
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    kind: text('kind', { enum: sessionEventKinds }).notNull(),
    /**
     * For a message its ts; for a closing or reopening the event_ts of its event; empty for the creation; for a reaction the
     * message's ts and the emoji, `1700000000.000100:eyes`, with `:staff` appended once staff added it.
     */
    slackTs: text('slack_ts').notNull(),
    at: instant('at').notNull(),
    /** When the fact was first recorded. */
    receivedAt: instant('received_at').notNull().defaultNow(),
    /** Number of deliveries, and the time of the last if there was more than one. */
    deliveries: integer('deliveries').notNull().default(1),
    redeliveredAt: instant('redelivered_at'),
    /** The state at that time: the author's role, the session's status, and whether a process was bound to the event. */
    author: text('author', { enum: ['client', 'staff', 'bystander', 'process', 'app'] }),
    sessionStatus: text('session_status', { enum: ['open', 'closed', 'spam'] }),
    isBound: boolean('is_bound'),
    /** Why bindings that were tried did not start their process; null if there were none. */
    heldBack: jsonb('held_back').$type<KeptHeldBack>(),
    /** Whether a process of the session was waiting for it at that moment; null if not, or if no binding asked. */
    isAwaited: boolean('is_awaited'),
  },
  (table) => [uniqueIndex('session_events_key').on(table.sessionId, table.kind, table.slackTs)],
);

/**
 * Waits for an answer, at most one of each kind per session: the client's (`client_waiting`) and the staff's (`client_silent`).
 * Only stored if a binding asks for it. A due queue, see db/due-queue.ts.
 */
export const sessionTimers = pgTable(
  'session_timers',
  {
    sessionId: uuid('session_id')
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    event: text('event', { enum: timedEvents }).notNull(),
    /** When the unanswered message was written (the client's first, or the staff's last), and its ts. */
    since: instant('since').notNull(),
    ts: text('ts').notNull(),
    /** Ids of the bindings that have had their turn. */
    tried: uuid('tried').array().notNull().default([]),
    /**
     * When to check the wait: when the next binding's time is over, plus time for an answer on its way. Null: no binding is
     * left.
     */
    dueAt: instant('due_at'),
    attempts: attempts(),
    unfinished: unfinished(),
  },
  (table) => [
    primaryKey({ columns: [table.sessionId, table.event] }),
    index('session_timers_due').on(table.unfinished, table.dueAt).where(sql`${table.dueAt} is not null`),
  ],
);

/** Processes that may wait for messages about a conversation, as the engine reports them. `*`: instances without a start. */
export const conversationListeners = pgTable(
  'conversation_listeners',
  {
    messageName: text('message_name').notNull(),
    processDefinitionId: text('process_definition_id').notNull(),
  },
  (table) => [primaryKey({ columns: [table.messageName, table.processDefinitionId] })],
);

/** Messages and closings that processes may wait for, until they are published. */
export const conversationEvents = pgTable(
  'conversation_events',
  {
    /** Defines the order in which the events of a session are published. */
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    sessionId: uuid('session_id')
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    kind: text('kind', { enum: ['message', 'closed'] }).notNull(),
    /** For a message its ts, for a closing its number. */
    key: text('key').notNull(),
    message: jsonb('message').$type<MessageFacts>(),
    at: instant('at').notNull(),
    /** False: processes that begin with it have begun already, in a session that was merged into this one. */
    startsProcesses: boolean('starts_processes').notNull().default(true),
    attempts: attempts(),
    unfinished: unfinished(),
    /** When it can be published: after a backoff, or once a crashed worker's lease expires. */
    dueAt: instant('due_at').notNull(),
  },
  (table) => [
    index('conversation_events_session').on(table.sessionId, table.id),
    index('conversation_events_due').on(table.unfinished, table.dueAt),
  ],
);
