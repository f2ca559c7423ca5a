import { randomUUID } from 'node:crypto';
import type { Json } from '../processes/value-types.ts';
import { type Builtins, builtin } from './builtin.ts';
import { decimalBuiltins } from './decimals.ts';
import { toJson } from './feel-values.ts';
import { listBuiltins } from './list-builtins.ts';
import { operatorBuiltins } from './operators.ts';
import { rangeBuiltins } from './range-builtins.ts';
import { temporalBuiltins } from './temporal-builtins.ts';

/** Thrown by `assert`: the one built-in that is there to fail. */
export class FeelAssertionError extends Error {
  override readonly name = 'FeelAssertionError';
}

const isMissing = (value: unknown): value is null | undefined => value === null || value === undefined;
const isString = (value: unknown): value is string => typeof value === 'string';
const isList = (value: unknown): value is unknown[] => Array.isArray(value);
const onString = (body: (text: string) => unknown) => (text: unknown) => (isString(text) ? body(text) : null);
const onList = (body: (list: unknown[]) => unknown) => (list: unknown) => (isList(list) ? body(list) : null);
/**
 * What Camunda 8's FEEL has and feelin lacks or does otherwise, by name. Like Camunda's, they answer null to arguments of
 * other types.
 */
export const camundaBuiltins: Builtins = {
  ...decimalBuiltins,
  ...operatorBuiltins,
  ...listBuiltins,
  ...rangeBuiltins,
  ...temporalBuiltins,
  'get or else': builtin(['value', 'default'], (value, fallback) => (isMissing(value) ? (fallback ?? null) : value)),
  'is defined': builtin(['value'], (value) => !isMissing(value)),
  assert: builtin(['value', 'condition', 'cause'], (value, condition, cause) => {
    if (condition === true) return value;
    throw new FeelAssertionError(isString(cause) ? cause : 'the assertion is not fulfilled');
  }),
  trim: builtin(
    ['string'],
    onString((text) => text.trim()),
  ),
  uuid: builtin([], () => randomUUID()),
  'random number': builtin([], () => Math.random()),
  'is blank': builtin(
    ['string'],
    onString((text) => text.trim() === ''),
  ),
  'is empty': builtin(
    ['list'],
    onList((list) => list.length === 0),
  ),
  'to base64': builtin(
    ['value'],
    onString((text) => Buffer.from(text, 'utf8').toString('base64')),
  ),
  'from base64': builtin(
    ['value'],
    onString((text) => Buffer.from(text, 'base64').toString('utf8')),
  ),
  'from json': builtin(['value'], onString(parseJson)),
  'to json': builtin(['value'], (value) => JSON.stringify(toJson(value))),
  'string join': builtin(['list', 'delimiter', 'prefix', 'suffix'], joinStrings),
  extract: builtin(['string', 'pattern'], (text, pattern) => {
    if (!isString(text) || !isString(pattern)) return null;
    return [...text.matchAll(new RegExp(pattern, 'gu'))].map((match) => match[0]);
  }),
  partition: builtin(['list', 'size'], (list, size) => {
    if (!isList(list) || typeof size !== 'number' || size < 1) return null;
    return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
  }),
  'duplicate values': builtin(
    ['list'],
    onList((list) => {
      const texts = list.map((value) => JSON.stringify(toJson(value)));
      return list.filter((_, i) => texts.indexOf(texts[i] ?? '') === i && texts.lastIndexOf(texts[i] ?? '') !== i);
    }),
  ),
  'get value': builtin(['context', 'key', 'keys'], (context, key, keys) => valueAt(context, pathOf(keys ?? key))),
  'context put': builtin(['context', 'key', 'value', 'keys'], (context, key, value, keys) =>
    isContext(context) ? withValueAt(context, pathOf(keys ?? key), value) : null,
  ),
  // There for AI agents, which read from the diagram what to ask a model for; to FEEL it is its first argument.
  fromAi: builtin(['value', 'description', 'type', 'schema', 'options'], (value) => value ?? null),
};

function parseJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}

function joinStrings(list: unknown, delimiter: unknown, prefix: unknown, suffix: unknown): string | null {
  const items = isList(list) ? list : [list];
  const texts = items.filter((item) => !isMissing(item));
  if (!texts.every(isString)) return null;
  const text = (part: unknown) => (isString(part) ? part : '');
  return `${text(prefix)}${texts.join(text(delimiter))}${text(suffix)}`;
}

type Context = Record<string, unknown>;

const isContext = (value: unknown): value is Context =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** A key, or the keys that lead to an entry further in. */
const pathOf = (keys: unknown): unknown[] => (isList(keys) ? keys : [keys]);

function valueAt(context: unknown, [key, ...rest]: unknown[]): unknown {
  if (!isString(key) || !isContext(context) || !Object.hasOwn(context, key)) return null;
  return rest.length === 0 ? context[key] : valueAt(context[key], rest);
}

/** Contexts that are missing on the way are made. */
function withValueAt(context: Context, [key, ...rest]: unknown[], value: unknown): Context | null {
  if (!isString(key)) return null;
  if (rest.length === 0) return { ...context, [key]: value };
  const inner = Object.hasOwn(context, key) ? context[key] : undefined;
  const put = withValueAt(isContext(inner) ? inner : {}, rest, value);
  return put && { ...context, [key]: put };
}
