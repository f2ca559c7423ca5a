import { type Builtins, builtin } from './builtin.ts';
import { feelinTest, haveOrder } from './operators.ts';

const isList = (value: unknown): value is unknown[] => Array.isArray(value);
const equal = feelinTest('=');
const less = feelinTest('<');
const isMissing = (value: unknown) => value === null || value === undefined;

/** FEEL's own equality; null is null. */
const isSame = (a: unknown, b: unknown) =>
  isMissing(a) || isMissing(b) ? isMissing(a) && isMissing(b) : deepEqual(a, b);

/** feelin compares lists of one entry with the entry. */
const deepEqual = (a: unknown, b: unknown) => isList(a) === isList(b) && equal(a, b) === true;

/** Of a list, or of the arguments themselves, if all are of one kind. */
const extreme = (isBetter: (a: unknown, b: unknown) => boolean) =>
  builtin(['...list'], (...values) => {
    const [first] = values;
    const list = values.length === 1 && isList(first) ? first : values;
    if (list.length === 0 || !haveOrder(list)) return null;
    return list.reduce((best, value) => (isBetter(value, best) ? value : best));
  });

/** An index from 0, of a place counted from 1, or from the end down from -1; undefined if there is none. */
function indexOf(list: unknown[], position: unknown): number | undefined {
  if (typeof position !== 'number' || position === 0) return undefined;
  return position > 0 ? position - 1 : list.length + position;
}

/** Camunda's list functions as far as feelin's do otherwise. */
export const listBuiltins: Builtins = {
  min: extreme((a, b) => less(a, b) === true),
  max: extreme((a, b) => less(b, a) === true),
  'list contains': builtin(['list', 'element'], (list, element) =>
    isList(list) ? list.some((item) => isSame(item, element)) : null,
  ),
  'index of': builtin(['list', 'match'], (list, match) =>
    isList(list) ? list.flatMap((item, index) => (isSame(item, match) ? [index + 1] : [])) : null,
  ),
  remove: builtin(['list', 'position'], (list, position) => {
    const index = isList(list) ? indexOf(list, position) : undefined;
    return isList(list) && index !== undefined ? list.filter((_, at) => at !== index) : null;
  }),
  'insert before': builtin(['list', 'position', 'newItem'], (list, position, item) => {
    const index = isList(list) ? indexOf(list, position) : undefined;
    return isList(list) && index !== undefined ? list.toSpliced(Math.max(index, 0), 0, item) : null;
  }),
};
