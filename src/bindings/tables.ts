import { bigint, boolean, index, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { createdAt, instant } from '../db/columns.ts';
import { jsonb } from '../db/jsonb.ts';
import { liveChats } from '../live-chats/tables.ts';
import type { Parameter } from '../processes/process-definition.ts';
import { bindingPolicies, boundEvents } from './binding-kinds.ts';
import type { Condition } from './condition.ts';
import type { ReactionTrigger } from './reactions.ts';

/** One row: "in this live chat, on this event, start this process, with these parameters filled from these properties". */
export const bindings = pgTable(
  'bindings',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    liveChatId: uuid('live_chat_id')
      .notNull()
      .references(() => liveChats.id, { onDelete: 'cascade' }),
    event: text('event', { enum: boundEvents }).notNull(),
    /** Bindings of one event are tried in ascending order. */
    position: integer('position').notNull().default(0),
    isOn: boolean('is_on').notNull().default(true),
    /** For `reaction_added`: the reactions that trigger the binding; null for other events. */
    reaction: jsonb('reaction').$type<ReactionTrigger>(),
    /** Null: always holds. */
    conditions: jsonb('conditions').$type<Condition>(),
    policy: text('policy', { enum: bindingPolicies }).notNull().default('every_time'),
    /** Only for the policy `at_most_once_in`. */
    policyMinutes: integer('policy_minutes'),
    /** Do not start for a message that a running process of the session waits for. */
    skipsAwaited: boolean('skips_awaited').notNull().default(false),
    /** Minutes without an answer until *Client is waiting* or *Client is silent* happens. */
    waitMinutes: integer('wait_minutes'),
    /** Count that time in business hours only. */
    waitsInHours: boolean('waits_in_hours').notNull().default(false),
    /** When the binding was created or switched on; waits that were over by then do not trigger it. */
    armedAt: instant('armed_at').notNull().defaultNow(),
    /** If the binding starts its process, the bindings after it are not tried. */
    stops: boolean('stops').notNull().default(false),
    /** Incremented with every change, so that a decision made from a cached copy can be recognised as outdated. */
    revision: integer('revision').notNull().default(0),
    processDefinitionId: text('process_definition_id').notNull(),
    processName: text('process_name').notNull(),
    /** The process's parameters when the mapping was saved; a start fails if they no longer fit. */
    parameters: jsonb('parameters').$type<Parameter[]>().notNull(),
    /** Parameter key → property code. */
    mapping: jsonb('mapping').$type<Record<string, string>>().notNull(),
    createdAt,
  },
  (table) => [index('bindings_of_event').on(table.liveChatId, table.event, table.position)],
);

/**
 * Conditions of bindings, one row per revision. Records of what was held back refer to them by id; rows stay when the binding
 * changes or is removed.
 */
export const bindingTerms = pgTable(
  'binding_terms',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    bindingId: uuid('binding_id').notNull(),
    revision: integer('revision').notNull(),
    event: text('event', { enum: boundEvents }).notNull(),
    processName: text('process_name').notNull(),
    conditions: jsonb('conditions').$type<Condition>(),
  },
  (table) => [uniqueIndex('binding_terms_key').on(table.bindingId, table.revision)],
);
