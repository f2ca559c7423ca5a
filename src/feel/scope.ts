import type { Evaluation } from './evaluation.ts';
import { entryOf, type FeelContext, FeelFunction, type FeelValue, functionsOf } from './values.ts';

/** The variables and functions visible to an expression: nested frames, innermost first. Frames are immutable. */
export interface Scope {
  readonly parent: Scope | undefined;
  /** Returns undefined if the frame has no such variable. */
  variable(name: string): FeelValue | undefined;
  functions(name: string): readonly FeelFunction[];
}

const noFunctions: readonly FeelFunction[] = [];

/** The outermost frame: the variables of the evaluation, and functions beyond the built-in ones. */
export class RootScope implements Scope {
  readonly parent = undefined;
  private readonly variables: FeelContext;
  private readonly added: ReadonlyMap<string, readonly FeelFunction[]>;

  constructor(variables: FeelContext, functions: ReadonlyMap<string, readonly FeelFunction[]>) {
    this.variables = variables;
    this.added = functions;
  }

  variable(name: string): FeelValue | undefined {
    return entryOf(this.variables, name);
  }

  functions(name: string): readonly FeelFunction[] {
    return this.added.get(name) ?? noFunctions;
  }
}

/**
 * A frame with one variable: of a loop, a parameter or an item. Its value may be a function, but cannot be called by the name.
 */
export class VariableScope implements Scope {
  readonly parent: Scope;
  private readonly name: string;
  private readonly value: FeelValue;

  constructor(parent: Scope, name: string, value: FeelValue) {
    this.parent = parent;
    this.name = name;
    this.value = value;
  }

  variable(name: string): FeelValue | undefined {
    return name === this.name ? this.value : undefined;
  }

  functions(): readonly FeelFunction[] {
    return noFunctions;
  }
}

/** A frame with a function defined by an entry of a context, for the entries after it. */
export class FunctionScope implements Scope {
  readonly parent: Scope;
  private readonly name: string;
  private readonly defined: readonly FeelFunction[];

  constructor(parent: Scope, name: string, defined: FeelFunction) {
    this.parent = parent;
    this.name = name;
    this.defined = [defined];
  }

  variable(): undefined {
    return undefined;
  }

  functions(name: string): readonly FeelFunction[] {
    return name === this.name ? this.defined : noFunctions;
  }
}

/** A frame with all entries of a context: the item of a filter. */
export class ContextScope implements Scope {
  readonly parent: Scope;
  private readonly context: FeelContext;

  constructor(parent: Scope, context: FeelContext) {
    this.parent = parent;
    this.context = context;
  }

  variable(name: string): FeelValue | undefined {
    return entryOf(this.context, name);
  }

  functions(name: string): readonly FeelFunction[] {
    return functionsIn(this.context, name);
  }
}

export function functionsIn(context: FeelContext, name: string): readonly FeelFunction[] {
  const functions = context[functionsOf];
  return functions?.get(name) ?? noFunctions;
}

/** Adds one entry of a context to the scope. */
export const withEntry = (scope: Scope, key: string, value: FeelValue): Scope =>
  value instanceof FeelFunction ? new FunctionScope(scope, key, value) : new VariableScope(scope, key, value);

/** Returns undefined if no frame has the variable. */
export function findVariable(scope: Scope, name: string, evaluation: Evaluation): FeelValue | undefined {
  for (let frame: Scope | undefined = scope; frame; frame = frame.parent) {
    evaluation.spend(1);
    const value = frame.variable(name);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** The innermost function with this name that accepts the arguments. */
export function findFunction(
  scope: Scope,
  name: string,
  fits: (candidate: FeelFunction) => boolean,
  evaluation: Evaluation,
): FeelFunction | undefined {
  for (let frame: Scope | undefined = scope; frame; frame = frame.parent) {
    evaluation.spend(1);
    const found = frame.functions(name).find(fits);
    if (found) return found;
  }
  return undefined;
}
