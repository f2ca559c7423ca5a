import { sql } from 'drizzle-orm';
import { boolean, index, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { createdAt, instant } from '../../db/columns.ts';

/** Pictures of processes uploaded to Slack, until they are deleted there. */
export const processPictures = pgTable(
  'process_pictures',
  {
    /** Slack's id of the file. */
    fileId: text('file_id').primaryKey(),
    teamId: text('team_id').notNull(),
    startId: uuid('start_id').notNull(),
    /** Identifies the state of the process that it shows. */
    state: text('state').notNull(),
    /** True if the thread of the start's line shows it. */
    inThread: boolean('in_thread').notNull().default(false),
    createdAt,
    /** When a newer picture replaced it. */
    supersededAt: instant('superseded_at'),
  },
  (table) => [
    index('process_pictures_start').on(table.startId),
    index('process_pictures_superseded')
      .on(table.teamId, table.supersededAt)
      .where(sql`${table.supersededAt} is not null and not ${table.inThread}`),
  ],
);
