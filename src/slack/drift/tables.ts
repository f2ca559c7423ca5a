import { sql } from 'drizzle-orm';
import { index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { attempts, instant, unfinished } from '../../db/columns.ts';

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
