import { pgTable, text } from 'drizzle-orm/pg-core';
import { createdAt } from '../db/columns.ts';

/** Processes that were switched off: nothing starts them until they are switched on again. Of all engines. */
export const switchedOffProcesses = pgTable('switched_off_processes', {
  processDefinitionId: text('process_definition_id').primaryKey(),
  /** Slack user id. */
  switchedOffBy: text('switched_off_by').notNull(),
  createdAt,
});
