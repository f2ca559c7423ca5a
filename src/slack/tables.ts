import { index, pgTable, text } from 'drizzle-orm/pg-core';
import { attempts, instant, unfinished } from '../db/columns.ts';
import { jsonb } from '../db/jsonb.ts';

/** Deliveries that are retried because Slack did not answer a question about them. */
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
