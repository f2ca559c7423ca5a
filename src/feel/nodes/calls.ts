import { builtinsNamed } from '../builtins/builtins.ts';
import { typeOf } from '../compare.ts';
import { type Evaluation, sizes } from '../evaluation.ts';
import { findFunction, functionsIn, type Scope, VariableScope } from '../scope.ts';
import { Failure, FeelFunction, type FeelValue, isContext, isError, isList } from '../values.ts';
import type { Code } from './code.ts';

export type ArgumentCodes = { positional: Code[] } | { named: ReadonlyMap<string, Code> };

export const functionLiteral =
  (parameters: string[], body: Code, depth: number): Code =>
  (scope) =>
    new FeelFunction(parameters, (values, evaluation) => {
      const inner = parameters
        .slice(0, values.length)
        .reduce<Scope>((outer, name, index) => new VariableScope(outer, name, values[index] ?? null), scope);
      return evaluation.call(depth, () => body(inner, evaluation));
    });

/** Whether a function accepts this number of arguments, or arguments with these names. */
function fits({ parameters, isVariadic }: FeelFunction, given: ArgumentCodes): boolean {
  if ('named' in given) return [...given.named.keys()].every((name) => parameters.includes(name));
  const count = given.positional.length;
  return parameters.length === count || (isVariadic && parameters.length < count);
}

function valuesOf(called: FeelFunction, given: ArgumentCodes, scope: Scope, evaluation: Evaluation): FeelValue[] {
  if ('named' in given) {
    return called.parameters.map((name) => given.named.get(name)?.(scope, evaluation) ?? null);
  }
  const values = given.positional.map((code) => code(scope, evaluation));
  if (!called.isVariadic) return values;
  const fixed = called.parameters.length - 1;
  const rest = values.slice(fixed);
  const [only] = rest;
  const list = fixed === 0 && rest.length === 1 && only !== undefined && isList(only) ? only : rest;
  evaluation.allocate(rest.length * sizes.item);
  return [...values.slice(0, fixed), list];
}

function invoke(called: FeelFunction, given: ArgumentCodes, scope: Scope, evaluation: Evaluation): FeelValue {
  const values = valuesOf(called, given, scope, evaluation);
  return values.find(isError) ?? called.invoke(values, evaluation);
}

/** Calls a function: one defined by the expression or given to the evaluation comes before a built-in one. */
export function call(name: string, given: ArgumentCodes): Code {
  const isFitting = (candidate: FeelFunction) => fits(candidate, given);
  const builtin = builtinsNamed(name).find(isFitting);
  const missing = new Failure(`there is no function ${name}() with these arguments`);
  return (scope, evaluation) => {
    const called = findFunction(scope, name, isFitting, evaluation) ?? builtin;
    if (!called) return missing;
    const result = invoke(called, given, scope, evaluation);
    return isError(result) ? new Failure(result.reason) : result;
  };
}

export function methodCall(context: Code, name: string, given: ArgumentCodes): Code {
  return (scope, evaluation) => {
    const owner = context(scope, evaluation);
    if (!isContext(owner)) return new Failure(`a ${typeOf(owner)} has no function ${name}()`, true);
    const called = functionsIn(owner, name).find((candidate) => fits(candidate, given));
    if (!called) return new Failure(`the context has no function ${name}() with these arguments`, true);
    return invoke(called, given, scope, evaluation);
  };
}
