import { sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  bigint,
  boolean,
  index,
  integer,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { bindingPolicies, boundEvents, timedEvents } from '../bindings/binding-kinds.ts';
import type { Condition } from '../bindings/condition.ts';
import { heldBackColumn } from '../bindings/kept-held-back.ts';
import type { ReactionTrigger } from '../bindings/reactions.ts';
import type { WaitingJoin } from '../engines/engine.ts';
import type { BusinessHours } from '../live-chats/business-hours.ts';
import type { Parameter, ProcessDefinition } from '../processes/process-definition.ts';
import type { Variables } from '../processes/value-types.ts';
import type { MessageFacts, SessionFacts } from '../sessions/session-facts.ts';
import type { FailedAttempt } from '../starts/failed-attempts.ts';
import type { Message } from '../words/message.ts';
import { jsonb } from './jsonb.ts';

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
/** How often in a row a queue's item was claimed and not heard of again: see due-queue.ts. */
const unfinished = (name = 'unfinished') => smallint(name).notNull().default(0);
const attempts = (name = 'attempts') => integer(name).notNull().default(0);
const createdAt = instant('created_at').notNull().defaultNow();

/** One configured line of conversation with clients. */
export const liveChats = pgTable(
  'live_chats',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    teamId: text('team_id').notNull(),
    name: text('name').notNull(),
    source: text('source', { enum: ['prefix', 'channels', 'connect'] }).notNull(),
    /** Of source `prefix`: lower-case beginnings of channel names. */
    prefixes: text('prefixes').array().notNull().default([]),
    /** Of source `channels`: channel ids. */
    channels: text('channels').array().notNull().default([]),
    clients: text('clients', { enum: ['everyone', 'external'] }).notNull(),
    operators: text('operators').array().notNull().default([]),
    supervisors: text('supervisors').array().notNull().default([]),
    operatorGroups: text('operator_groups').array().notNull().default([]),
    supervisorGroups: text('supervisor_groups').array().notNull().default([]),
    activityChannel: text('activity_channel'),
    /** Null: it is always open. */
    businessHours: jsonb('business_hours').$type<BusinessHours>(),
    /** Of who last saved it (BCP 47): its activity channel is written in their language. */
    locale: text('locale'),
    /** Channels that matched when the live chat was last saved, and how many of them are adopted; null: not counted yet. */
    adoptionTotal: integer('adoption_total'),
    adoptionDone: integer('adoption_done').notNull().default(0),
    /** Set while matching channels are still to be adopted: the lease of the worker at it, or when to go on. */
    adoptionDueAt: instant('adoption_due_at'),
    adoptionAttempts: attempts('adoption_attempts'),
    adoptionUnfinished: unfinished('adoption_unfinished'),
    createdAt,
    /** Channels that are older are taken in, which starts nothing. */
    savedAt: instant('saved_at').notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex('live_chats_name').on(table.teamId, sql`lower(${table.name})`),
    index('live_chats_adoption_due')
      .on(table.adoptionUnfinished, table.adoptionDueAt)
      .where(sql`${table.adoptionDueAt} is not null`),
  ],
);

/** "In this live chat, on this event, start this process, with these parameters filled from these properties." */
export const bindings = pgTable(
  'bindings',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    liveChatId: uuid('live_chat_id')
      .notNull()
      .references(() => liveChats.id, { onDelete: 'cascade' }),
    event: text('event', { enum: boundEvents }).notNull(),
    /** Bindings of one event are tried in this order. */
    position: integer('position').notNull().default(0),
    isOn: boolean('is_on').notNull().default(true),
    /** Which reactions a binding of `reaction_added` is for; null for other events. */
    reaction: jsonb('reaction').$type<ReactionTrigger>(),
    /** Null: on every occasion. */
    conditions: jsonb('conditions').$type<Condition>(),
    policy: text('policy', { enum: bindingPolicies }).notNull().default('every_time'),
    /** With the policy `at_most_once_in`. */
    policyMinutes: integer('policy_minutes'),
    /** Not for a message that a running process of the session waits for. */
    skipsAwaited: boolean('skips_awaited').notNull().default(false),
    /** How long somebody waits for an answer before *Client is waiting* or *Client is silent* happens. */
    waitMinutes: integer('wait_minutes'),
    /** That time is counted while the live chat is open. */
    waitsInHours: boolean('waits_in_hours').notNull().default(false),
    /** When it was made or switched on: waits whose time was over by then are none of its business. */
    armedAt: instant('armed_at').notNull().defaultNow(),
    /** Once it started its process, the bindings after it are not tried. */
    stops: boolean('stops').notNull().default(false),
    /** One more with every change, so that what was decided by a copy of the row can be told from what holds now. */
    revision: integer('revision').notNull().default(0),
    processDefinitionId: text('process_definition_id').notNull(),
    processName: text('process_name').notNull(),
    /** The parameters as they were when the mapping was saved: a start that no longer fits them fails. */
    parameters: jsonb('parameters').$type<Parameter[]>().notNull(),
    /** Parameter key → property code. */
    mapping: jsonb('mapping').$type<Record<string, string>>().notNull(),
    createdAt,
  },
  (table) => [index('bindings_of_event').on(table.liveChatId, table.event, table.position)],
);

/** Processes with parameters that no longer fit what is bound to them, once administrators are to be told, or were. */
export const processDrifts = pgTable(
  'process_drifts',
  {
    teamId: text('team_id').notNull(),
    processDefinitionId: text('process_definition_id').notNull(),
    /** Names what does not fit, so that it is told once. */
    fingerprint: text('fingerprint').notNull(),
    attempts: attempts(),
    unfinished: unfinished(),
    dueAt: instant('due_at'),
  },
  (table) => [
    primaryKey({ columns: [table.teamId, table.processDefinitionId] }),
    index('process_drifts_due').on(table.unfinished, table.dueAt).where(sql`${table.dueAt} is not null`),
  ],
);

/** One Slack conversation of a live chat. */
export const sessions = pgTable(
  'sessions',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    teamId: text('team_id').notNull(),
    channelId: text('channel_id').notNull(),
    /** Null: its live chat was deleted, or the conversation left it; it starts nothing. */
    liveChatId: uuid('live_chat_id').references(() => liveChats.id, { onDelete: 'set null' }),
    name: text('name').notNull(),
    /** What staff call the session instead; the channel keeps its own name. */
    givenName: text('given_name'),
    isPrivate: boolean('is_private').notNull(),
    isShared: boolean('is_shared').notNull(),
    status: text('status', { enum: ['open', 'closed', 'spam'] }).notNull(),
    /** Who gave it this status by hand, or reopened it by writing; null: Slack's conversation did. */
    statusBy: text('status_by'),
    /** The person served. */
    clientUserId: text('client_user_id'),
    /**
     * How we know: the first to write as a client, the first guest or outsider seen to join, the only one among the members,
     * or chosen by `clientChosenBy`, which stands whoever writes. Null: from before this was kept.
     */
    clientOrigin: text('client_origin', { enum: ['message', 'joined', 'member', 'chosen'] }),
    clientChosenBy: text('client_chosen_by'),
    /** Who last answered. */
    operatorUserId: text('operator_user_id'),
    messageCount: integer('message_count').notNull().default(0),
    /** When a client last wrote, by the messages that were recorded. */
    lastClientMessageAt: instant('last_client_message_at'),
    /** When somebody of the staff last wrote. */
    lastAnsweredAt: instant('last_answered_at'),
    openedAt: instant('opened_at').notNull(),
    closedAt: instant('closed_at'),
    /** While the app has still to join the channel and read what was said before: when to try (again). */
    joinDueAt: instant('join_due_at'),
    joinAttempts: attempts('join_attempts'),
    joinUnfinished: unfinished('join_unfinished'),
    /** Since when the app should have heard what is said there, but was not in the channel yet; null: it hears all. */
    unheardSince: instant('unheard_since'),
    /** When Slack last told that the app was added to the conversation. */
    joinedAt: instant('joined_at'),
    /** Whether the app was in the conversation when last heard of. */
    isMember: boolean('is_member').notNull().default(false),
    /**
     * Since when somebody has had the app out of the conversation, where it does not come back by itself, and who, where Slack
     * says so; null: nobody has.
     */
    removedAt: instant('removed_at'),
    removedBy: text('removed_by'),
    /** While the activity channel has still to be told of that: when to try (again). */
    removalDueAt: instant('removal_due_at'),
    removalAttempts: attempts('removal_attempts'),
    removalUnfinished: unfinished('removal_unfinished'),
    /** How many closings have been counted, see sessions/closings.ts. */
    closings: integer('closings').notNull().default(0),
  },
  (table) => [
    uniqueIndex('sessions_channel').on(table.teamId, table.channelId),
    index('sessions_live_chat').on(table.liveChatId),
    // Whether a channel that nobody knows is one that had another id.
    index('sessions_name').on(table.teamId, table.name),
    index('sessions_operator').on(table.operatorUserId).where(sql`${table.status} = 'open'`),
    index('sessions_join_due').on(table.joinUnfinished, table.joinDueAt).where(sql`${table.joinDueAt} is not null`),
    index('sessions_removal_due')
      .on(table.removalUnfinished, table.removalDueAt)
      .where(sql`${table.removalDueAt} is not null`),
  ],
);

/** Ids that the conversations of sessions had before: what still comes under such an id is the session's. */
export const formerChannels = pgTable(
  'former_channels',
  {
    teamId: text('team_id').notNull(),
    channelId: text('channel_id').notNull(),
    sessionId: uuid('session_id')
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
  },
  (table) => [
    primaryKey({ columns: [table.teamId, table.channelId] }),
    index('former_channels_session').on(table.sessionId),
  ],
);

/**
 * Ids of sessions that were merged into another one, because their conversation turned out to be the same: processes that
 * began in such a session still wait for messages under its id.
 */
export const formerSessions = pgTable(
  'former_sessions',
  {
    id: uuid('id').primaryKey(),
    sessionId: uuid('session_id')
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
  },
  (table) => [index('former_sessions_session').on(table.sessionId)],
);

/** `created`: the conversation became a session, and was not just taken in. */
const sessionEventKinds = ['created', 'message', 'reaction', 'closed', 'reopened'] as const;

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

/** What happened to a session, once per fact: the natural key decides, however often Slack delivers it. */
export const sessionEvents = pgTable(
  'session_events',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    sessionId: uuid('session_id')
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    kind: text('kind', { enum: sessionEventKinds }).notNull(),
    /**
     * Of a message its ts, of a closing or reopening the event_ts of its event, of the creation nothing; of a reaction the
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
    heldBack: heldBackColumn('held_back'),
    /** A process of the session waited for it at that moment; null: none did, or no binding asked. */
    isAwaited: boolean('is_awaited'),
  },
  (table) => [uniqueIndex('session_events_key').on(table.sessionId, table.kind, table.slackTs)],
);

/** Messages of sessions by anybody, kept for the transcript: the newest 50 of each session. */
export const sessionMessages = pgTable(
  'session_messages',
  {
    sessionId: uuid('session_id')
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    ts: text('ts').notNull(),
    /** Null: written by an app. */
    userId: text('user_id'),
    authorName: text('author_name'),
    text: text('text').notNull(),
    /** Of a message that was heard, if it is in a thread, and if it has files. */
    threadTs: text('thread_ts'),
    files: jsonb('files').$type<MessageFacts['files']>(),
  },
  (table) => [primaryKey({ columns: [table.sessionId, table.ts] })],
);

/** One request to run a process, and what became of it. */
export const starts = pgTable(
  'starts',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    teamId: text('team_id').notNull(),
    /** What happens once: `event:<session>:<event>:<ts of a message, number of a closing>:<binding>` or `view:<view id>`. */
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
    /** Of an automatic start: as in the binding at that moment, or when it was retried. */
    mapping: jsonb('mapping').$type<Record<string, string>>(),
    /** The span that it came of, as the W3C's Trace Context writes it; null: nothing was traced. */
    traceparent: text('traceparent'),
    /** What goes into the process; of an automatic start null until it runs. */
    variables: jsonb('variables').$type<Variables>(),
    status: text('status', { enum: ['waiting', 'running', 'completed', 'failed', 'cancelled'] }).notNull(),
    attempts: attempts(),
    unfinished: unfinished(),
    /** Of a waiting start: when it may be claimed, be it after a backoff or because its worker's lease ran out. */
    dueAt: instant('due_at'),
    /** It waits, due or not, until its session is no longer marked as spam. */
    isHeld: boolean('is_held').notNull().default(false),
    /** Said in the language of whoever reads it. */
    reason: jsonb('reason').$type<Message>(),
    /** What went wrong with earlier attempts, newest last: starts/failed-attempts.ts. */
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
    /** What the message says, as a hash: what is said already is not written again. */
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

/** Which processes may wait for the messages that tell of a conversation, as the engine says; `*`: instances without a start. */
export const conversationListeners = pgTable(
  'conversation_listeners',
  {
    messageName: text('message_name').notNull(),
    processDefinitionId: text('process_definition_id').notNull(),
  },
  (table) => [primaryKey({ columns: [table.messageName, table.processDefinitionId] })],
);

/** What happened in a session where processes may wait for it, until it is published to them. */
export const conversationEvents = pgTable(
  'conversation_events',
  {
    /** In the order in which the events of a session are published. */
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    sessionId: uuid('session_id')
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    kind: text('kind', { enum: ['message', 'closed'] }).notNull(),
    /** Of a message its ts, of a closing its number. */
    key: text('key').notNull(),
    message: jsonb('message').$type<MessageFacts>(),
    at: instant('at').notNull(),
    /** False: what begins with it has begun already, in a session that was merged into this one. */
    startsProcesses: boolean('starts_processes').notNull().default(true),
    attempts: attempts(),
    unfinished: unfinished(),
    /** When it may be published, be it after a backoff or because its worker's lease ran out. */
    dueAt: instant('due_at').notNull(),
  },
  (table) => [
    index('conversation_events_session').on(table.sessionId, table.id),
    index('conversation_events_due').on(table.unfinished, table.dueAt),
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

/** User tasks that are open, of the starts that they belong to: what the Home tab lists, without asking the engine. */
export const openTasks = pgTable(
  'open_tasks',
  {
    taskKey: text('task_key').primaryKey(),
    teamId: text('team_id').notNull(),
    startId: uuid('start_id')
      .notNull()
      .references(() => starts.id, { onDelete: 'cascade' }),
    /** Of the process that it is in, which may be one that the start's process has called. */
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

/** Who is away in a live chat: they get no new group tasks, and start no processes. */
export const absences = pgTable(
  'absences',
  {
    liveChatId: uuid('live_chat_id')
      .notNull()
      .references(() => liveChats.id, { onDelete: 'cascade' }),
    userId: text('user_id').notNull(),
    since: instant('since').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.liveChatId, table.userId] })],
);

/** Who has opened their Home tab, and what it shows: it is refreshed for a while. */
export const homes = pgTable(
  'homes',
  {
    teamId: text('team_id').notNull(),
    userId: text('user_id').notNull(),
    /** When the person last opened it or did something in it. */
    openedAt: instant('opened_at').notNull().defaultNow(),
    /** slack/home/home-place.ts: what the person has filtered and paged to. */
    place: jsonb('place').$type<Record<string, unknown>>().notNull().default({}),
    /** The live chats whose starts and sessions it shows; null: all, to an administrator. */
    liveChatIds: uuid('live_chat_ids').array(),
    /** Set while it is behind: when to show it anew. */
    refreshDueAt: instant('refresh_due_at'),
    refreshAttempts: attempts('refresh_attempts'),
    refreshUnfinished: unfinished('refresh_unfinished'),
  },
  (table) => [
    primaryKey({ columns: [table.teamId, table.userId] }),
    index('homes_refresh_due')
      .on(table.refreshUnfinished, table.refreshDueAt)
      .where(sql`${table.refreshDueAt} is not null`),
  ],
);

/** Deliveries that could not be understood yet because Slack did not answer a question about them; kept and tried again. */
export const deferredDeliveries = pgTable(
  'deferred_deliveries',
  {
    eventId: text('event_id').primaryKey(),
    body: jsonb('body').$type<Record<string, unknown>>().notNull(),
    attempts: attempts(),
    unfinished: unfinished(),
    dueAt: instant('due_at').notNull(),
  },
  (table) => [index('deferred_deliveries_due').on(table.unfinished, table.dueAt)],
);

/** Of the embedded engine: each content that a process was loaded with. Instances stay on theirs; a start takes the newest. */
export const engineDefinitions = pgTable(
  'engine_definitions',
  {
    key: bigint('key', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    processId: text('process_id').notNull(),
    version: integer('version').notNull(),
    contentHash: text('content_hash').notNull(),
    /** The whole file: it may hold other processes beside this one. */
    xml: text('xml').notNull(),
    /** Form id → the text of each form that the process links. */
    forms: jsonb('forms').$type<Record<string, string>>().notNull(),
    /** Decision id → the text of the DMN file of each decision that the process makes. */
    decisions: jsonb('decisions').$type<Record<string, string>>().notNull().default({}),
    /** Names of the messages that it waits for; `*`: of one that only its variables name. */
    receives: text('receives').array().notNull().default([]),
    /** Whether it calls other processes, which may wait for others. */
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

/** Of the embedded engine: a process instance, with all that its interpreter needs to go on. */
export const engineInstances = pgTable(
  'engine_instances',
  {
    key: bigint('key', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    startId: text('start_id'),
    definitionKey: bigint('definition_key', { mode: 'number' })
      .notNull()
      .references(() => engineDefinitions.key),
    status: text('status', { enum: ['active', 'completed', 'terminated', 'incident'] }).notNull(),
    /** Why it is `incident` or `terminated`, naming the element. */
    reason: text('reason'),
    /** One up with every command. */
    revision: integer('revision').notNull(),
    /** engines/embedded/interpreter/instance-state.ts */
    state: jsonb('state').$type<Record<string, unknown>>().notNull(),
    /** Of one that a call activity called: the instance and token of that, and the instance at the root of all the calls. */
    callerKey: bigint('caller_key', { mode: 'number' }).references((): AnyPgColumn => engineInstances.key, {
      onDelete: 'cascade',
    }),
    callerToken: integer('caller_token'),
    rootKey: bigint('root_key', { mode: 'number' }).references((): AnyPgColumn => engineInstances.key, {
      onDelete: 'cascade',
    }),
    createdAt,
    endedAt: instant('ended_at'),
    /** It takes messages that were said after this alone, in microseconds since 1970; null: all of them. */
    hearsAfter: bigint('hears_after', { mode: 'number' }),
    /** A queue of instances whose last command has left something to do, see db/due-queue.ts. */
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
 * Tokens of long multi-instance activities of the embedded engine, kept apart from their instance's state. Each
 * of an activity's instances is a branch of its own, with all the tokens inside it; so is the activity itself.
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

/** Of the embedded engine: user tasks, ended ones included. `token` is unique in an instance, the element's id is not. */
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

/** Of the embedded engine: work of service tasks that is still to be done. */
export const engineJobs = pgTable(
  'engine_jobs',
  {
    instanceKey: engineInstanceKey(),
    token: integer('token').notNull(),
    elementId: text('element_id').notNull(),
    type: text('type').notNull(),
    /** How many attempts may still fail. */
    retries: integer('retries').notNull(),
    /** How often it was claimed, attempts that a crash cut short included. */
    attempts: attempts(),
    unfinished: unfinished(),
    /** When it may be claimed, be it after a backoff or because its worker's lease ran out; null: an incident holds it. */
    dueAt: instant('due_at'),
    lastError: text('last_error'),
  },
  (table) => [
    primaryKey({ columns: [table.instanceKey, table.token] }),
    index('engine_jobs_due').on(table.type, table.unfinished, table.dueAt).where(sql`${table.dueAt} is not null`),
  ],
);

/** Of the embedded engine: timers that have not fired. */
export const engineTimers = pgTable(
  'engine_timers',
  {
    instanceKey: engineInstanceKey(),
    token: integer('token').notNull(),
    /** The timer event; of an intermediate one the token is its own, of a boundary event that of its activity. */
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

/** Of the embedded engine: instances whose listeners are still to be told that they changed. */
export const engineChanges = pgTable(
  'engine_changes',
  {
    instanceKey: engineInstanceKey().primaryKey(),
    attempts: attempts(),
    unfinished: unfinished(),
    /** When it may be told, be it after a backoff or because its teller's lease ran out. */
    dueAt: instant('due_at').notNull(),
  },
  (table) => [index('engine_changes_due').on(table.unfinished, table.dueAt)],
);

/**
 * Of the embedded engine: what each command did to the elements of an instance, a row for each command. Kept apart from
 * the instance, whose row is read and written with every command. Nothing but the key is indexed: rows are many.
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

/** Of the embedded engine: events that instances wait for until a message or a signal comes. */
export const engineSubscriptions = pgTable(
  'engine_subscriptions',
  {
    instanceKey: engineInstanceKey(),
    token: integer('token').notNull(),
    /** The event or receive task; of an own event the token is at it, of another one at what the event happens to. */
    elementId: text('element_id').notNull(),
    kind: text('kind', { enum: ['message', 'signal'] }).notNull(),
    name: text('name').notNull(),
    /** Of a message; null of a signal. */
    correlationKey: text('correlation_key'),
    processId: text('process_id').notNull(),
    /** Of a message: the number of the next message when it was opened. Those from there on came while it was open. */
    since: bigint('since', { mode: 'number' }),
    /** Of a message: as of its instance. */
    hearsAfter: bigint('hears_after', { mode: 'number' }),
    /** While there is a message for it: when to take it, be it after a lease ran out. */
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

/** Of the embedded engine: published messages, until their time to live is over and nobody is to have them any more. */
export const engineMessages = pgTable(
  'engine_messages',
  {
    /** In the order in which messages of one name and correlation key were published. */
    key: bigint('key', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    name: text('name').notNull(),
    correlationKey: text('correlation_key').notNull(),
    messageId: text('message_id'),
    variables: jsonb('variables').$type<Variables>().notNull(),
    /** When it was said, in microseconds since 1970: the order in which messages are taken, before that of their keys. */
    saidAt: bigint('said_at', { mode: 'number' }),
    /** The end of its time to live. */
    expiresAt: instant('expires_at').notNull(),
    /** While it may still start processes: when to see to that, be it after a lease ran out. */
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

/** Of the embedded engine: which processes have had which message. Each has it once, in whatever version and instance. */
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

/** Of the embedded engine: the events that start the newest version of each process, but for those without a trigger. */
export const engineStartEvents = pgTable(
  'engine_start_events',
  {
    processId: text('process_id').notNull(),
    elementId: text('element_id').notNull(),
    definitionKey: bigint('definition_key', { mode: 'number' })
      .notNull()
      .references(() => engineDefinitions.key),
    kind: text('kind', { enum: ['message', 'signal', 'timer'] }).notNull(),
    /** Of the message or signal. */
    name: text('name'),
    /** Of a timer that is to fire still: when. */
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

/** Of the embedded engine: the one active instance that messages of a correlation key have started of a process. */
export const engineMessageStarts = pgTable(
  'engine_message_starts',
  {
    processId: text('process_id').notNull(),
    correlationKey: text('correlation_key').notNull(),
    instanceKey: engineInstanceKey(),
    /** Once it has ended: when to see whether a buffered message starts the next one. */
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

/** Of the embedded engine: a broadcast signal on its way to one event that waited for it. */
export const engineSignalDeliveries = pgTable(
  'engine_signal_deliveries',
  {
    key: bigint('key', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    /** Null: it starts an instance. */
    instanceKey: bigint('instance_key', { mode: 'number' }).references(() => engineInstances.key, {
      onDelete: 'cascade',
    }),
    token: integer('token'),
    /** Of a start: the process. */
    processId: text('process_id'),
    elementId: text('element_id').notNull(),
    variables: jsonb('variables').$type<Variables>().notNull(),
    dueAt: instant('due_at').notNull(),
    attempts: attempts(),
    unfinished: unfinished(),
  },
  (table) => [index('engine_signal_deliveries_due').on(table.unfinished, table.dueAt)],
);

/**
 * Engines elsewhere: what one was asked to do that must happen once. Whoever asks has the row for a lease, so two replicas
 * never ask at the same time, and what a lost answer leaves in doubt is looked into before it is asked for again.
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

/** Engines elsewhere: up to where changes were read. One replica at a time reads them. */
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

/** Engines elsewhere: process instances that changed, until that was told. */
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

/** Engines elsewhere that keep no messages: those that may still be waited for, until their time to live is over. */
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

/** Engines elsewhere: which process took which message. Each has it once. */
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

/** Engines elsewhere: the processes that one last listed, for the time when it is away. */
export const remoteCatalogues = pgTable('remote_catalogues', {
  engine: text('engine').primaryKey(),
  definitions: jsonb('definitions').$type<ProcessDefinition[]>().notNull(),
  listedAt: instant('listed_at').notNull().defaultNow(),
});

/** Process files that people uploaded in Slack, for all replicas. The newest file with a process, form or decision counts. */
export const processUploads = pgTable('process_uploads', {
  id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  /** The file's, such as `lead.bpmn`. */
  name: text('name').notNull(),
  text: text('text').notNull(),
  /** What is in it: `process lead`, `form lead-form`, `decision rating`. */
  contents: text('contents').array().notNull(),
  /** Slack user id. */
  uploadedBy: text('uploaded_by').notNull(),
  createdAt,
});

/** Earlier versions of the embedded engine's processes that run again, until their files change. */
export const restoredVersions = pgTable('restored_versions', {
  processId: text('process_id').primaryKey(),
  /** The content hash of what the files say: what they say otherwise later is newer than this choice. */
  insteadOf: text('instead_of').notNull(),
  /** The version in `engine_definitions` whose content runs. */
  definitionKey: bigint('definition_key', { mode: 'number' }).notNull(),
  /** Slack user id. */
  restoredBy: text('restored_by').notNull(),
  createdAt,
});

/** Processes of any engine that nothing starts until they are switched on again. */
export const switchedOffProcesses = pgTable('switched_off_processes', {
  processDefinitionId: text('process_definition_id').primaryKey(),
  /** Slack user id. */
  switchedOffBy: text('switched_off_by').notNull(),
  createdAt,
});
