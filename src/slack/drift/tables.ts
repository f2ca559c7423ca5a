import { sql } from 'drizzle-orm';
import { index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { attempts, instant, unfinished } from '../../db/columns.ts';

/** Processes whose parameters no longer fit their bindings; a row is kept after administrators were told. */
export const processDrifts = pgTable(
  'process_drifts',
  {
    teamId: text('team_id').notNull(),
    processDefinitionId: text('process_definition_id').notNull(),
    /** Hash of what does not fit, so that it is reported once. */
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
