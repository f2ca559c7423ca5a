import { sql } from 'drizzle-orm';
import { index, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { attempts, instant, unfinished } from '../../db/columns.ts';
import { jsonb } from '../../db/jsonb.ts';

/** People who have opened their Home tab, with its filters; the tab is refreshed for a while. */
export const homes = pgTable(
  'homes',
  {
    teamId: text('team_id').notNull(),
    userId: text('user_id').notNull(),
    /** When the person last opened or used it. */
    openedAt: instant('opened_at').notNull().defaultNow(),
    /** The person's filters and pages, see home-place.ts. */
    place: jsonb('place').$type<Record<string, unknown>>().notNull().default({}),
    /** The live chats whose starts and sessions it shows; null: all (administrators). */
    liveChatIds: uuid('live_chat_ids').array(),
    /** When to refresh it; null: it is up to date. */
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
