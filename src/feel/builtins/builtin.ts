import { typeOf } from '../compare.ts';
import type { Evaluation } from '../evaluation.ts';
import { Failure, FeelFunction, type FeelValue } from '../values.ts';

/** Functions by name; overloads differ in their parameters. */
export type Builtins = Readonly<Record<string, readonly FeelFunction[]>>;

/** Returns undefined for unsupported arguments. */
type Body = (values: FeelValue[], evaluation: Evaluation) => FeelValue | undefined;

export function builtin(parameters: string[], body: Body, { isVariadic = false } = {}): FeelFunction {
  const invoke = (values: FeelValue[], evaluation: Evaluation): FeelValue => {
    evaluation.spend(values.length);
    const result = body(values, evaluation);
    return result === undefined ? illegal(values) : result;
  };
  return new FeelFunction(parameters, invoke, isVariadic);
}

/** The failure of a call with unsupported arguments. If an argument is itself a Failure, its reason is kept. */
function illegal(values: FeelValue[]): Failure {
  const failure = values.find((value) => value instanceof Failure);
  if (failure) return failure;
  const types = values.map((value) => `a ${typeOf(value)}`).join(', ');
  return new Failure(`a function was called with arguments that it is not made for: ${types}`);
}

export const variadic = { isVariadic: true };
