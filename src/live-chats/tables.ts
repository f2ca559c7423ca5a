import { sql } from 'drizzle-orm';
import { index, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { attempts, createdAt, instant, unfinished } from '../db/columns.ts';
import { jsonb } from '../db/jsonb.ts';
import type { BusinessHours } from './business-hours.ts';

/** One configured line of conversation with clients. */
export const liveChats = pgTable(
  'live_chats',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    teamId: text('team_id').notNull(),
    name: text('name').notNull(),
    source: text('source', { enum: ['prefix', 'channels', 'connect'] }).notNull(),
    /** For source `prefix`: lower-case prefixes of channel names. */
    prefixes: text('prefixes').array().notNull().default([]),
    /** For source `channels`: channel ids. */
    channels: text('channels').array().notNull().default([]),
    clients: text('clients', { enum: ['everyone', 'external'] }).notNull(),
    operators: text('operators').array().notNull().default([]),
    supervisors: text('supervisors').array().notNull().default([]),
    operatorGroups: text('operator_groups').array().notNull().default([]),
    supervisorGroups: text('supervisor_groups').array().notNull().default([]),
    activityChannel: text('activity_channel'),
    /** Null: always open. */
    businessHours: jsonb('business_hours').$type<BusinessHours>(),
    /** Locale (BCP 47) of the person who last saved the live chat; its activity channel is written in that language. */
    locale: text('locale'),
    /**
     * Number of channels that matched when the live chat was last saved, and how many of them are adopted; null: not counted
     * yet.
     */
    adoptionTotal: integer('adoption_total'),
    adoptionDone: integer('adoption_done').notNull().default(0),
    /** Set while channels are still to be adopted: the end of the worker's lease, or the time of the next attempt. */
    adoptionDueAt: instant('adoption_due_at'),
    adoptionAttempts: attempts('adoption_attempts'),
    adoptionUnfinished: unfinished('adoption_unfinished'),
    createdAt,
    /** Channels created before this are adopted, which starts nothing. */
    savedAt: instant('saved_at').notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex('live_chats_name').on(table.teamId, sql`lower(${table.name})`),
    index('live_chats_adoption_due')
      .on(table.adoptionUnfinished, table.adoptionDueAt)
      .where(sql`${table.adoptionDueAt} is not null`),
  ],
);

/** People who are away in a live chat: they get no new group tasks and start no processes. */
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
