import { evaluate, FeelDate, FeelDateTime, FeelDuration, FeelTime, isFunction, parseExpression } from 'feelin';
import { type Builtins, builtin, invalidArguments } from './builtin.ts';
import { asDecimal } from './decimals.ts';

type Node = ReturnType<typeof parseExpression>['topNode'];

/**
 * feelin’s operators do less than Camunda’s, or more: they count in binary fractions, multiply no durations, and compare
 * anything with anything. So `if a * b > c` becomes
 * `if as condition(as comparison(as product(a, b), ">", c))`.
 */
export function withOwnOperators(expression: string, builtins: Builtins, dialect: string): string {
  return rewritten(parseExpression(expression, builtins, dialect).topNode, expression);
}

function rewritten(node: Node, source: string): string {
  const operator = node.getChild('ArithOp') ?? node.getChild('CompareOp');
  const sign = operator ? source.slice(operator.from, operator.to) : '';
  const own = operator && operator.from > node.from ? ownOperator(node.name, sign) : undefined;
  const condition = node.name === 'IfExpression' ? node.getChild('if')?.nextSibling : null;
  const filter = node.name === 'FilterExpression' ? node.getChild('[')?.nextSibling : null;
  let text = '';
  let at = node.from;
  for (let child = node.firstChild; child; child = child.nextSibling) {
    text += source.slice(at, child.from);
    if (own && child.from === operator?.from) text += own.between;
    else if (child.from === condition?.from) text += `as condition(${rewritten(child, source)})`;
    else if (child.from === filter?.from && isTest(child, source)) text += `(${rewritten(child, source)}) = true`;
    else text += rewritten(child, source);
    at = child.to;
  }
  text += source.slice(at, node.to);
  if (own) return `${own.name}(${text})`;
  return node.name === 'ArithmeticExpression' ? `as decimal(${text})` : text;
}

/** Whether a filter looks at each item; feelin takes the answer of a function for the place of one. */
function isTest(node: Node, source: string): boolean {
  const first = node.firstChild;
  const text = first ? source.slice(first.from, first.to) : '';
  if (node.name === 'FunctionInvocation') return tellers.has(text);
  if (node.name === 'PathExpression') return text === 'item';
  if (node.name === 'ParenthesizedExpression') return first?.nextSibling ? isTest(first.nextSibling, source) : false;
  return node.name === 'Comparison' || node.name === 'IfExpression';
}

/** Functions that answer true or false. */
const tellers = new Set(
  (
    'not,contains,starts with,ends with,matches,list contains,is defined,is empty,is blank,all,any,odd,even,before,' +
    'after,meets,met by,overlaps,overlaps before,overlaps after,finishes,finished by,includes,during,starts,' +
    'started by,coincides'
  ).split(','),
);

/** The function in the place of an operator with two sides, and what stands between these. */
function ownOperator(kind: string, sign: string): { name: string; between: string } | undefined {
  if (kind === 'Comparison')
    return /^[<>]=?$/.test(sign) ? { name: 'as comparison', between: `, "${sign}",` } : undefined;
  if (kind !== 'ArithmeticExpression') return undefined;
  if (sign === '*') return { name: 'as product', between: ',' };
  return sign === '/' ? { name: 'as quotient', between: ',' } : undefined;
}

const isMissing = (value: unknown): value is null | undefined => value === null || value === undefined;
const isNumber = (value: unknown): value is number => typeof value === 'number';
const isDuration = (value: unknown): value is FeelDuration => value instanceof FeelDuration;

/** Of what has an order; undefined if the value has none. */
function kindOf(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'string') return typeof value;
  if (isDuration(value)) return value.yearsMonths ? 'months' : 'seconds';
  const kinds = [FeelDate, FeelTime, FeelDateTime];
  return kinds.find((kind) => value instanceof kind)?.name;
}

/** Of several values of one kind. */
export function haveOrder(values: unknown[]): boolean {
  const kind = kindOf(values[0]);
  return kind !== undefined && values.every((value) => kindOf(value) === kind);
}

type Test = (a: unknown, b: unknown) => unknown;

/** feelin’s own operator, of values that it can be trusted with. */
export function feelinTest(sign: string): Test {
  const { value } = evaluate(`function(a, b) a ${sign} b`);
  if (!isFunction(value)) throw new Error('feelin makes no function of a function');
  return (a, b) => value.fn(a, b);
}

const tests: Record<string, Test> = Object.fromEntries(['<', '<=', '>', '>='].map((sign) => [sign, feelinTest(sign)]));

const ofNumbers: Record<string, (a: number, b: number) => boolean> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** What a duration is counted in. */
const amountOf = ({ value, yearsMonths }: FeelDuration): number =>
  yearsMonths ? value.years * 12 + value.months : value.total('seconds');

function durationOf(amount: number, { value, yearsMonths }: FeelDuration): FeelDuration {
  const whole = Math.trunc(amount);
  const none = { days: 0, hours: 0, minutes: 0, milliseconds: 0, microseconds: 0, nanoseconds: 0 };
  const counted = yearsMonths ? { years: Math.trunc(whole / 12), months: whole % 12 } : { ...none, seconds: whole };
  return new FeelDuration(value.with(counted), yearsMonths);
}

/** Camunda multiplies durations by whole numbers: the rest of others counts for nothing. */
function product(a: unknown, b: unknown): unknown {
  if (isNumber(a) && isNumber(b)) return asDecimal(a * b);
  if (isDuration(a) && isNumber(b)) return durationOf(amountOf(a) * Math.trunc(b), a);
  if (isNumber(a) && isDuration(b)) return product(b, a);
  return invalidArguments('what is multiplied is neither two numbers nor a duration and a number');
}

function quotient(a: unknown, b: unknown): unknown {
  if (isNumber(a) && isNumber(b)) return asDecimal(a / b);
  if (isDuration(a) && isNumber(b) && b !== 0) return durationOf(amountOf(a) / b, a);
  if (isDuration(a) && isDuration(b) && haveOrder([a, b]) && amountOf(b) !== 0)
    return Math.trunc(amountOf(a) / amountOf(b));
  return invalidArguments(
    'what is divided is neither two numbers nor a duration and a number or a duration of its kind',
  );
}

export const operatorBuiltins: Builtins = {
  'as decimal': builtin(['value'], asDecimal),
  'as product': builtin(['a', 'b'], product),
  'as quotient': builtin(['a', 'b'], quotient),
  'as comparison': builtin(['a', 'sign', 'b'], (a, sign, b) => {
    if (isNumber(a) && isNumber(b)) return ofNumbers[String(sign)]?.(a, b) ?? null;
    if (isMissing(a) || isMissing(b)) return null;
    if (!haveOrder([a, b])) return invalidArguments('what is compared is not of one kind');
    return tests[String(sign)]?.(a, b) ?? null;
  }),
  'as condition': builtin(['value'], (value) => {
    if (isMissing(value) || typeof value === 'boolean') return value === true;
    return invalidArguments('a condition is neither true nor false');
  }),
};
