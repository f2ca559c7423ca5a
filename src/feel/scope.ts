import type { Evaluation } from './evaluation.ts';
import { entryOf, type FeelContext, FeelFunction, type FeelValue, functionsOf } from './values.ts';

/** The names that an expression sees: frames within each other, the innermost first. Frames are never changed. */
export interface Scope {
  readonly parent: Scope | undefined;
  /** Undefined where the frame has no such variable. */
  variable(name: string): FeelValue | undefined;
  functions(name: string): readonly FeelFunction[];
}

const noFunctions: readonly FeelFunction[] = [];

/** The variables that the evaluation was given, and functions beyond the built-in ones. */
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

/** One variable: of a loop, a parameter, an item. It may hold a function, but is not called by its name. */
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

/** A function that an entry of a context has defined, for the entries after it. */
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

/** All entries of a context: of the item that a filter looks at. */
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

/** The scope with one entry of a context more. */
export const withEntry = (scope: Scope, key: string, value: FeelValue): Scope =>
  value instanceof FeelFunction ? new FunctionScope(scope, key, value) : new VariableScope(scope, key, value);

/** Undefined where no frame has the variable. */
export function findVariable(scope: Scope, name: string, evaluation: Evaluation): FeelValue | undefined {
  for (let frame: Scope | undefined = scope; frame; frame = frame.parent) {
    evaluation.spend(1);
    const value = frame.variable(name);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** The innermost function of the name that the arguments fit. */
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
