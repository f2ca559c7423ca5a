import type { Variables } from '../values.ts';
import { builtinsNamed } from './builtins/builtins.ts';
import { compile } from './compile.ts';
import { FeelEvaluationError, FeelLimitError, FeelSyntaxError } from './errors.ts';
import { Evaluation } from './evaluation.ts';
import { type Dialect, parseFeel } from './parse.ts';
import { RootScope } from './scope.ts';
import { nodesIn } from './syntax.ts';
import { Failure, type FeelContext, type FeelFunction, type FeelValue } from './values.ts';

/**
 * A compiled expression. Returns FEEL values: see toJson. `now` is its clock. Throws {@link FeelEvaluationError} if the result
 * could not be computed, and {@link FeelLimitError} if it takes too long or too much memory; both quote the expression.
 */
export type CompiledFeel = (variables: Variables, now: Date) => FeelValue;

/** Functions beyond the built-in ones, by name. */
export type FeelFunctions = ReadonlyMap<string, readonly FeelFunction[]>;

const noFunctions: FeelFunctions = new Map();

/**
 * Compiles a FEEL expression without evaluating any of it.
 *
 * @throws FeelSyntaxError
 */
export function compileFeel(expression: string, functions = noFunctions, dialect?: Dialect): CompiledFeel {
  const code = compile(parsed(expression, dialect));
  return (variables, now) => {
    try {
      const result = code(new RootScope(variables as FeelContext, functions), new Evaluation(now));
      if (result instanceof Failure) throw new FeelEvaluationError(result.reason);
      return result;
    } catch (cause) {
      throw named(cause, expression);
    }
  };
}

/**
 * The name of a function that the expression calls but that does not exist, nor is defined in it; undefined if there is none.
 * In Camunda such a call evaluates to null.
 *
 * @throws FeelSyntaxError
 */
export function unknownFunction(expression: string, dialect?: Dialect): string | undefined {
  const nodes = [...nodesIn(parsed(expression, dialect))];
  if (nodes.some(({ kind }) => kind === 'function')) return undefined;
  for (const node of nodes) if (node.kind === 'call' && builtinsNamed(node.name).length === 0) return node.name;
  return undefined;
}

function parsed(expression: string, dialect?: Dialect) {
  try {
    return parseFeel(expression, dialect);
  } catch (error) {
    if (error instanceof FeelSyntaxError) throw error;
    throw new FeelSyntaxError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** Maximum length of an expression quoted in an error. */
const shownLength = 500;

function named(cause: unknown, expression: string): FeelEvaluationError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const shown = expression.length > shownLength ? `${expression.slice(0, shownLength)}…` : expression;
  const message = `${reason} in =${shown}`;
  if (cause instanceof FeelEvaluationError) {
    const Kind = cause.constructor as typeof FeelEvaluationError;
    return new Kind(message, { cause });
  }
  return new FeelEvaluationError(message, { cause });
}

export { FeelEvaluationError, FeelLimitError, FeelSyntaxError };
