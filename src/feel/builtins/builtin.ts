import { typeOf } from '../compare.ts';
import type { Evaluation } from '../evaluation.ts';
import { Failure, FeelFunction, type FeelValue } from '../values.ts';

/** Functions by name; those of one name differ in their parameters. */
export type Builtins = Readonly<Record<string, readonly FeelFunction[]>>;

/** Gives undefined for arguments that the function is not made for. */
type Body = (values: FeelValue[], evaluation: Evaluation) => FeelValue | undefined;

export function builtin(parameters: string[], body: Body, { isVariadic = false } = {}): FeelFunction {
  const invoke = (values: FeelValue[], evaluation: Evaluation): FeelValue => {
    evaluation.spend(values.length);
    const result = body(values, evaluation);
    return result === undefined ? illegal(values) : result;
  };
  return new FeelFunction(parameters, invoke, isVariadic);
}

/** Where an argument could not be computed itself, that is the reason to tell. */
function illegal(values: FeelValue[]): Failure {
  const failure = values.find((value) => value instanceof Failure);
  if (failure) return failure;
  const types = values.map((value) => `a ${typeOf(value)}`).join(', ');
  return new Failure(`a function was called with arguments that it is not made for: ${types}`);
}

export const variadic = { isVariadic: true };
