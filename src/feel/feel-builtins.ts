import { randomUUID } from 'node:crypto';
import { evaluate, FeelDate, FeelDateTime } from 'feelin';
import type { Json } from '../processes/value-types.ts';
import { toJson } from './feel-values.ts';

/** Thrown by `assert`: the one built-in that is there to fail. */
export class FeelAssertionError extends Error {
  override readonly name = 'FeelAssertionError';
}

type Arguments = unknown[];
type Builtin = ((...values: Arguments) => unknown) & { $args: string[] };

/** feelin learns the parameter names, for invocations by name, from `$args`. */
const builtin = (names: string[], body: (...values: Arguments) => unknown): Builtin =>
  Object.assign(body, { $args: names });

const isMissing = (value: unknown): value is null | undefined => value === null || value === undefined;
const isString = (value: unknown): value is string => typeof value === 'string';
const isList = (value: unknown): value is unknown[] => Array.isArray(value);
const onString = (body: (text: string) => unknown) => (text: unknown) => (isString(text) ? body(text) : null);
const onList = (body: (list: unknown[]) => unknown) => (list: unknown) => (isList(list) ? body(list) : null);
const isDay = (value: unknown): value is FeelDate | FeelDateTime =>
  value instanceof FeelDate || value instanceof FeelDateTime;

/** What Camunda 8's FEEL has and feelin lacks, by name. Like Camunda's, they answer null to arguments of other types. */
export const camundaBuiltins: Readonly<Record<string, Builtin>> = {
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
  'last day of month': builtin(['date'], (date) => {
    if (!isDay(date)) return null;
    const last = new Date(Date.UTC(date.year, date.month, 0));
    // feelin has no public constructor from parts.
    return evaluate(`date("${last.toISOString().slice(0, 10)}")`).value;
  }),
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
