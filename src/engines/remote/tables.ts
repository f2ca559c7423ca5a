import { sql } from 'drizzle-orm';
import { bigint, boolean, index, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { createdAt, instant } from '../../db/columns.ts';
import { jsonb } from '../../db/jsonb.ts';
import type { ProcessDefinition } from '../../processes/process-definition.ts';
import type { Variables } from '../../processes/value-types.ts';

/**
 * Requests to engines elsewhere that must happen once. The row is a lease: two replicas never ask at the same
 * time, and after a lost answer the engine is searched for what was asked before it is asked again.
 */
export const remoteRequests = pgTable(
  'remote_requests',
  {
    engine: text('engine').notNull(),
    kind: text('kind', { enum: ['start', 'completion', 'job', 'state'] }).notNull(),
    /** The id of the start, the key of the user task to complete, the key of the job, or that of the instance. */
    key: text('key').notNull(),
    leasedUntil: instant('leased_until'),
    /** When the engine was asked last; set as long as nobody knows what came of that. */
    askedAt: instant('asked_at'),
    /** How often it was claimed. */
    attempts: integer('attempts').notNull().default(0),
    /** For a start the process instance's key, for a completion the Slack user, for a state how the instance stood; null: not done yet. */
    result: text('result'),
    /** For a start its session, by which messages to the instance are correlated. */
    correlationKey: text('correlation_key'),
    /** For a start: it takes messages that were said after this alone, in microseconds since 1970; null: all of them. */
    hearsAfter: bigint('hears_after', { mode: 'number' }),
    createdAt,
  },
  (table) => [
    primaryKey({ columns: [table.engine, table.kind, table.key] }),
    index('remote_requests_result').on(table.engine, table.result).where(sql`${table.kind} = 'start'`),
  ],
);

/** Up to where an engine's changes were read. One replica at a time reads them. */
export const remoteCursors = pgTable(
  'remote_cursors',
  {
    engine: text('engine').notNull(),
    /** The stream that is read, such as `tasks finished`; `reader`: the turn to read at all. */
    name: text('name').notNull(),
    /** The engine's own time of the latest change, ISO 8601. */
    position: text('position'),
    leasedUntil: instant('leased_until'),
  },
  (table) => [primaryKey({ columns: [table.engine, table.name] })],
);

/** Process instances that changed, until that was told. */
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

/** Messages for engines that keep none themselves, until their time to live is over. */
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
    /** When it was said, in microseconds since 1970: the order in which messages are taken, before that of their keys. */
    saidAt: bigint('said_at', { mode: 'number' }),
    expiresAt: instant('expires_at').notNull(),
    /** When to look for receivers, again and again. */
    dueAt: instant('due_at').notNull(),
    /** Set on the oldest message of a name and correlation key: until then a worker offers them all, in their order. */
    leasedUntil: instant('leased_until'),
    /** How often it was offered. */
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

/** Which process took which message. Each has it once. */
export const remoteReceipts = pgTable(
  'remote_receipts',
  {
    messageKey: bigint('message_key', { mode: 'number' })
      .notNull()
      .references(() => remoteMessages.key, { onDelete: 'cascade' }),
    processId: text('process_id').notNull(),
    /** The receiver it was offered to, as the adapter names it; used to look into an answer that was lost. */
    offeredTo: text('offered_to').notNull(),
    /** False: nobody knows yet whether the engine took it. */
    isTaken: boolean('is_taken').notNull(),
  },
  (table) => [primaryKey({ columns: [table.messageKey, table.processId] })],
);

/** The processes that an engine last listed, for the time when it is away. */
export const remoteCatalogues = pgTable('remote_catalogues', {
  engine: text('engine').primaryKey(),
  definitions: jsonb('definitions').$type<ProcessDefinition[]>().notNull(),
  listedAt: instant('listed_at').notNull().defaultNow(),
});
