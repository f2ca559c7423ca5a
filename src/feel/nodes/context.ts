import { sizes } from '../evaluation.ts';
import { withEntry } from '../scope.ts';
import { FeelFunction, functionsOf, isError, newContext } from '../values.ts';
import type { Code } from './code.ts';

/** Each entry sees the previous ones. */
export function contextLiteral(entries: [key: string, value: Code][]): Code {
  return (scope, evaluation) => {
    evaluation.allocate((entries.length + 1) * sizes.entry);
    const context = newContext([], { isLiteral: true });
    const functions = new Map<string, FeelFunction[]>();
    let inner = scope;
    for (const [key, code] of entries) {
      const value = code(inner, evaluation);
      if (isError(value)) return value;
      if (value instanceof FeelFunction) functions.set(key, [...(functions.get(key) ?? []), value]);
      else context[key] = value;
      inner = withEntry(inner, key, value);
    }
    return functions.size === 0 ? context : Object.assign(context, { [functionsOf]: functions });
  };
}
