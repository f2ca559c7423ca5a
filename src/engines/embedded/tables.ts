import { sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  bigint,
  boolean,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { attempts, createdAt, instant, unfinished } from '../../db/columns.ts';
import { jsonb } from '../../db/jsonb.ts';
import type { Variables } from '../../processes/value-types.ts';

/** The loaded versions of processes. Instances stay on their version; a start takes the newest. */
export const engineDefinitions = pgTable(
  'engine_definitions',
  {
    key: bigint('key', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    processId: text('process_id').notNull(),
    version: integer('version').notNull(),
    contentHash: text('content_hash').notNull(),
    /** The whole file, which may contain other processes too. */
    xml: text('xml').notNull(),
    /** Text of each linked form, by form id. */
    forms: jsonb('forms').$type<Record<string, string>>().notNull(),
    /** Text of the DMN file of each decision that the process evaluates, by decision id. */
    decisions: jsonb('decisions').$type<Record<string, string>>().notNull().default({}),
    /** Names of the messages that it waits for; `*` for a name known only at run time. */
    receives: text('receives').array().notNull().default([]),
    /** Whether it calls other processes, which may wait for other messages. */
    calls: boolean('calls').notNull().default(false),
    /** `zeebe:versionTag` */
    versionTag: text('version_tag'),
    createdAt,
  },
  (table) => [
    uniqueIndex('engine_definitions_version').on(table.processId, table.version),
    index('engine_definitions_tag').on(table.processId, table.versionTag, table.version),
  ],
);

/** Process instances with their interpreter state. */
export const engineInstances = pgTable(
  'engine_instances',
  {
    key: bigint('key', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    startId: text('start_id'),
    definitionKey: bigint('definition_key', { mode: 'number' })
      .notNull()
      .references(() => engineDefinitions.key),
    status: text('status', { enum: ['active', 'completed', 'terminated', 'incident'] }).notNull(),
    /** The reason for `incident` or `terminated`, naming the element. */
    reason: text('reason'),
    /** Incremented by every command. */
    revision: integer('revision').notNull(),
    /** engines/embedded/interpreter/instance-state.ts */
    state: jsonb('state').$type<Record<string, unknown>>().notNull(),
    /** The calling instance and its token, and the root instance of all calls. */
    callerKey: bigint('caller_key', { mode: 'number' }).references((): AnyPgColumn => engineInstances.key, {
      onDelete: 'cascade',
    }),
    callerToken: integer('caller_token'),
    rootKey: bigint('root_key', { mode: 'number' }).references((): AnyPgColumn => engineInstances.key, {
      onDelete: 'cascade',
    }),
    createdAt,
    endedAt: instant('ended_at'),
    /** Receives only messages after this time, in microseconds since 1970; null: all. */
    hearsAfter: bigint('hears_after', { mode: 'number' }),
    /** Queue of instances with pending steps, see db/due-queue.ts. */
    continueDueAt: instant('continue_due_at'),
    continueAttempts: integer('continue_attempts').notNull().default(0),
    continueUnfinished: integer('continue_unfinished').notNull().default(0),
  },
  (table) => [
    uniqueIndex('engine_instances_start').on(table.startId),
    index('engine_instances_continue_due').on(table.continueDueAt).where(sql`${table.continueDueAt} is not null`),
    index('engine_instances_caller').on(table.callerKey, table.callerToken).where(sql`${table.callerKey} is not null`),
    index('engine_instances_root').on(table.rootKey).where(sql`${table.rootKey} is not null`),
  ],
);

const engineInstanceKey = () =>
  bigint('instance_key', { mode: 'number' })
    .notNull()
    .references(() => engineInstances.key, { onDelete: 'cascade' });

/**
 * Tokens of long multi-instance activities, stored apart from their instance's state. Each of an activity's instances is a
 * branch, with all the tokens inside it, and the activity itself as well.
 */
export const engineTokens = pgTable(
  'engine_tokens',
  {
    instanceKey: engineInstanceKey(),
    token: integer('token').notNull(),
    /** The outermost token of the branch. */
    branch: integer('branch').notNull(),
    scope: integer('scope'),
    /** engines/embedded/interpreter/instance-state.ts */
    data: jsonb('data').$type<Record<string, unknown>>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.instanceKey, table.token] }),
    index('engine_tokens_branch').on(table.instanceKey, table.branch),
    index('engine_tokens_scope')
      .on(table.instanceKey, table.scope, table.token)
      .where(sql`${table.token} = ${table.branch}`),
  ],
);

/** User tasks, including closed ones. `token` is unique in an instance, the element's id is not. */
export const engineTasks = pgTable(
  'engine_tasks',
  {
    instanceKey: engineInstanceKey(),
    token: integer('token').notNull(),
    elementId: text('element_id').notNull(),
    status: text('status', { enum: ['open', 'completed', 'cancelled'] }).notNull(),
    assignee: text('assignee'),
    candidateUsers: text('candidate_users').array().notNull(),
    candidateGroups: text('candidate_groups').array().notNull(),
    completedBy: text('completed_by'),
    createdAt: instant('created_at').notNull(),
    dueDate: instant('due_date'),
    followUpDate: instant('follow_up_date'),
    endedAt: instant('ended_at'),
  },
  (table) => [primaryKey({ columns: [table.instanceKey, table.token] })],
);

/** Open jobs. */
export const engineJobs = pgTable(
  'engine_jobs',
  {
    instanceKey: engineInstanceKey(),
    token: integer('token').notNull(),
    elementId: text('element_id').notNull(),
    type: text('type').notNull(),
    /** Number of attempts that may still fail. */
    retries: integer('retries').notNull(),
    /** Number of claims, including attempts that a crash cut short. */
    attempts: attempts(),
    unfinished: unfinished(),
    /** When the job can be claimed: after a backoff, or once a crashed worker's lease expires; null: an incident holds it. */
    dueAt: instant('due_at'),
    lastError: text('last_error'),
  },
  (table) => [
    primaryKey({ columns: [table.instanceKey, table.token] }),
    index('engine_jobs_due').on(table.type, table.unfinished, table.dueAt).where(sql`${table.dueAt} is not null`),
  ],
);

/** Timers that have not fired. */
export const engineTimers = pgTable(
  'engine_timers',
  {
    instanceKey: engineInstanceKey(),
    token: integer('token').notNull(),
    /** The timer event. `token` is the token that waits at it; for a boundary event, the token of the activity. */
    elementId: text('element_id').notNull(),
    firesAt: instant('fires_at').notNull(),
    /** Remaining firings of a timer cycle, including the next one; -1 means unbounded. */
    repetitions: integer('repetitions'),
    dueAt: instant('due_at').notNull(),
    attempts: attempts(),
    unfinished: unfinished(),
  },
  (table) => [
    primaryKey({ columns: [table.instanceKey, table.token, table.elementId] }),
    index('engine_timers_due').on(table.unfinished, table.dueAt),
  ],
);

/** Queue of instances with changes to report. */
export const engineChanges = pgTable(
  'engine_changes',
  {
    instanceKey: engineInstanceKey().primaryKey(),
    attempts: attempts(),
    unfinished: unfinished(),
    /** When it can be claimed: at once, after a backoff, or once a crashed worker's lease expires. */
    dueAt: instant('due_at').notNull(),
  },
  (table) => [index('engine_changes_due').on(table.unfinished, table.dueAt)],
);

/**
 * The history of instances, with one row per command. Separate from the instances, whose rows are read and written with every
 * command. Only the primary key is indexed, since there are many rows.
 */
export const engineHistory = pgTable(
  'engine_history',
  {
    instanceKey: bigint('instance_key', { mode: 'number' }).notNull(),
    /** The instance's revision after the command. */
    revision: integer('revision').notNull(),
    at: instant('at').notNull(),
    /** engines/embedded/interpreter/history.ts */
    entries: jsonb('entries').$type<Record<string, unknown>>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.instanceKey, table.revision] })],
);

/** Events of instances that wait for a message or signal. */
export const engineSubscriptions = pgTable(
  'engine_subscriptions',
  {
    instanceKey: engineInstanceKey(),
    token: integer('token').notNull(),
    /** The event or receive task. `token` is the token that waits at it; for a boundary event, the token of the activity. */
    elementId: text('element_id').notNull(),
    kind: text('kind', { enum: ['message', 'signal'] }).notNull(),
    name: text('name').notNull(),
    /** Null for a signal. */
    correlationKey: text('correlation_key'),
    processId: text('process_id').notNull(),
    /**
     * The next message key when it was opened: messages with this key or a higher one came while it was open. Null for a
     * signal.
     */
    since: bigint('since', { mode: 'number' }),
    /** The instance's `hears_after`. Null for a signal. */
    hearsAfter: bigint('hears_after', { mode: 'number' }),
    /** When to receive a message; null if there is none. */
    dueAt: instant('due_at'),
    attempts: attempts(),
    unfinished: unfinished(),
  },
  (table) => [
    primaryKey({ columns: [table.instanceKey, table.token, table.elementId] }),
    index('engine_subscriptions_name').on(
      table.kind,
      table.name,
      table.correlationKey,
      table.processId,
      table.instanceKey,
      table.token,
    ),
    index('engine_subscriptions_due').on(table.unfinished, table.dueAt).where(sql`${table.dueAt} is not null`),
  ],
);

/** Published messages, until their time to live is over and no receiver is left. */
export const engineMessages = pgTable(
  'engine_messages',
  {
    /** In the order in which messages of one name and correlation key were published. */
    key: bigint('key', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    name: text('name').notNull(),
    correlationKey: text('correlation_key').notNull(),
    messageId: text('message_id'),
    variables: jsonb('variables').$type<Variables>().notNull(),
    /** When it was said, in microseconds since 1970. Messages are received in this order, then in the order of their keys. */
    saidAt: bigint('said_at', { mode: 'number' }),
    /** The end of its time to live. */
    expiresAt: instant('expires_at').notNull(),
    /** When to check which processes it starts; null if it starts none. */
    startsDueAt: instant('starts_due_at'),
    startsAttempts: attempts('starts_attempts'),
    startsUnfinished: unfinished('starts_unfinished'),
  },
  (table) => [
    uniqueIndex('engine_messages_id')
      .on(table.name, table.correlationKey, table.messageId)
      .where(sql`${table.messageId} is not null`),
    index('engine_messages_name').on(table.name, table.correlationKey, table.key),
    index('engine_messages_expiry').on(table.expiresAt),
    index('engine_messages_starts_due')
      .on(table.startsUnfinished, table.startsDueAt)
      .where(sql`${table.startsDueAt} is not null`),
  ],
);

/** The messages that each process received. A process receives a message once, whatever the version and instance. */
export const engineCorrelations = pgTable(
  'engine_correlations',
  {
    messageKey: bigint('message_key', { mode: 'number' })
      .notNull()
      .references(() => engineMessages.key, { onDelete: 'cascade' }),
    processId: text('process_id').notNull(),
  },
  (table) => [primaryKey({ columns: [table.messageKey, table.processId] })],
);

/** The events that start the newest version of each process, except those without a trigger. */
export const engineStartEvents = pgTable(
  'engine_start_events',
  {
    processId: text('process_id').notNull(),
    elementId: text('element_id').notNull(),
    definitionKey: bigint('definition_key', { mode: 'number' })
      .notNull()
      .references(() => engineDefinitions.key),
    kind: text('kind', { enum: ['message', 'signal', 'timer'] }).notNull(),
    /** The message's or signal's name; null for a timer. */
    name: text('name'),
    /** When the timer fires next; null for messages, signals and finished timers. */
    firesAt: instant('fires_at'),
    /** Remaining firings of a timer cycle, including the next one; -1 means unbounded. */
    repetitions: integer('repetitions'),
    dueAt: instant('due_at'),
    attempts: attempts(),
    unfinished: unfinished(),
  },
  (table) => [
    primaryKey({ columns: [table.processId, table.elementId] }),
    index('engine_start_events_name').on(table.kind, table.name),
    index('engine_start_events_due').on(table.unfinished, table.dueAt).where(sql`${table.dueAt} is not null`),
  ],
);

/** For each process and correlation key, the one active instance that a message started. */
export const engineMessageStarts = pgTable(
  'engine_message_starts',
  {
    processId: text('process_id').notNull(),
    correlationKey: text('correlation_key').notNull(),
    instanceKey: engineInstanceKey(),
    /** Set once the instance has ended: when to check whether a buffered message starts the next one. */
    dueAt: instant('due_at'),
    attempts: attempts(),
    unfinished: unfinished(),
  },
  (table) => [
    primaryKey({ columns: [table.processId, table.correlationKey] }),
    index('engine_message_starts_instance').on(table.instanceKey),
    index('engine_message_starts_due').on(table.unfinished, table.dueAt).where(sql`${table.dueAt} is not null`),
  ],
);

/** Deliveries of broadcast signals, one per receiver. */
export const engineSignalDeliveries = pgTable(
  'engine_signal_deliveries',
  {
    key: bigint('key', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    /** Null if the signal starts an instance. */
    instanceKey: bigint('instance_key', { mode: 'number' }).references(() => engineInstances.key, {
      onDelete: 'cascade',
    }),
    token: integer('token'),
    /** The process to start; null for an instance's event. */
    processId: text('process_id'),
    elementId: text('element_id').notNull(),
    variables: jsonb('variables').$type<Variables>().notNull(),
    dueAt: instant('due_at').notNull(),
    attempts: attempts(),
    unfinished: unfinished(),
  },
  (table) => [index('engine_signal_deliveries_due').on(table.unfinished, table.dueAt)],
);

/** Process files uploaded in Slack, shared by all replicas. The newest file with a process, form or decision counts. */
export const processUploads = pgTable('process_uploads', {
  id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  /** The file's name, such as `lead.bpmn`. */
  name: text('name').notNull(),
  text: text('text').notNull(),
  /** The definitions in it: `process lead`, `form lead-form`, `decision rating`. */
  contents: text('contents').array().notNull(),
  /** Slack user id. */
  uploadedBy: text('uploaded_by').notNull(),
  createdAt,
});

/** Restored earlier versions of processes, in effect until the files change. */
export const restoredVersions = pgTable('restored_versions', {
  processId: text('process_id').primaryKey(),
  /** Content hash of the files when the version was restored; if they change, the restored version no longer counts. */
  insteadOf: text('instead_of').notNull(),
  /** The version in `engine_definitions` whose content runs. */
  definitionKey: bigint('definition_key', { mode: 'number' }).notNull(),
  /** Slack user id. */
  restoredBy: text('restored_by').notNull(),
  createdAt,
});

/** The parsed content of process files, so that a start parses only changed files; see library/kept-readings.ts. */
export const fileReadings = pgTable('file_readings', {
  /** Hash of the file's text and of the code that read it. */
  key: text('key').primaryKey(),
  /** The content as reading/readings.ts serialised it, in base64. */
  reading: text('reading').notNull(),
  /** SHA-256 of `reading`. */
  checksum: text('checksum').notNull(),
  keptAt: instant('kept_at').notNull().defaultNow(),
});
