import { LRUCache } from 'lru-cache';
import { type CompiledFeel, compileFeel, FeelSyntaxError, unknownFunction } from '../feel/feel.ts';
import { parseFeel } from '../feel/parse.ts';
import { type Node, nodesIn } from '../feel/syntax.ts';
import { toJson } from '../feel/to-json.ts';
import type { Json, Variables } from '../processes/value-types.ts';
import { properties, propertyOf } from '../sessions/properties.ts';
import { type Message, message } from '../words/message.ts';

/** A FEEL context that expressions can read, and the properties that are its entries. */
interface ContextGiven {
  root: string;
  entries: { code: string; key: string }[];
}

/** Splits a property code: `client.name` is the entry `name` of the context `client`. */
const partsOf = (code: string): [root: string, key: string] => {
  const [root = '', key = ''] = code.split('.');
  return [root, key];
};
const roots = new Set(properties.map(({ code }) => partsOf(code)[0]));

/** The contexts that hold these properties. `codes` undefined: all contexts. */
function contextsFor(codes: readonly string[] | undefined): ContextGiven[] {
  const wanted = [...new Set<string>(codes ?? properties.map(({ code }) => code))];
  return [...roots].flatMap((root) => {
    const entries = wanted.map((code) => ({ code, parts: partsOf(code) })).filter(({ parts }) => parts[0] === root);
    return entries.length === 0 ? [] : [{ root, entries: entries.map(({ code, parts: [, key] }) => ({ code, key })) }];
  });
}

/** Removes the `=` that begins an expression in a diagram, and blanks around it. */
export const withoutSign = (entered: string): string => entered.trim().replace(/^=\s*/, '');

/**
 * Checks an expression when it is saved: its grammar, that its functions and properties exist, and that its result can be true
 * or false. Returns undefined if it is valid.
 */
export function expressionMistake(expression: string): Message | undefined {
  let node: Node;
  try {
    node = parseFeel(expression);
    const unknown = unknownFunction(expression);
    if (unknown !== undefined) return message('condition.noFunction', { name: unknown });
  } catch (error) {
    if (!(error instanceof FeelSyntaxError) && !(error instanceof RangeError)) throw error;
    return message('condition.syntax', { reason: error.message });
  }
  const name = unknownName(node);
  if (name !== undefined) return message('condition.noProperty', { name });
  return canBeBoolean(node) ? undefined : message('condition.notBoolean');
}

/** A parsed expression. */
interface Reading {
  /** See {@link expressionProperties}. */
  codes: readonly string[] | undefined;
  /** The contexts that the expression is given, with the properties in each. */
  given: readonly ContextGiven[];
  compiled?: CompiledFeel;
}

const readings = new LRUCache<string, Reading>({ max: 500 });

function readingOf(expression: string): Reading {
  const known = readings.get(expression);
  if (known) return known;
  const codes = propertiesReadBy(expression);
  const reading = { codes, given: contextsFor(codes) };
  readings.set(expression, reading);
  return reading;
}

/** The codes of the properties that an expression reads; undefined if it may read any. */
export const expressionProperties = (expression: string): readonly string[] | undefined => readingOf(expression).codes;

function propertiesReadBy(expression: string): string[] | undefined {
  const codes: string[] = [];
  for (const read of readsOf(parseFeel(expression))) {
    if (!roots.has(read.root)) continue;
    if (read.key === undefined) return undefined;
    codes.push(`${read.root}.${read.key}`);
  }
  return codes;
}

export type ExpressionOutcome = { holds: true } | { holds: false; fault: string | null };

/**
 * Evaluates an expression with a session's values. `client.company` is the entry `company` of `client`; an absent property is
 * null. The condition holds only if the result is `true`.
 */
export function evaluateExpression(expression: string, values: Variables, now: Date): ExpressionOutcome {
  try {
    const reading = readingOf(expression);
    reading.compiled ??= compileFeel(expression);
    const result = toJson(reading.compiled(contextsOf(values, reading.given), now));
    if (result === true) return { holds: true };
    return { holds: false, fault: result === false ? null : `neither true nor false, but ${typeName(result)}` };
  } catch (error) {
    return { holds: false, fault: error instanceof Error ? error.message : String(error) };
  }
}

const typeName = (value: Json) => (value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`);

/** `{'client.name': 'Ann'}` → `{client: {name: 'Ann'}}`. Properties without a value become null. */
function contextsOf(values: Variables, given: readonly ContextGiven[]): Variables {
  const contexts: Record<string, Record<string, Json>> = {};
  for (const { root, entries } of given) {
    const context: Record<string, Json> = {};
    for (const { code, key } of entries) context[key] = values[code] ?? null;
    contexts[root] = context;
  }
  return contexts;
}

interface Read {
  root: string;
  /** Undefined: the expression reads the whole context. */
  key: string | undefined;
}

/** The variables that an expression reads, each with the first step of the path after it. */
function readsOf(node: Node): Read[] {
  const nodes = [...nodesIn(node)];
  const inPaths = new Set<Node>();
  const reads: Read[] = [];
  for (const one of nodes) {
    if (one.kind !== 'steps' || one.value.kind !== 'variable') continue;
    const [first] = one.steps;
    inPaths.add(one.value);
    reads.push({ root: one.value.name, key: first?.kind === 'path' ? first.key : undefined });
  }
  for (const one of nodes) {
    if (one.kind === 'variable' && !inPaths.has(one)) reads.push({ root: one.name, key: undefined });
  }
  return reads;
}

/** FEEL constructs that bind names of their own, or use the entries of a context as names. */
const naming = new Set(['for', 'some', 'every', 'function', 'context']);

function unknownName(node: Node): string | undefined {
  const nodes = [...nodesIn(node)];
  const mayName = nodes.some(
    (one) => naming.has(one.kind) || (one.kind === 'steps' && one.steps.some((step) => step.kind === 'filter')),
  );
  for (const { root, key } of readsOf(node)) {
    if (!roots.has(root)) {
      if (!mayName) return root;
    } else if (key !== undefined && !propertyOf(`${root}.${key}`)) return `${root}.${key}`;
  }
  return undefined;
}

function canBeBoolean(node: Node): boolean {
  switch (node.kind) {
    case 'value':
      return typeof node.value === 'boolean';
    case 'number':
    case 'list':
    case 'context':
    case 'negation':
    case 'arithmetic':
    case 'range':
    case 'for':
    case 'function':
      return false;
    case 'if':
      return node.branches.every(([, value]) => canBeBoolean(value)) && canBeBoolean(node.else);
    case 'steps': {
      const [read] = readsOf(node);
      const property = read && node.steps.length === 1 ? propertyOf(`${read.root}.${read.key}`) : undefined;
      return property === undefined || property.type === 'boolean';
    }
    case 'variable':
      return !roots.has(node.name);
    default:
      return true;
  }
}
