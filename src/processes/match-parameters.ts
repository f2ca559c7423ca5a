import type { Parameter } from './process-definition.ts';
import type { ValueType } from './value-types.ts';

/** What matching needs to know of a property. */
export interface MatchableProperty {
  /** `client.email`, or any name. */
  code: string;
  type: ValueType;
}

/**
 * Which property fills which parameter where nobody has said: equal types, and the parameter's key is the property's
 * code, as it stands or in camel case (`client.email` and `clientEmail`). Parameters that match nothing are absent.
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
