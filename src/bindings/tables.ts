import { bigint, boolean, index, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { createdAt, instant } from '../db/columns.ts';
import { jsonb } from '../db/jsonb.ts';
import { liveChats } from '../live-chats/tables.ts';
import type { Parameter } from '../processes/process-definition.ts';
import { bindingPolicies, boundEvents } from './binding-kinds.ts';
import type { Condition } from './condition.ts';
import type { ReactionTrigger } from './reactions.ts';

/** "In this live chat, on this event, start this process, with these parameters filled from these properties." */
export const bindings = pgTable(
  'bindings',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    liveChatId: uuid('live_chat_id')
      .notNull()
      .references(() => liveChats.id, { onDelete: 'cascade' }),
    event: text('event', { enum: boundEvents }).notNull(),
    /** Bindings of one event are tried in this order. */
    position: integer('position').notNull().default(0),
    isOn: boolean('is_on').notNull().default(true),
    /** Which reactions a binding of `reaction_added` is for; null for other events. */
    reaction: jsonb('reaction').$type<ReactionTrigger>(),
    /** Null: on every occasion. */
    conditions: jsonb('conditions').$type<Condition>(),
    policy: text('policy', { enum: bindingPolicies }).notNull().default('every_time'),
    /** With the policy `at_most_once_in`. */
    policyMinutes: integer('policy_minutes'),
    /** Not for a message that a running process of the session waits for. */
    skipsAwaited: boolean('skips_awaited').notNull().default(false),
    /** How long somebody waits for an answer before *Client is waiting* or *Client is silent* happens. */
    waitMinutes: integer('wait_minutes'),
    /** That time is counted while the live chat is open. */
    waitsInHours: boolean('waits_in_hours').notNull().default(false),
    /** When it was made or switched on: waits whose time was over by then are none of its business. */
    armedAt: instant('armed_at').notNull().defaultNow(),
    /** Once it started its process, the bindings after it are not tried. */
    stops: boolean('stops').notNull().default(false),
    /** One more with every change, so that what was decided by a copy of the row can be told from what holds now. */
    revision: integer('revision').notNull().default(0),
    processDefinitionId: text('process_definition_id').notNull(),
    processName: text('process_name').notNull(),
    /** The parameters as they were when the mapping was saved: a start that no longer fits them fails. */
    parameters: jsonb('parameters').$type<Parameter[]>().notNull(),
    /** Parameter key → property code. */
    mapping: jsonb('mapping').$type<Record<string, string>>().notNull(),
    createdAt,
  },
  (table) => [index('bindings_of_event').on(table.liveChatId, table.event, table.position)],
);

/** Revisions of bindings with conditions. Records of what they held back name them by id; they stay when the binding changes or goes. */
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
