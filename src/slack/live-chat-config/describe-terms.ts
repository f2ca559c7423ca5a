import type { ConditionRow } from '../../bindings/condition.ts';
import { takesValue } from '../../bindings/condition-rows.ts';
import type { BindingTerms } from '../../bindings/queries.ts';
import { propertyName, propertyOf } from '../../sessions/properties.ts';
import { type Message, message, type Value } from '../../words/message.ts';
import type { Words } from '../../words/words.ts';
import { fitText } from '../block-kit/fit-text.ts';
import { joined, listed, type Markup, nothing, say } from '../block-kit/markup.ts';
import { describeWait } from './wait-view.ts';

/** Maximum length of a value or an expression in a list. */
const mostShown = 80;

/** When a binding starts its process, as the end of a sentence; blank if it does every time the event happens. */
export function describeTerms(words: Words, terms: BindingTerms): Markup {
  const { waitMinutes, waitsInHours, reaction, conditions, policy, policyMinutes, skipsAwaited, stops } = terms;
  return joined(
    [
      ...(waitMinutes === null ? [] : [describeWait(words, waitMinutes, waitsInHours)]),
      ...(reaction ? [describeReaction(words, reaction)] : []),
      ...(conditions ? [describeCondition(words, conditions)] : []),
      ...(policy === 'once_per_session' || policy === 'not_while_running' ? [say(words, `terms.says.${policy}`)] : []),
      ...(policy === 'at_most_once_in' ? [say(words, `terms.says.${policy}`, { minutes: policyMinutes ?? 0 })] : []),
      ...(skipsAwaited ? [say(words, 'terms.says.skipsAwaited')] : []),
      ...(stops ? [say(words, 'terms.says.stops')] : []),
    ],
    ', ',
  );
}

function describeReaction(words: Words, { emoji, by }: NonNullable<BindingTerms['reaction']>): Markup {
  const names = emoji.map((name) => `:${name}:`);
  return say(words, `terms.says.reaction.${by}`, { emoji: listed(words, names, 'or') });
}

function describeCondition(words: Words, condition: NonNullable<BindingTerms['conditions']>): Markup {
  if (condition.kind === 'feel') {
    return say(words, 'terms.ifExpression', { expression: fitText(condition.expression, mostShown) });
  }
  const rows = condition.rows.map((row) => say(words, rowSentence(row)));
  return say(words, 'terms.if', { condition: listed(words, rows, condition.join === 'all' ? 'and' : 'or') });
}

/** `*Message's text* contains *price*` */
export function rowSentence(row: ConditionRow): Message {
  const property = propertyOf(row.property);
  if (row.property === 'session.isBusinessHours') {
    return message(row.value === 'true' ? 'condition.withinHours' : 'condition.outsideHours');
  }
  const operator = operatorName(row);
  const named = property ? propertyName(property) : row.property;
  if (!takesValue(row.operator)) return message('condition.rowAlone', { property: named, operator });
  return message('condition.row', { property: named, operator, value: rowValue(row) });
}

/** The name of a row's operator. */
export function operatorName({ property, operator }: Pick<ConditionRow, 'property' | 'operator'>): Message {
  const type = propertyOf(property)?.type;
  const isDay = type === 'date' || type === 'datetime';
  switch (operator) {
    case 'eq':
    case 'ne':
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge':
      return message(isDay ? `operator.day.${operator}` : `operator.${operator}`);
    default:
      return message(`operator.${operator}`);
  }
}

function rowValue({ property, value }: ConditionRow): Value {
  const type = propertyOf(property)?.type;
  if (type === 'boolean') return message(value === 'true' ? 'value.yes' : 'value.no');
  if (type === 'user') return { user: value };
  if (value === 'open' || value === 'closed' || value === 'spam') {
    if (type === 'choice') return message(`session.status.${value}`);
  }
  return fitText(value, mostShown);
}

export const isBlank = (text: Markup): boolean => text.source === nothing.source;
