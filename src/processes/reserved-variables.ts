import type { Variables } from './value-types.ts';

/** Variables of every process instance. Kickoff sets them when the instance begins; nothing else may write them. */
export const reservedVariables: ReadonlySet<string> = new Set(['sessionId']);

export function reservedOf(variables: Variables): Variables {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => reservedVariables.has(name)));
}
