import { sql } from 'drizzle-orm';
import { bigint, boolean, index, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { createdAt, instant } from '../../db/columns.ts';
import { jsonb } from '../../db/jsonb.ts';
import type { ProcessDefinition } from '../../processes/process-definition.ts';
import type { Variables } from '../../processes/value-types.ts';

/**
 * Requests to external engines that must happen only once. A row is a lease: two replicas never ask at the same time. After a
 * lost answer, the engine is searched for the effect of the request before the request is repeated.
 */
export const remoteRequests = pgTable(
  'remote_requests',
  {
    engine: text('engine').notNull(),
    kind: text('kind', { enum: ['start', 'completion', 'assignment', 'job', 'state'] }).notNull(),
    /** The start's id, or the key of the user task to complete or assign, of the job, or of the instance. */
    key: text('key').notNull(),
    leasedUntil: instant('leased_until'),
    /** When the engine was last asked; null again once the outcome is known. */
    askedAt: instant('asked_at'),
    /** Number of claims. */
    attempts: integer('attempts').notNull().default(0),
    /**
     * For a start, the process instance's key; for a completion, the Slack user; for a state, the instance's state. Null: not
     * done yet.
     */
    result: text('result'),
    /** For a start: its session, the correlation key of messages to the instance. */
    correlationKey: text('correlation_key'),
    /** For a start: its instance receives only messages said after this, in microseconds since 1970; null: all messages. */
    hearsAfter: bigint('hears_after', { mode: 'number' }),
    createdAt,
  },
  (table) => [
    primaryKey({ columns: [table.engine, table.kind, table.key] }),
    index('remote_requests_result').on(table.engine, table.result).where(sql`${table.kind} = 'start'`),
  ],
);

/** Positions up to which an engine's changes were read. One replica at a time reads them. */
export const remoteCursors = pgTable(
  'remote_cursors',
  {
    engine: text('engine').notNull(),
    /** The stream, such as `tasks finished`; `reader` is the lease of the replica that reads. */
    name: text('name').notNull(),
    /** The engine's own time of the latest change, ISO 8601. */
    position: text('position'),
    leasedUntil: instant('leased_until'),
  },
  (table) => [primaryKey({ columns: [table.engine, table.name] })],
);

/** Process instances that changed, until the change is reported. */
export const remoteChanges = pgTable(
  'remote_changes',
  {
    engine: text('engine').notNull(),
    instanceKey: text('instance_key').notNull(),
    /** A due queue: db/due-queue.ts. */
    dueAt: instant('due_at').notNull(),
    attempts: integer('attempts').notNull().default(0),
    unfinished: integer('unfinished').notNull().default(0),
  },
  (table) => [
    primaryKey({ columns: [table.engine, table.instanceKey] }),
    index('remote_changes_due').on(table.engine, table.dueAt),
  ],
);

/** Messages for engines that do not keep any themselves, until their time to live is over. */
export const remoteMessages = pgTable(
  'remote_messages',
  {
    /** In the order in which they were published. */
    key: bigint('key', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    engine: text('engine').notNull(),
    name: text('name').notNull(),
    correlationKey: text('correlation_key').notNull(),
    messageId: text('message_id'),
    variables: jsonb('variables').$type<Variables>().notNull(),
    /** When it was said, in microseconds since 1970. Messages are received in this order, then in the order of their keys. */
    saidAt: bigint('said_at', { mode: 'number' }),
    expiresAt: instant('expires_at').notNull(),
    /** When to look for receivers next. */
    dueAt: instant('due_at').notNull(),
    /** Set on the oldest message of a name and correlation key: until then, one worker offers all of them in order. */
    leasedUntil: instant('leased_until'),
    /** Number of offers. */
    offers: integer('offers').notNull().default(0),
  },
  (table) => [
    index('remote_messages_name').on(table.engine, table.name, table.correlationKey, table.key),
    uniqueIndex('remote_messages_id')
      .on(table.engine, table.name, table.correlationKey, table.messageId)
      .where(sql`${table.messageId} is not null`),
    index('remote_messages_due').on(table.engine, table.dueAt),
  ],
);

/** The messages that each process received. A process receives a message only once. */
export const remoteReceipts = pgTable(
  'remote_receipts',
  {
    messageKey: bigint('message_key', { mode: 'number' })
      .notNull()
      .references(() => remoteMessages.key, { onDelete: 'cascade' }),
    processId: text('process_id').notNull(),
    /** The receiver that it was offered to, in the adapter's format; used to find out what a lost answer was. */
    offeredTo: text('offered_to').notNull(),
    /** False: unknown yet whether the engine accepted it. */
    isTaken: boolean('is_taken').notNull(),
  },
  (table) => [primaryKey({ columns: [table.messageKey, table.processId] })],
);

/** The processes that an engine listed last, used while it is unavailable. */
export const remoteCatalogues = pgTable('remote_catalogues', {
  engine: text('engine').primaryKey(),
  definitions: jsonb('definitions').$type<ProcessDefinition[]>().notNull(),
  listedAt: instant('listed_at').notNull().defaultNow(),
});
