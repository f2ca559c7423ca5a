import { sql } from 'drizzle-orm';
import { bigint, boolean, index, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { timedEvents } from '../bindings/binding-kinds.ts';
import type { KeptHeldBack } from '../bindings/kept-held-back.ts';
import { attempts, instant, unfinished } from '../db/columns.ts';
import { jsonb } from '../db/jsonb.ts';
import type { MessageFacts } from '../sessions/session-facts.ts';
import { sessions } from '../sessions/tables.ts';

/** `created`: the conversation became a session, and was not just taken in. */
const sessionEventKinds = ['created', 'message', 'reaction', 'closed', 'reopened'] as const;

/** Facts about sessions, each once: the natural key decides, however often Slack delivers it. */
export const sessionEvents = pgTable(
  'session_events',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    sessionId: uuid('session_id')
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    kind: text('kind', { enum: sessionEventKinds }).notNull(),
    /**
     * For a message its ts, for a closing or reopening the event_ts of its event, for the creation nothing; for a reaction the
     * message's ts and the emoji, `1700000000.000100:eyes`, with `:staff` behind it once somebody of the staff added it.
     */
    slackTs: text('slack_ts').notNull(),
    at: instant('at').notNull(),
    /** When it was first recorded. */
    receivedAt: instant('received_at').notNull().defaultNow(),
    /** How often it was taken in, and when last if more than once. */
    deliveries: integer('deliveries').notNull().default(1),
    redeliveredAt: instant('redelivered_at'),
    /** As it was then: whose message or reaction it was, the session's status, and whether a process was bound to it. */
    author: text('author', { enum: ['client', 'staff', 'bystander', 'process', 'app'] }),
    sessionStatus: text('session_status', { enum: ['open', 'closed', 'spam'] }),
    isBound: boolean('is_bound'),
    /** Why bindings that were tried did not start their process; null: there were none. */
    heldBack: jsonb('held_back').$type<KeptHeldBack>(),
    /** A process of the session waited for it at that moment; null: none did, or no binding asked. */
    isAwaited: boolean('is_awaited'),
  },
  (table) => [uniqueIndex('session_events_key').on(table.sessionId, table.kind, table.slackTs)],
);

/**
 * Waits for an answer, of which each session has one at most: the client's (`client_waiting`) or the staff's
 * (`client_silent`). Only where a binding asks for it. A due queue: db/due-queue.ts.
 */
export const sessionTimers = pgTable(
  'session_timers',
  {
    sessionId: uuid('session_id')
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    event: text('event', { enum: timedEvents }).notNull(),
    /** When the message was written that is not answered: the client's first, or the staff's last; and its ts. */
    since: instant('since').notNull(),
    ts: text('ts').notNull(),
    /** Ids of the bindings that have had their turn. */
    tried: uuid('tried').array().notNull().default([]),
    /** When to look at it: once the next binding's time is over, and an answer on its way has come. Null: nothing is left. */
    dueAt: instant('due_at'),
    attempts: attempts(),
    unfinished: unfinished(),
  },
  (table) => [
    primaryKey({ columns: [table.sessionId, table.event] }),
    index('session_timers_due').on(table.unfinished, table.dueAt).where(sql`${table.dueAt} is not null`),
  ],
);

/** Which processes may wait for the messages that tell of a conversation, as the engine says; `*`: instances without a start. */
export const conversationListeners = pgTable(
  'conversation_listeners',
  {
    messageName: text('message_name').notNull(),
    processDefinitionId: text('process_definition_id').notNull(),
  },
  (table) => [primaryKey({ columns: [table.messageName, table.processDefinitionId] })],
);

/** Messages and closings that processes may wait for, until they are published to them. */
export const conversationEvents = pgTable(
  'conversation_events',
  {
    /** In the order in which the events of a session are published. */
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    sessionId: uuid('session_id')
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    kind: text('kind', { enum: ['message', 'closed'] }).notNull(),
    /** For a message its ts, for a closing its number. */
    key: text('key').notNull(),
    message: jsonb('message').$type<MessageFacts>(),
    at: instant('at').notNull(),
    /** False: what begins with it has begun already, in a session that was merged into this one. */
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
