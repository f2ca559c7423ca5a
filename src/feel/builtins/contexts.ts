import { type Evaluation, sizes } from '../evaluation.ts';
import {
  entryOf,
  type FeelContext,
  type FeelList,
  type FeelValue,
  isContext,
  isList,
  isString,
  newContext,
} from '../values.ts';
import { type Builtins, builtin, variadic } from './builtin.ts';

const areTexts = (list: FeelList): list is string[] => list.every(isString);

function entries(context: FeelContext, evaluation: Evaluation): [string, FeelValue][] {
  const found = Object.entries(context);
  evaluation.allocate(found.length * sizes.entry);
  return found;
}

const getEntries = (parameter: string) =>
  builtin([parameter], ([context = null], evaluation) => {
    if (!isContext(context)) return undefined;
    return entries(context, evaluation).map(([key, value]) => newContext(Object.entries({ key, value })));
  });

function valueAt(context: FeelContext, keys: readonly string[]): FeelValue {
  const [key, ...rest] = keys;
  if (key === undefined) return null;
  const value = entryOf(context, key) ?? null;
  if (rest.length === 0) return value;
  return isContext(value) ? valueAt(value, rest) : null;
}

const getValue = (parameters: string[]) =>
  builtin(parameters, ([context = null, key = null]) => {
    if (!isContext(context)) return undefined;
    if (isString(key)) return parameters.includes('key') ? (entryOf(context, key) ?? null) : undefined;
    if (!isList(key)) return undefined;
    return areTexts(key) ? valueAt(context, key) : null;
  });

function put(context: FeelContext, key: string, value: FeelValue, evaluation: Evaluation): FeelContext {
  const result = newContext(entries(context, evaluation));
  result[key] = value;
  return result;
}

/** Puts a value at a path of keys; missing contexts are created. */
function putAt(context: FeelContext, keys: readonly string[], value: FeelValue, evaluation: Evaluation): FeelContext {
  const [key = '', ...rest] = keys;
  if (rest.length === 0) return put(context, key, value, evaluation);
  const inner = entryOf(context, key) ?? null;
  return put(context, key, putAt(isContext(inner) ? inner : newContext(), rest, value, evaluation), evaluation);
}

const contextPut = (parameters: string[]) =>
  builtin(parameters, ([context = null, key = null, value = null], evaluation) => {
    if (!isContext(context)) return undefined;
    if (isString(key)) return parameters.includes('key') ? put(context, key, value, evaluation) : undefined;
    if (!isList(key) || !areTexts(key) || key.length > maximumKeys) return undefined;
    return key.length === 0 ? null : putAt(context, key, value, evaluation);
  });

/** Maximum length of a path of keys. */
const maximumKeys = 500;

const merge = builtin(
  ['contexts'],
  ([contexts = null], evaluation) => {
    if (!isList(contexts) || !contexts.every(isContext)) return null;
    return newContext(contexts.flatMap((context) => entries(context, evaluation)));
  },
  variadic,
);

/** Builds a context from `{key, value}` pairs. */
const fromEntries = builtin(['entries'], ([pairs = null], evaluation) => {
  if (!isList(pairs)) return null;
  evaluation.allocate(pairs.length * sizes.entry);
  const result = newContext();
  for (const pair of pairs) {
    const key = isContext(pair) ? (entryOf(pair, 'key') ?? null) : null;
    const value = isContext(pair) ? entryOf(pair, 'value') : undefined;
    if (!isString(key) || value === undefined) return null;
    result[key] = value;
  }
  return result;
});

const putFunction = contextPut(['context', 'key', 'value']);

export const contextBuiltins: Builtins = {
  'get entries': [getEntries('context'), getEntries('m')],
  'get value': [getValue(['m', 'key']), getValue(['context', 'key']), getValue(['context', 'keys'])],
  'context put': [putFunction, contextPut(['context', 'keys', 'value'])],
  'context merge': [merge],
  context: [fromEntries],
  // Former names.
  put: [putFunction],
  'put all': [merge],
};
