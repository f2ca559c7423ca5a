import { sql } from 'drizzle-orm';
import { boolean, index, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { attempts, instant, unfinished } from '../db/columns.ts';
import { jsonb } from '../db/jsonb.ts';
import { liveChats } from '../live-chats/tables.ts';
import type { MessageFacts } from './session-facts.ts';

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
    /** A name that staff gave the session; the channel keeps its own. */
    givenName: text('given_name'),
    isPrivate: boolean('is_private').notNull(),
    isShared: boolean('is_shared').notNull(),
    status: text('status', { enum: ['open', 'closed', 'spam'] }).notNull(),
    /** The person who gave it this status by hand, or reopened it by writing; null: Slack's conversation did. */
    statusBy: text('status_by'),
    /** The person served. */
    clientUserId: text('client_user_id'),
    /**
     * How we know: the first to write as a client, the first guest or outsider seen to join, the only one among the members,
     * or chosen by `clientChosenBy`, which stands whoever writes. Null: from before this was kept.
     */
    clientOrigin: text('client_origin', { enum: ['message', 'joined', 'member', 'chosen'] }),
    clientChosenBy: text('client_chosen_by'),
    /** The person who last answered. */
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
    /** Set for a message that was heard: its thread and its files, if it has any. */
    threadTs: text('thread_ts'),
    files: jsonb('files').$type<MessageFacts['files']>(),
  },
  (table) => [primaryKey({ columns: [table.sessionId, table.ts] })],
);
