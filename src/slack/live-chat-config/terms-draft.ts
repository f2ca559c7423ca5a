import { z } from 'zod';
import { type BindingPolicy, bindingPolicies } from '../../bindings/binding-kinds.ts';
import { type Condition, type ConditionRow, operatorSchema } from '../../bindings/condition.ts';
import { expressionMistake, withoutSign } from '../../bindings/condition-expression.ts';
import { operatorsOf, rowMistake } from '../../bindings/condition-rows.ts';
import type { Binding, BindingTerms } from '../../bindings/queries.ts';
import { mostEmoji, type Reactor, reactors } from '../../bindings/reactions.ts';
import { propertyOf } from '../../sessions/properties.ts';
import type { Words } from '../../words/words.ts';
import { readEmoji } from './read-emoji.ts';
import { readWait, type WaitDraft, waitBlocks, waitDraftOf, waitUnits } from './wait-draft.ts';

export const termsModes = ['always', 'all', 'any', 'feel'] as const;
export type TermsMode = (typeof termsModes)[number];

/** A row as entered; `id` is part of its block ids, and unique since the modal was opened. */
export interface DraftRow extends ConditionRow {
  id: number;
}

/** The current input of *When it starts*, valid or not. */
export interface TermsDraft {
  /** Only for *Reaction added*. `emoji` as typed. */
  reaction: { emoji: string; by: Reactor } | undefined;
  /** Only for events that depend on time. */
  wait: WaitDraft | undefined;
  mode: TermsMode;
  rows: DraftRow[];
  expression: string;
  policy: BindingPolicy;
  /** As typed. */
  minutes: string;
  skipsAwaited: boolean;
  stops: boolean;
  /** Index among the bindings of the event. */
  place: number;
}

export const termsBlocks = {
  ...waitBlocks,
  emoji: 'terms_emoji',
  by: 'terms_by',
  mode: 'terms_mode',
  expression: 'terms_expression',
  policy: 'terms_policy',
  minutes: 'terms_minutes',
  more: 'terms_more',
  place: 'terms_place',
} as const;

export const rowActionIds = { property: 'condition_property', operator: 'condition_operator' } as const;
export const valueActionId = 'condition_value';
export const rowBlockId = (id: number) => `condition:${id}`;
/** Changes with the property: Slack keeps the input of a block while its id stays the same. */
export const valueBlockId = ({ id, property }: DraftRow) => `condition_value:${id}:${property}`;

export const emptyRow = (id: number): DraftRow => ({ id, property: '', operator: 'is', value: '' });

/** A year, in minutes. */
const longestMinutes = 525_600;

/** A binding's terms as input of the modal. `place`: its index among those of its event. */
export function termsDraftOf(binding: Binding, place: number): TermsDraft {
  const { reaction, conditions, policy, policyMinutes, skipsAwaited, stops } = binding;
  const rows = conditions?.kind === 'rows' ? conditions.rows : [];
  return {
    reaction: reaction ? { emoji: reaction.emoji.map((name) => `:${name}:`).join(' '), by: reaction.by } : undefined,
    wait: waitDraftOf(binding),
    mode: conditions === null ? 'always' : conditions.kind === 'feel' ? 'feel' : conditions.join,
    rows: rows.map((row, id) => ({ ...row, id })),
    expression: conditions?.kind === 'feel' ? conditions.expression : '',
    policy,
    minutes: String(policyMinutes ?? 60),
    skipsAwaited,
    stops,
    place,
  };
}

const optionSchema = z.object({ value: z.string() }).nullish();
const stateSchema = z.record(
  z.string(),
  z.record(
    z.string(),
    z.object({
      value: z.string().nullish(),
      selected_option: optionSchema,
      selected_options: z.array(z.object({ value: z.string() })).nullish(),
      selected_date: z.string().nullish(),
      selected_user: z.string().nullish(),
    }),
  ),
);

/** Reads what a person has entered; `rowIds`: ids of the rows shown, in order. */
export function readTermsDraft(stateValues: unknown, rowIds: readonly number[], place: number): TermsDraft {
  const state = stateSchema.parse(stateValues);
  const entered = (block: string, action = block) => {
    const element = state[block]?.[action];
    return element?.selected_option?.value ?? element?.selected_date ?? element?.selected_user ?? element?.value ?? '';
  };
  const mode = z.enum(termsModes).catch('always').parse(entered(termsBlocks.mode));
  const checked = (state[termsBlocks.more]?.[termsBlocks.more]?.selected_options ?? []).map(({ value }) => value);
  return {
    reaction: state[termsBlocks.by] && {
      emoji: entered(termsBlocks.emoji),
      by: z.enum(reactors).catch('staff').parse(entered(termsBlocks.by)),
    },
    wait: state[waitBlocks.amount] && {
      amount: entered(waitBlocks.amount),
      unit: z.enum(waitUnits).catch('minutes').parse(entered(waitBlocks.unit)),
      inHours: (state[waitBlocks.inHours]?.[waitBlocks.inHours]?.selected_options ?? []).length > 0,
    },
    mode,
    rows: rowIds.map((id) => {
      const property = entered(rowBlockId(id), rowActionIds.property);
      const offered = operatorsOf(propertyOf(property)?.type ?? 'text');
      const chosen = operatorSchema.safeParse(entered(rowBlockId(id), rowActionIds.operator)).data;
      const operator = chosen && offered.includes(chosen) ? chosen : (offered[0] ?? 'is');
      const row = { id, property, operator, value: '' };
      return { ...row, value: entered(valueBlockId(row), valueActionId) };
    }),
    expression: entered(termsBlocks.expression),
    policy: z.enum(bindingPolicies).catch('every_time').parse(entered(termsBlocks.policy)),
    minutes: entered(termsBlocks.minutes) || '60',
    skipsAwaited: checked.includes('skips_awaited'),
    stops: checked.includes('stops'),
    place: z.coerce
      .number()
      .int()
      .min(0)
      .catch(place)
      .parse(entered(termsBlocks.place) || place),
  };
}

/** The terms that were entered, and error messages by block id. */
export function checkTerms(words: Words, draft: TermsDraft): { terms: BindingTerms; errors: Record<string, string> } {
  const errors: Record<string, string> = {};
  const isLimited = draft.policy === 'at_most_once_in';
  const minutes = Number(draft.minutes.trim());
  if (isLimited && !(Number.isInteger(minutes) && minutes >= 1 && minutes <= longestMinutes)) {
    errors[termsBlocks.minutes] = words('terms.badMinutes');
  }
  const conditions = readCondition(words, draft, errors);
  const reaction = readReaction(words, draft, errors);
  const { waitMinutes, mistake } = readWait(draft.wait);
  if (mistake) errors[waitBlocks.amount] = words(mistake);
  const wait = { waitMinutes, waitsInHours: draft.wait?.inHours ?? false };
  const { policy, skipsAwaited, stops } = draft;
  const policyMinutes = isLimited ? minutes : null;
  return { terms: { ...wait, reaction, conditions, policy, policyMinutes, skipsAwaited, stops }, errors };
}

function readReaction(
  words: Words,
  { reaction }: TermsDraft,
  errors: Record<string, string>,
): BindingTerms['reaction'] {
  if (!reaction) return null;
  const { names, unknown } = readEmoji(reaction.emoji);
  if (unknown !== undefined) errors[termsBlocks.emoji] = words('terms.unknownEmoji', { text: unknown });
  else if (names.length === 0) errors[termsBlocks.emoji] = words('terms.noEmoji');
  else if (names.length > mostEmoji) errors[termsBlocks.emoji] = words('terms.tooManyEmoji', { limit: mostEmoji });
  return { emoji: names, by: reaction.by };
}

function readCondition(words: Words, draft: TermsDraft, errors: Record<string, string>): Condition | null {
  if (draft.mode === 'always') return null;
  if (draft.mode === 'feel') {
    const expression = withoutSign(draft.expression);
    const mistake = expressionMistake(expression);
    if (mistake) errors[termsBlocks.expression] = words(mistake);
    return { kind: 'feel', expression };
  }
  const rows = draft.rows.filter(({ property }) => property !== '');
  if (rows.length === 0) errors[termsBlocks.mode] = words('terms.noRows');
  for (const row of rows) if (rowMistake(row)) errors[valueBlockId(row)] = words('terms.badValue');
  return {
    kind: 'rows',
    join: draft.mode,
    rows: rows.map(({ property, operator, value }) => ({ property, operator, value })),
  };
}
