import type { Parameter } from './process-definition.ts';
import type { ValueType } from './value-types.ts';

/** The parts of a property that matching needs. */
export interface MatchableProperty {
  /** `client.email`, or any name. */
  code: string;
  type: ValueType;
}

/**
 * Finds a property for each parameter without a mapping: the types are equal, and the parameter's key is the property's code as
 * it is or in camel case (`client.email` and `clientEmail`). Parameters without a match are absent.
 */
export function matchParameters(
  parameters: Pick<Parameter, 'key' | 'type'>[],
  properties: readonly MatchableProperty[],
): Record<string, string> {
  const codes = new Map<string, string>();
  for (const { code, type } of properties) {
    for (const name of [camelCase(code), code]) codes.set(`${type} ${name}`, code);
  }
  return Object.fromEntries(
    parameters.flatMap(({ key, type }) => {
      const code = codes.get(`${type} ${key}`);
      return code === undefined ? [] : [[key, code]];
    }),
  );
}

/** `client.isExternal` → `clientIsExternal`. */
function camelCase(code: string): string {
  return code.replace(/\.+(.)?/gu, (_, letter: string | undefined) => letter?.toUpperCase() ?? '');
}
