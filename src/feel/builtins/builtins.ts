import type { FeelFunction } from '../values.ts';
import type { Builtins } from './builtin.ts';
import { contextBuiltins } from './contexts.ts';
import { conversionBuiltins } from './conversions.ts';
import { listBuiltins } from './lists.ts';
import { logicBuiltins } from './logic.ts';
import { numberBuiltins } from './numbers.ts';
import { rangeBuiltins } from './ranges.ts';
import { temporalBuiltins } from './temporal.ts';
import { textBuiltins } from './text.ts';

/**
 * The functions of Camunda 8.8, and those that 8.9 adds: `from json`, `to json` and `from base64`. As in Camunda, a call with
 * arguments of other types fails.
 */
const builtins: Builtins = {
  ...conversionBuiltins,
  ...logicBuiltins,
  ...textBuiltins,
  ...listBuiltins,
  ...numberBuiltins,
  ...contextBuiltins,
  ...rangeBuiltins,
  ...temporalBuiltins,
};

/**
 * The overloads of a function, in the order in which they are matched against the arguments; empty if there is no such
 * function.
 */
export const builtinsNamed = (name: string): readonly FeelFunction[] =>
  Object.hasOwn(builtins, name) ? (builtins[name] ?? []) : [];
