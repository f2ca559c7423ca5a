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
 * The functions of Camunda 8.8, and those that 8.9 adds: `from json`, `to json` and `from base64`. Like Camunda's, they
 * cannot be computed for arguments of other types.
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

/** In the order in which they are asked whether they fit the arguments; none where there is no such function. */
export const builtinsNamed = (name: string): readonly FeelFunction[] =>
  Object.hasOwn(builtins, name) ? (builtins[name] ?? []) : [];
