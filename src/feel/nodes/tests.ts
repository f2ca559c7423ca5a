import { equal, isSame, typeOf } from '../compare.ts';
import type { Evaluation } from '../evaluation.ts';
import { findVariable, type Scope, VariableScope } from '../scope.ts';
import type { OrderSign } from '../syntax.ts';
import { Failure, type FeelValue, isBoolean, isError, isList, isNull } from '../values.ts';
import type { Code } from './code.ts';
import { inOrder } from './comparison.ts';
import { junction } from './logic.ts';

/** Camunda's name for the value before `in`, as seen by the tests after it. */
const inputName = 'cellInput';
const inputSymbol = '?';

/** Thrown if `?` is read outside of a test. */
class MissingInput extends Error {
  override readonly message = '? stands for the value of a test behind in; here there is none';
}

export const input: Code = (scope, evaluation) => {
  const value = findVariable(scope, inputSymbol, evaluation);
  if (value === undefined) throw new MissingInput();
  return value;
};

const inputOf = (scope: Scope, evaluation: Evaluation): FeelValue =>
  findVariable(scope, inputName, evaluation) ?? new Failure('a test stands where there is nothing to test');

export function inTests(value: Code, tests: Code[]): Code {
  const [only, ...others] = tests;
  const test = only && others.length === 0 ? only : junction(true, tests);
  return (scope, evaluation) => {
    const found = value(scope, evaluation);
    return isError(found) ? found : test(new VariableScope(scope, inputName, found), evaluation);
  };
}

export const orderTest =
  (sign: OrderSign, value: Code): Code =>
  (scope, evaluation) =>
    inOrder(sign, inputOf(scope, evaluation), value(scope, evaluation), evaluation);

export const equalityTest =
  (value: Code): Code =>
  (scope, evaluation) =>
    equal(inputOf(scope, evaluation), value(scope, evaluation), evaluation);

export interface RangeCode {
  start: Code;
  startIsClosed: boolean;
  end: Code;
  endIsClosed: boolean;
}

export const rangeTest =
  ({ start, startIsClosed, end, endIsClosed }: RangeCode): Code =>
  (scope, evaluation) => {
    const value = inputOf(scope, evaluation);
    const [low, high] = [start(scope, evaluation), end(scope, evaluation)];
    const failure = [value, low, high].find((side) => side instanceof Failure);
    if (failure !== undefined) return failure;
    if (isNull(value) || isNull(low) || isNull(high)) return null;
    const isAfterStart = inOrder(startIsClosed ? '>=' : '>', value, low, evaluation);
    const isBeforeEnd = inOrder(endIsClosed ? '<=' : '<', value, high, evaluation);
    if (isBoolean(isAfterStart) && isBoolean(isBeforeEnd)) return isAfterStart && isBeforeEnd;
    return new Failure(`a ${typeOf(value)} is tested with a range of ${typeOf(low)} to ${typeOf(high)}`);
  };

/**
 * A test by any expression after `in`: it passes if the result is true, equal to the input or a list that contains the input,
 * or if the expression is a condition on `?` that holds.
 */
export const valueTest =
  (test: Code): Code =>
  (scope, evaluation) => {
    const value = inputOf(scope, evaluation);
    let result: FeelValue;
    try {
      result = test(scope, evaluation);
    } catch (error) {
      if (!(error instanceof MissingInput)) throw error;
      const answer = test(new VariableScope(scope, inputSymbol, value), evaluation);
      return isBoolean(answer) ? answer : null;
    }
    if (result === true) return true;
    if (isList(result) && result.some((item) => isSame(item, value, evaluation))) return true;
    const isEqual = isError(result) ? false : equal(value, result, evaluation);
    if (isEqual === true) return true;
    return result === false || isList(result) ? false : isEqual;
  };
