import { equal, order, typeOf } from '../compare.ts';
import type { Evaluation } from '../evaluation.ts';
import type { ComparisonSign, OrderSign } from '../syntax.ts';
import { Failure, type FeelValue, isError, isNull, isString } from '../values.ts';
import type { Code } from './code.ts';
import { junction, negated } from './logic.ts';

const holds: Record<OrderSign, (order: number) => boolean> = {
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

/** Compares two values. Null if one side is null: a missing value is not an error. */
export function inOrder(sign: OrderSign, a: FeelValue, b: FeelValue, evaluation: Evaluation): FeelValue {
  if (typeof a === 'number' && typeof b === 'number') return holds[sign](a - b);
  if (isError(a)) return a;
  if (isError(b)) return b;
  if (a instanceof Failure) return a;
  if (isNull(a) || isNull(b)) return b instanceof Failure ? b : null;
  if (isString(a) && isString(b)) evaluation.spend(Math.min(a.length, b.length) / 16);
  const found = order(a, b);
  return found === undefined ? new Failure(`a ${typeOf(a)} is compared with a ${typeOf(b)}`) : holds[sign](found);
}

export function compare(sign: ComparisonSign, a: FeelValue, b: FeelValue, evaluation: Evaluation): FeelValue {
  if (sign === '=') return equal(a, b, evaluation);
  return sign === '!=' ? negated(equal(a, b, evaluation)) : inOrder(sign, a, b, evaluation);
}

export const comparison =
  (sign: ComparisonSign, left: Code, right: Code): Code =>
  (scope, evaluation) =>
    compare(sign, left(scope, evaluation), right(scope, evaluation), evaluation);

/** Evaluates the value once for each bound, as in Camunda. */
export function between(value: Code, low: Code, high: Code): Code {
  const isNotBelow: Code = (scope, evaluation) =>
    inOrder('>=', value(scope, evaluation), low(scope, evaluation), evaluation);
  const isNotAbove: Code = (scope, evaluation) =>
    inOrder('<=', value(scope, evaluation), high(scope, evaluation), evaluation);
  return junction(false, [isNotBelow, isNotAbove]);
}

/** Alternative names of types, and of types that include several kinds. */
const typeNames: Partial<Record<string, string>> = {
  'local time': 'time',
  'local date and time': 'date and time',
  'date time': 'date and time',
  'year-month-duration': 'years and months duration',
  'day-time-duration': 'days and time duration',
};

export const instanceOf =
  (value: Code, type: string): Code =>
  (scope, evaluation) => {
    const found = value(scope, evaluation);
    if (isError(found)) return found;
    const name = typeOf(found);
    return type === 'Any' ? name !== 'null' : (typeNames[type] ?? type) === (typeNames[name] ?? name);
  };
