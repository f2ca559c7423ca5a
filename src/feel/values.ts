import type { Temporal } from 'temporal-polyfill';
import { Decimal } from './decimal.ts';
import type { Evaluation } from './evaluation.ts';
import type { DayTimeDuration, YearMonthDuration, ZonedTime } from './temporal.ts';

/**
 * A value in an expression. An integer is a `number` if that is exact. A `number` with a fraction is a double from a variable
 * and stands for its shortest decimal; a `bigint` is an integer from a variable; all other numbers are a {@link Decimal}.
 */
export type FeelValue =
  | null
  | boolean
  | string
  | number
  | bigint
  | Decimal
  | FeelList
  | FeelContext
  | Temporal.PlainDate
  | Temporal.PlainTime
  | Temporal.PlainDateTime
  | Temporal.ZonedDateTime
  | ZonedTime
  | DayTimeDuration
  | YearMonthDuration
  | FeelRange
  | FeelFunction
  | Failure;

/** Lists and contexts are immutable. */
export type FeelList = readonly FeelValue[];

export interface FeelContext {
  readonly [key: string]: FeelValue;
  /** Functions of the context, which can be called by name but are not entries. */
  readonly [functionsOf]?: ReadonlyMap<string, readonly FeelFunction[]>;
}

/** Key of a context's functions by name. */
export const functionsOf = Symbol('functions');

// Prototype of contexts created here, in which no key is special, not even `__proto__`.
const madeContext: object = Object.freeze(Object.create(null));
const literalContext: object = Object.freeze(Object.create(null));
const contextPrototypes = new Set<unknown>([Object.prototype, null, madeContext, literalContext]);

/**
 * A null with the reason why a value could not be computed. Inside the expression it behaves like null, as in Camunda; as its
 * result it is an error. `isError` marks the few that Camunda passes on as errors until something turns them into null.
 */
export class Failure {
  readonly reason: string;
  readonly isError: boolean;

  constructor(reason: string, isError = false) {
    this.reason = reason;
    this.isError = isError;
  }
}

export interface RangeEnd {
  readonly value: FeelValue;
  readonly isClosed: boolean;
}

export class FeelRange {
  readonly start: RangeEnd;
  readonly end: RangeEnd;

  constructor(start: RangeEnd, end: RangeEnd) {
    this.start = start;
    this.end = end;
  }
}

export class FeelFunction {
  readonly parameters: readonly string[];
  /** Takes one value per parameter; with `isVariadic`, the last value is a list of the remaining arguments. */
  readonly invoke: (values: FeelValue[], evaluation: Evaluation) => FeelValue;
  readonly isVariadic: boolean;

  constructor(
    parameters: readonly string[],
    invoke: (values: FeelValue[], evaluation: Evaluation) => FeelValue,
    isVariadic = false,
  ) {
    this.parameters = parameters;
    this.invoke = invoke;
    this.isVariadic = isVariadic;
  }
}

export type FeelNumber = number | bigint | Decimal;

export const isNull = (value: FeelValue): value is null | Failure => value === null || value instanceof Failure;
export const isError = (value: FeelValue): value is Failure => value instanceof Failure && value.isError;
export const isString = (value: FeelValue): value is string => typeof value === 'string';
export const isBoolean = (value: FeelValue): value is boolean => typeof value === 'boolean';
export const isList = (value: FeelValue): value is FeelList => Array.isArray(value);
export const isFunction = (value: FeelValue): value is FeelFunction => value instanceof FeelFunction;
export const isNumber = (value: FeelValue): value is FeelNumber =>
  typeof value === 'number' || typeof value === 'bigint' || value instanceof Decimal;

export function isContext(value: FeelValue): value is FeelContext {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return contextPrototypes.has(Object.getPrototypeOf(value));
}

/** Whether a context is a literal in the expression, not made by a function or given as a variable. */
export const isLiteral = (context: FeelContext): boolean => Object.getPrototypeOf(context) === literalContext;

/** Creates a context, to be filled before it is shared. */
export function newContext(
  entries: Iterable<readonly [string, FeelValue]> = [],
  { isLiteral = false } = {},
): Record<string, FeelValue> {
  const context = Object.create(isLiteral ? literalContext : madeContext) as Record<string, FeelValue>;
  for (const [key, value] of entries) context[key] = value;
  return context;
}

/** The entry, or undefined. */
export const entryOf = (context: FeelContext, key: string): FeelValue | undefined =>
  Object.hasOwn(context, key) ? context[key] : undefined;
