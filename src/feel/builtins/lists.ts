import { haveOrder, isEqual, isSame, order } from '../compare.ts';
import { distinctValues } from '../distinct.ts';
import { FeelEvaluationError } from '../errors.ts';
import { type Evaluation, requireNesting, sizes } from '../evaluation.ts';
import * as numbers from '../numbers.ts';
import {
  Failure,
  type FeelFunction,
  type FeelList,
  type FeelNumber,
  type FeelValue,
  isBoolean,
  isFunction,
  isList,
  isNull,
  isNumber,
  isString,
} from '../values.ts';
import { type Builtins, builtin, variadic } from './builtin.ts';

const onList = (body: (list: FeelList, evaluation: Evaluation) => FeelValue | undefined, options = {}) =>
  builtin(
    ['list'],
    ([list = null], evaluation) => {
      if (!isList(list)) return undefined;
      evaluation.spend(list.length);
      return body(list, evaluation);
    },
    options,
  );

/** For functions that take a list, or its items as arguments. */
const onItems = (body: (list: FeelList, evaluation: Evaluation) => FeelValue | undefined) => onList(body, variadic);

const onNumbers = (empty: FeelValue, body: (list: FeelNumber[], evaluation: Evaluation) => FeelValue) =>
  onItems((list, evaluation) => {
    if (list.length === 0) return empty;
    const other = list.find((item) => !isNumber(item));
    if (other !== undefined) return other instanceof Failure ? other : new Failure('a list holds not only numbers');
    return body(list as FeelNumber[], evaluation);
  });

const extreme = (isBetter: (order: number) => boolean) =>
  onItems((list) => {
    if (list.length === 0) return null;
    if (!haveOrder(list)) return new Failure('the items of a list have no order');
    return list.reduce((best, item) => (isBetter(order(item, best) ?? 0) ? item : best));
  });

const sum = (list: FeelNumber[], evaluation: Evaluation) =>
  list.reduce((a, b) => numbers.add(a, b, evaluation), 0 as FeelNumber);

const sorted = (list: FeelNumber[], evaluation: Evaluation): FeelNumber[] => {
  evaluation.allocate(list.length * sizes.item);
  return list.toSorted((a, b) => {
    evaluation.spend(1);
    return numbers.compareNumbers(a, b);
  });
};

function median(list: FeelNumber[], evaluation: Evaluation): FeelNumber {
  const inOrder = sorted(list, evaluation);
  const middle = Math.floor(list.length / 2);
  const upper = inOrder[middle] ?? 0;
  if (list.length % 2 === 1) return upper;
  return numbers.divide(numbers.add(inOrder[middle - 1] ?? 0, upper, evaluation), 2, evaluation);
}

function deviation(list: FeelNumber[], evaluation: Evaluation): FeelValue {
  if (list.length === 1) throw new FeelEvaluationError('takes the deviation of one number');
  const mean = numbers.divide(sum(list, evaluation), list.length, evaluation);
  const squares = list.map((item) => numbers.power(numbers.subtract(item, mean, evaluation), 2, evaluation));
  const variance = numbers.divide(sum(squares, evaluation), list.length - 1, evaluation);
  return numbers.ofDouble(Math.sqrt(numbers.doubleOf(variance)));
}

/** The most frequent numbers, in ascending order. */
function modes(list: FeelNumber[], evaluation: Evaluation): FeelValue {
  const runs: { value: FeelNumber; count: number }[] = [];
  for (const value of sorted(list, evaluation)) {
    const last = runs.at(-1);
    if (last && numbers.compareNumbers(last.value, value) === 0) last.count += 1;
    else runs.push({ value, count: 1 });
  }
  const most = runs.reduce((count, run) => Math.max(count, run.count), 0);
  return runs.filter(({ count }) => count === most).map(({ value }) => value);
}

/** The functions `all` and `any`: the decisive value if the list has it, else null if an item is not a boolean. */
const junction = (decisive: boolean) =>
  onItems((list) => {
    if (list.includes(decisive)) return decisive;
    return list.every(isBoolean) ? !decisive : (list.find((item) => item instanceof Failure) ?? null);
  });

/** Converts a position, counted from 1, or from the end from -1, to an index, which may be out of range. */
function indexIn(list: FeelList, position: number): number {
  return position > 0 ? position - 1 : list.length + position;
}

const noPosition = () => new Failure('a position in a list is 0; the first is 1');

/** Slices a list as Scala does: positions out of range are ignored. */
function slice(list: FeelList, from: number, to: number, evaluation: Evaluation): FeelList {
  const [start, end] = [Math.max(from, 0), Math.min(Math.max(to, 0), list.length)];
  if (end <= start) return [];
  evaluation.allocate(sizes.list + (end - start) * sizes.item);
  return list.slice(start, end);
}

const sublist = (parameters: string[]) =>
  builtin(parameters, ([list = null, start = null, length], evaluation) => {
    if (!isList(list) || !isNumber(start) || (length !== undefined && !isNumber(length))) return undefined;
    if (numbers.compareNumbers(start, 0) === 0) return noPosition();
    const from = indexIn(list, numbers.intOf(start));
    return slice(list, from, length === undefined ? list.length : from + numbers.intOf(length), evaluation);
  });

function joined(lists: FeelList, evaluation: Evaluation): FeelValue[] {
  const result: FeelValue[] = [];
  for (const item of lists) {
    const items = isList(item) ? item : [item];
    evaluation.allocate(items.length * sizes.item);
    for (const inner of items) result.push(inner);
  }
  return result;
}

function flatten(list: FeelList, result: FeelValue[], evaluation: Evaluation, level = 0): FeelValue[] {
  requireNesting(level);
  evaluation.allocate(list.length * sizes.item);
  for (const item of list) {
    if (isList(item)) flatten(item, result, evaluation, level + 1);
    else result.push(item);
  }
  return result;
}

/** Sorts a list; fails if the function does not return a boolean. Errors of the function are passed on. */
function sort(list: FeelList, precedes: FeelFunction, evaluation: Evaluation): FeelValue {
  if (precedes.parameters.length !== 2) return new Failure('a list is sorted by a function that has not 2 parameters');
  evaluation.allocate(list.length * sizes.item);
  let failure: Failure | undefined;
  const isBefore = (a: FeelValue, b: FeelValue): boolean => {
    evaluation.spend(1);
    const answer = failure ? false : precedes.invoke([a, b], evaluation);
    if (!isBoolean(answer)) failure ??= new Failure('a list is sorted by a function that gives neither true nor false');
    return answer === true;
  };
  const result = list.toSorted((a, b) => (isBefore(a, b) ? -1 : isBefore(b, a) ? 1 : 0));
  return failure ?? result;
}

const stringJoin = (parameters: string[]) =>
  builtin(parameters, ([list = null, delimiter = null, prefix = null, suffix = null], evaluation) => {
    if (!isList(list) || ![delimiter, prefix, suffix].every((text) => text === null || isString(text)))
      return undefined;
    if (parameters.length === 4 && (prefix === null) !== (suffix === null)) return undefined;
    const texts = list.filter((item) => !isNull(item));
    if (!texts.every(isString)) return new Failure('the items that are joined are not all texts');
    const between = isString(delimiter) ? delimiter : '';
    const length = texts.reduce((total, text) => total + text.length + between.length, 0);
    evaluation.allocate(length * sizes.character);
    return `${prefix ?? ''}${texts.join(between)}${suffix ?? ''}`;
  });

export const listBuiltins: Builtins = {
  'list contains': [
    builtin(['list', 'element'], ([list = null, element = null], evaluation) =>
      isList(list) ? list.some((item) => isSame(item, element, evaluation)) : undefined,
    ),
  ],
  count: [builtin(['list'], ([list = null]) => (isList(list) ? list.length : undefined))],
  min: [extreme((order) => order < 0)],
  max: [extreme((order) => order > 0)],
  sum: [onNumbers(null, sum)],
  product: [
    onNumbers(null, (list, evaluation) => list.reduce((a, b) => numbers.multiply(a, b, evaluation), 1 as FeelNumber)),
  ],
  mean: [onNumbers(null, (list, evaluation) => numbers.divide(sum(list, evaluation), list.length, evaluation))],
  median: [onNumbers(null, median)],
  stddev: [onNumbers(null, deviation)],
  mode: [onNumbers([], modes)],
  and: [junction(false)],
  all: [junction(false)],
  or: [junction(true)],
  any: [junction(true)],
  sublist: [sublist(['list', 'start']), sublist(['list', 'start', 'length'])],
  append: [
    builtin(
      ['list', 'items'],
      ([list = null, items = null], evaluation) => {
        if (!isList(list) || !isList(items)) return undefined;
        return joined([list, items], evaluation);
      },
      variadic,
    ),
  ],
  concatenate: [
    builtin(
      ['lists'],
      ([lists = null], evaluation) => (isList(lists) ? joined(lists, evaluation) : undefined),
      variadic,
    ),
  ],
  'insert before': [
    builtin(['list', 'position', 'newItem'], ([list = null, position = null, item = null], evaluation) => {
      if (!isList(list) || !isNumber(position)) return undefined;
      if (numbers.compareNumbers(position, 0) === 0) return noPosition();
      const index = indexIn(list, numbers.intOf(position));
      return joined(
        [slice(list, 0, index, evaluation), [item], slice(list, index, list.length, evaluation)],
        evaluation,
      );
    }),
  ],
  remove: [
    builtin(['list', 'position'], ([list = null, position = null], evaluation) => {
      if (!isList(list) || !isNumber(position)) return undefined;
      if (numbers.compareNumbers(position, 0) === 0) return noPosition();
      const place = numbers.intOf(position);
      const rest = slice(list, indexIn(list, place + 1), list.length, evaluation);
      return joined([slice(list, 0, indexIn(list, place), evaluation), rest], evaluation);
    }),
  ],
  reverse: [
    onList((list, evaluation) => {
      evaluation.allocate(list.length * sizes.item);
      return list.toReversed();
    }),
  ],
  'index of': [
    builtin(['list', 'match'], ([list = null, match = null], evaluation) => {
      if (!isList(list)) return undefined;
      evaluation.allocate(list.length * sizes.item);
      return list.flatMap((item, index) => (isEqual(item, match, evaluation) ? [index + 1] : []));
    }),
  ],
  union: [
    builtin(
      ['lists'],
      ([lists = null], evaluation) =>
        isList(lists) ? distinctValues(joined(lists, evaluation), evaluation).map(({ value }) => value) : undefined,
      variadic,
    ),
  ],
  'distinct values': [onList((list, evaluation) => distinctValues(list, evaluation).map(({ value }) => value))],
  'duplicate values': [
    onList((list, evaluation) =>
      distinctValues(list, evaluation)
        .filter(({ count }) => count > 1)
        .map(({ value }) => value),
    ),
  ],
  flatten: [onList((list, evaluation) => flatten(list, [], evaluation))],
  sort: [
    builtin(['list', 'precedes'], ([list = null, precedes = null], evaluation) =>
      isList(list) && isFunction(precedes) ? sort(list, precedes, evaluation) : undefined,
    ),
  ],
  'string join': [
    stringJoin(['list']),
    stringJoin(['list', 'delimiter']),
    stringJoin(['list', 'delimiter', 'prefix', 'suffix']),
  ],
  'is empty': [builtin(['list'], ([list = null]) => (isList(list) ? list.length === 0 : undefined))],
  partition: [
    builtin(['list', 'size'], ([list = null, size = null], evaluation) => {
      if (!isList(list) || !isNumber(size)) return undefined;
      const length = numbers.intOf(size);
      // Null, as Camunda's documentation says.
      if (length <= 0) return null;
      const parts: FeelValue[] = [];
      for (let at = 0; at < list.length; at += length) parts.push(slice(list, at, at + length, evaluation));
      return parts;
    }),
  ],
};
