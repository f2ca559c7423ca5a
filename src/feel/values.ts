import type { Temporal } from 'temporal-polyfill';
import { Decimal } from './decimal.ts';
import type { Evaluation } from './evaluation.ts';
import type { DayTimeDuration, YearMonthDuration, ZonedTime } from './temporal.ts';

/**
 * A value in an expression. Whole numbers are a `number` where that is exact; a `number` with a fraction is a double from
 * a variable, meant as its shortest decimal; a `bigint` is a whole number from a variable; all else is a {@link Decimal}.
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

/** Lists and contexts are never changed once they are made. */
export type FeelList = readonly FeelValue[];

export interface FeelContext {
  readonly [key: string]: FeelValue;
  /** Functions are called by their name, but are no entries. */
  readonly [functionsOf]?: ReadonlyMap<string, readonly FeelFunction[]>;
}

/** Where a context keeps its functions, by name. */
export const functionsOf = Symbol('functions');

// Of contexts that are made here: no key, not even `__proto__`, is special in them.
const madeContext: object = Object.freeze(Object.create(null));
const literalContext: object = Object.freeze(Object.create(null));
const contextPrototypes = new Set<unknown>([Object.prototype, null, madeContext, literalContext]);

/**
 * A null that stands for what could not be computed, and knows why. In the expression it is null, as in Camunda; in its
 * result it is an error. `isError` marks the few that Camunda passes on as errors until something makes null of them.
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
  /** Takes one value per parameter; with `isVariadic` the last one is a list of all that are left. */
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

/** Whether a context is written in the expression, rather than made by a function or given. */
export const isLiteral = (context: FeelContext): boolean => Object.getPrototypeOf(context) === literalContext;

/** A context to be filled while it is not shared. */
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
