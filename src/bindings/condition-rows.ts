import { own } from '../own.ts';
import { searchText } from '../processes/search-text.ts';
import type { Json, ValueType, Variables } from '../processes/value-types.ts';
import { propertyOf } from '../sessions/properties.ts';
import { type ConditionRow, type Operator, orderOperators, textOperators } from './condition.ts';

/** The operators that a row offers for a property of a type, in the order people see. */
export function operatorsOf(type: ValueType): readonly Operator[] {
  switch (type) {
    case 'text':
    case 'email':
    case 'phone':
    case 'link':
      return textOperators;
    case 'number':
    case 'date':
    case 'datetime':
      return orderOperators;
    case 'boolean':
      return ['is'];
    case 'choice':
    case 'user':
      return ['is', 'is_not'];
    case 'choices':
    case 'files':
      return ['is_empty', 'is_not_empty'];
  }
}

/** Whether a row with this operator has a value to compare with. */
export const takesValue = (operator: Operator): boolean => operator !== 'is_empty' && operator !== 'is_not_empty';

export type RowMistake = 'property' | 'operator' | 'value';

/** Checks a row as it was entered. Returns undefined if it is valid. */
export function rowMistake({ property, operator, value }: ConditionRow): RowMistake | undefined {
  const type = propertyOf(property)?.type;
  if (!type) return 'property';
  if (!operatorsOf(type).includes(operator)) return 'operator';
  if (!takesValue(operator)) return undefined;
  if (value.trim() === '') return 'value';
  if (type === 'number' && Number.isNaN(numberOf(value))) return 'value';
  if (operator === 'any_word' && phrasesIn(value).length === 0) return 'value';
  return undefined;
}

/**
 * Whether a row holds for a session's values. Texts are compared case-insensitively but with accents. If the property is
 * absent, or its value has another type than the row expects, only *is empty* holds: neither *is* nor *is not* can be decided
 * for an unknown value.
 */
export function rowHolds(row: ConditionRow, values: Variables): boolean {
  const { property, operator, value } = row;
  const type = propertyOf(property)?.type;
  const found = own(values, property) ?? null;
  if (!type || !operatorsOf(type).includes(operator)) return false;
  if (operator === 'is_empty') return found === null;
  if (found === null) return false;
  if (operator === 'is_not_empty') return true;
  if (type === 'number') return typeof found === 'number' && inOrder(operator, found - numberOf(value));
  if (type === 'boolean') return typeof found === 'boolean' && String(found) === value;
  if (typeof found !== 'string') return false;
  // A date has ten characters; so has the date at the start of a datetime.
  if (type === 'date' || type === 'datetime') return inOrder(operator, compare(found.slice(0, 10), value));
  if (type === 'choice' || type === 'user') return (found === value) === (operator === 'is');
  return textHolds(row, found);
}

/** The value of a row's property, cut to what a person needs to see why the row did not hold. */
export function foundValue({ property }: ConditionRow, values: Variables): Json {
  const found = own(values, property) ?? null;
  return typeof found === 'string' && found.length > mostShown ? `${found.slice(0, mostShown)}…` : found;
}

const mostShown = 200;

function inOrder(operator: Operator, difference: number): boolean {
  switch (operator) {
    case 'eq':
      return difference === 0;
    case 'ne':
      return difference !== 0 && !Number.isNaN(difference);
    case 'lt':
      return difference < 0;
    case 'le':
      return difference <= 0;
    case 'gt':
      return difference > 0;
    case 'ge':
      return difference >= 0;
    default:
      return false;
  }
}

function textHolds(row: ConditionRow, found: string): boolean {
  const sought = soughtBy(row);
  switch (row.operator) {
    case 'is':
      return plain(found) === sought.text;
    case 'is_not':
      return plain(found) !== sought.text;
    case 'contains':
      return plain(found).includes(sought.text);
    case 'starts_with':
      return plain(found).startsWith(sought.text);
    case 'any_word':
      return sought.phrases.some((phrase) => words(found).includes(phrase));
    default:
      return false;
  }
}

/** A row's value, prepared for comparison with a text. */
interface Sought {
  text: string;
  /** The words or phrases to look for; each must match whole words. */
  phrases: string[];
}

/** Caches prepared values: a row is compared with many texts. */
const known = new WeakMap<ConditionRow, Sought>();

function soughtBy(row: ConditionRow): Sought {
  const before = known.get(row);
  if (before) return before;
  const sought = { text: plain(row.value), phrases: phrasesIn(row.value) };
  known.set(row, sought);
  return sought;
}

const phrasesIn = (value: string) =>
  value
    .split(/[,;\n]/)
    .map(searchText)
    .filter((phrase) => phrase.trim() !== '');

const plain = remembered((text) => text.normalize('NFKC').trim().toLowerCase());
const words = remembered(searchText);

/** Caches the result for the last text: many rows look at the same one. */
function remembered(make: (text: string) => string): (text: string) => string {
  let last: { text: string; made: string } | undefined;
  return (text) => {
    if (last?.text !== text) last = { text, made: make(text) };
    return last.made;
  };
}

/** Accepts a decimal comma as well: `1,5`. */
const numberOf = (value: string) => (value.trim() === '' ? Number.NaN : Number(value.trim().replace(',', '.')));

const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);
