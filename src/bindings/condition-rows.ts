import { LRUCache } from 'lru-cache';
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

/** Checks a row as it was entered; undefined: it can be saved. */
export function rowMistake({ property, operator, value }: ConditionRow): RowMistake | undefined {
  const type = propertyOf(property)?.type;
  if (!type) return 'property';
  if (!operatorsOf(type).includes(operator)) return 'operator';
  if (!takesValue(operator)) return undefined;
  if (value.trim() === '') return 'value';
  if (type === 'number' && Number.isNaN(numberOf(value))) return 'value';
  if (operator === 'any_word' && phrasesOf(value).length === 0) return 'value';
  return undefined;
}

/**
 * Whether a row holds for a session's values. Texts are compared without regard to upper and lower case, accents apart. Of
 * an absent property, or one whose value is of another type than the row was made for, only *is empty* holds: neither *is*
 * nor *is not* can be told of what nobody knows.
 */
export function rowHolds({ property, operator, value }: ConditionRow, values: Variables): boolean {
  const type = propertyOf(property)?.type;
  const found = own(values, property) ?? null;
  if (!type || !operatorsOf(type).includes(operator)) return false;
  if (operator === 'is_empty') return found === null;
  if (found === null) return false;
  if (operator === 'is_not_empty') return true;
  if (type === 'number') return typeof found === 'number' && inOrder(operator, found - numberOf(value));
  if (type === 'boolean') return typeof found === 'boolean' && String(found) === value;
  if (typeof found !== 'string') return false;
  // A date has ten characters, and so has the day that a time begins with.
  if (type === 'date' || type === 'datetime') return inOrder(operator, compare(found.slice(0, 10), value));
  if (type === 'choice' || type === 'user') return (found === value) === (operator === 'is');
  return textHolds(operator, found, value);
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

function textHolds(operator: Operator, found: string, value: string): boolean {
  if (operator === 'any_word') {
    const text = words(found);
    return phrasesOf(value).some((phrase) => text.includes(phrase));
  }
  const [text, sought] = [plain(found), plain(value)];
  switch (operator) {
    case 'is':
      return text === sought;
    case 'is_not':
      return text !== sought;
    case 'contains':
      return text.includes(sought);
    case 'starts_with':
      return text.startsWith(sought);
    default:
      return false;
  }
}

// Many rows look at one text, and each row at many texts.
const plain = remembered((text) => text.normalize('NFKC').trim().toLowerCase());
const words = remembered(searchText);

/** Words or phrases, each whole words between blanks. */
const phrasesOf = remembered((value) =>
  value
    .split(/[,;\n]/)
    .map(searchText)
    .filter((phrase) => phrase.trim() !== ''),
);

/** Remembers what was made of the last texts, of 100,000 characters in all. */
function remembered<Result extends {}>(make: (text: string) => Result): (text: string) => Result {
  const made = new LRUCache<string, Result>({ maxSize: 100_000, sizeCalculation: (_, text) => text.length + 1 });
  return (text) => {
    const known = made.get(text);
    if (known !== undefined) return known;
    const result = make(text);
    made.set(text, result);
    return result;
  };
}

/** `1,5` is a number, too: whoever enters it may write it so. */
const numberOf = (value: string) => (value.trim() === '' ? Number.NaN : Number(value.trim().replace(',', '.')));

const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);
