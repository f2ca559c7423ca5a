import {
  evaluate as evaluateFeel,
  SyntaxError as FeelinSyntaxError,
  isFunction,
  parseExpression,
  toFeel,
  type Warning,
} from 'feelin';
import type { Variables } from '../processes/value-types.ts';
import type { Builtins } from './builtin.ts';
import { camundaBuiltins } from './feel-builtins.ts';
import { withOwnOperators } from './operators.ts';

/** An expression is not FEEL, at the given place in its text (from 1). */
export class FeelSyntaxError extends Error {
  override readonly name = 'FeelSyntaxError';
}

/** An expression could not be evaluated with the variables that it met. */
export class FeelEvaluationError extends Error {
  override readonly name = 'FeelEvaluationError';
}

/** A parsed expression. It returns FEEL values: see toJson. Throws {@link FeelEvaluationError}. */
export type CompiledFeel = (variables: Variables, now: Date) => unknown;

const dialect = 'camunda';
/** These alone make an evaluation fail: a variable or an entry that is not there is null, as in Camunda. */
const failures = new Set<Warning['type']>([
  'NOT_COMPARABLE',
  'INVALID_TYPE',
  'INVALID_ARGUMENTS',
  'NO_FUNCTION_FOUND',
  'FUNCTION_INVOCATION_FAILURE',
  'UNSUPPORTED',
]);

/**
 * Parses a FEEL expression once. feelin parses on every evaluation, which takes thirty times as long as evaluating; so
 * the expression is made the body of a FEEL function of its free variables, which feelin hands out ready to be called.
 *
 * @throws FeelSyntaxError
 */
export function compileFeel(expression: string): CompiledFeel {
  requireSyntax(expression, builtinsOf(expression));
  const exact = withOwnOperators(expression, builtinsOf(expression), dialect);
  const { names, functions, forgiving, builtins } = inspect(exact);
  for (const name of functions) requireFunction(name, builtins);
  const head = `function(${names.join(', ')}) (`;
  const { value, warnings } = evaluateFeel(`${head}${exact}\n)`, builtins, dialect);
  if (!isFunction(value)) throw new FeelSyntaxError('is not an expression');
  return (variables, now) => {
    // The warnings of every call end up in the list that came with the function.
    warnings.length = 0;
    const result = call(() => value.fn(...names.map((name) => variableNamed(name, variables, now))), expression);
    const failure = warnings.find(
      ({ type, position }) => failures.has(type) && !forgiving.some((range) => within(position, range, head.length)),
    );
    if (failure) throw new FeelEvaluationError(`${failure.message} in =${expression}`);
    return result;
  };
}

interface Range {
  from: number;
  to: number;
}

interface Inspection {
  /** Names that are looked up when it is evaluated. */
  names: string[];
  /** Names of built-ins that are called. */
  functions: string[];
  /** Calls of `get or else` and `is defined`, which are there to deal with what fails inside them. */
  forgiving: Range[];
  builtins: Builtins;
}

/** Those of Camunda's built-ins that the expression may call: feelin reads names by those that it is given. */
function builtinsOf(expression: string): Builtins {
  return Object.fromEntries(Object.entries(camundaBuiltins).filter(([name]) => expression.includes(name)));
}

function inspect(expression: string): Inspection {
  const builtins = builtinsOf(expression);
  const names = new Set<string>();
  const functions = new Set<string>();
  /** Where called names begin. */
  const calls = new Set<number>();
  const forgiving: Range[] = [];
  let hasOwnFunctions = false;
  parseExpression(expression, builtins, dialect).iterate({
    enter(node) {
      // `instance of date and time` names no variable.
      if (node.name === 'Type') return false;
      if (node.name === 'FunctionDefinition') hasOwnFunctions = true;
      if (node.name === 'NumericLiteral') requireNumber(expression.slice(node.from, node.to));
      if (node.name === 'VariableName' && !calls.has(node.from)) {
        names.add(variableName(expression.slice(node.from, node.to)));
      }
      const called = node.name === 'FunctionInvocation' ? node.node.firstChild : null;
      if (called?.name !== 'VariableName') return true;
      const name = expression.slice(called.from, called.to);
      calls.add(called.from);
      functions.add(name);
      if (name === 'get or else' || name === 'is defined') forgiving.push({ from: node.from, to: node.to });
      return true;
    },
  });
  if (hasOwnFunctions) return { names: [...names, ...clockOf(functions)], functions: [], forgiving, builtins };
  const double = [...names].find((name) => functions.has(name));
  if (double) throw new FeelSyntaxError(`uses ${double} both as a variable and as a function, which is not supported`);
  return { names: [...names, ...clockOf(functions)], functions: [...functions], forgiving, builtins };
}

/** Functions that are given like variables: the clock is the engine's, not feelin's. */
function clockOf(functions: Set<string>): string[] {
  return ['now', 'today'].filter((name) => functions.has(name));
}

function variableName(text: string): string {
  const name = /^`?([\p{L}_][\p{L}\p{N}_]*)`?$/u.exec(text)?.[1];
  if (name !== undefined) return name;
  throw new FeelSyntaxError(`uses the variable ${text}; names have letters, digits and _ only`);
}

function requireNumber(text: string): void {
  // feelin reads 1e3 as 1.
  if (/e/i.test(text)) throw new FeelSyntaxError(`has the number ${text}, which is to be written out`);
}

function requireSyntax(expression: string, builtins: Builtins): void {
  try {
    evaluateFeel(expression, builtins, dialect);
  } catch (error) {
    if (!(error instanceof FeelinSyntaxError)) return;
    throw new FeelSyntaxError(`${error.message} at character ${error.position.from + 1}`, { cause: error });
  }
}

function requireFunction(name: string, builtins: Builtins): void {
  const { value } = evaluateFeel(name, builtins, dialect);
  if (!isFunction(value) && typeof value !== 'function')
    throw new FeelSyntaxError(`calls ${name}(), which does not exist`);
}

function variableNamed(name: string, variables: Variables, now: Date): unknown {
  if (Object.hasOwn(variables, name)) return variables[name];
  if (name === 'now') return () => toFeel(now);
  if (name === 'today') return () => evaluateFeel(`date("${now.toISOString().slice(0, 10)}")`).value;
  return undefined;
}

function call(body: () => unknown, expression: string): unknown {
  try {
    return body();
  } catch (cause) {
    throw new FeelEvaluationError(`${cause instanceof Error ? cause.message : cause} in =${expression}`, { cause });
  }
}

function within(position: Range, range: Range, offset: number): boolean {
  return position.from - offset >= range.from && position.to - offset <= range.to;
}
