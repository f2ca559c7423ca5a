import { sql } from 'drizzle-orm';
import { boolean, index, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { attempts, instant, unfinished } from '../db/columns.ts';
import { jsonb } from '../db/jsonb.ts';
import { liveChats } from '../live-chats/tables.ts';
import type { MessageFacts } from './session-facts.ts';

/** An edit or a deletion of a message. */
export interface MessageEdit {
  /** Slack's timestamp of the edit. */
  editTs: string;
  /** The new text; null: the message was deleted. */
  text: string | null;
  /** The message's author, with a text, if Slack says so. */
  userId?: string;
}

/** By the ts of the message: its newest edit, or its deletion. */
export type EarlyEdits = Record<string, MessageEdit>;

/** One Slack conversation of a live chat. */
export const sessions = pgTable(
  'sessions',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    teamId: text('team_id').notNull(),
    channelId: text('channel_id').notNull(),
    /** Null: the live chat was deleted, or the conversation no longer belongs to it. Such a session starts nothing. */
    liveChatId: uuid('live_chat_id').references(() => liveChats.id, { onDelete: 'set null' }),
    name: text('name').notNull(),
    /** The name that staff gave the session; the channel keeps its own. */
    givenName: text('given_name'),
    isPrivate: boolean('is_private').notNull(),
    isShared: boolean('is_shared').notNull(),
    status: text('status', { enum: ['open', 'closed', 'spam'] }).notNull(),
    /** The person who set this status by hand, or reopened the session by writing; null if archiving or unarchiving did. */
    statusBy: text('status_by'),
    /** The person served. */
    clientUserId: text('client_user_id'),
    /**
     * How the client was determined: the first to write, the first guest or outsider who joined, the only one among the
     * members, or chosen by `clientChosenBy`, which later messages do not change. Null in older records.
     */
    clientOrigin: text('client_origin', { enum: ['message', 'joined', 'member', 'chosen'] }),
    clientChosenBy: text('client_chosen_by'),
    /** The staff member who last answered. */
    operatorUserId: text('operator_user_id'),
    messageCount: integer('message_count').notNull().default(0),
    /** When a client last wrote, according to the recorded messages. */
    lastClientMessageAt: instant('last_client_message_at'),
    /** When staff last wrote. */
    lastAnsweredAt: instant('last_answered_at'),
    openedAt: instant('opened_at').notNull(),
    closedAt: instant('closed_at'),
    /** When the app is to try to join the channel and read its history; null if there is nothing to join. */
    joinDueAt: instant('join_due_at'),
    joinAttempts: attempts('join_attempts'),
    joinUnfinished: unfinished('join_unfinished'),
    /** Since when the app should have received messages but was not in the channel; null if it missed none. */
    unheardSince: instant('unheard_since'),
    /** When Slack last reported that the app was added to the conversation. */
    joinedAt: instant('joined_at'),
    /** Whether the app was a member when last checked. */
    isMember: boolean('is_member').notNull().default(false),
    /**
     * When somebody removed the app from the conversation, where it does not come back by itself, and who, if Slack says so;
     * null if it was not removed.
     */
    removedAt: instant('removed_at'),
    removedBy: text('removed_by'),
    /** When to tell the activity channel of the removal; null if there is nothing to tell. */
    removalDueAt: instant('removal_due_at'),
    removalAttempts: attempts('removal_attempts'),
    removalUnfinished: unfinished('removal_unfinished'),
    /** Number of closings so far, see intake/closings.ts. */
    closings: integer('closings').notNull().default(0),
    /** Edits and deletions that came before their messages; null if there are none. See intake/change-message.ts. */
    earlyEdits: jsonb('early_edits').$type<EarlyEdits>(),
  },
  (table) => [
    uniqueIndex('sessions_channel').on(table.teamId, table.channelId),
    index('sessions_live_chat').on(table.liveChatId),
    // To find a session by a previous name when its channel's id changed.
    index('sessions_name').on(table.teamId, table.name),
    index('sessions_operator').on(table.operatorUserId).where(sql`${table.status} = 'open'`),
    index('sessions_join_due').on(table.joinUnfinished, table.joinDueAt).where(sql`${table.joinDueAt} is not null`),
    index('sessions_removal_due')
      .on(table.removalUnfinished, table.removalDueAt)
      .where(sql`${table.removalDueAt} is not null`),
  ],
);

/** Ids that the conversations of sessions had before: deliveries under these ids belong to the session. */
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
 * Ids of sessions that were merged into another one of the same conversation: processes that began there still wait for
 * messages under the old id.
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

/** The newest 50 messages of each session, by anybody, for the transcript. */
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
    /** Set for a message that was received as an event: its thread, and its files if it has any. */
    threadTs: text('thread_ts'),
    files: jsonb('files').$type<MessageFacts['files']>(),
    /** Slack's timestamp of the edit that the text is from; null: as it was first written, or as Slack's history shows it. */
    editedTs: text('edited_ts'),
  },
  (table) => [primaryKey({ columns: [table.sessionId, table.ts] })],
);
