import { sql } from 'drizzle-orm';
import { index, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { attempts, instant, unfinished } from '../../db/columns.ts';
import { jsonb } from '../../db/jsonb.ts';

/** People who have opened their Home tab, and what it shows: it is refreshed for a while. */
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
    /** Set while it is behind: when to show it again. */
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
