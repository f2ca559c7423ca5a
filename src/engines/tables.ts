import { pgTable, text } from 'drizzle-orm/pg-core';
import { createdAt } from '../db/columns.ts';

/** Processes of any engine that nothing starts until they are switched on again. */
export const switchedOffProcesses = pgTable('switched_off_processes', {
  processDefinitionId: text('process_definition_id').primaryKey(),
  /** Slack user id. */
  switchedOffBy: text('switched_off_by').notNull(),
  createdAt,
});
