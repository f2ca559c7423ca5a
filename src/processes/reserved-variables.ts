import type { Variables } from './value-types.ts';

/** Variables that every process instance carries. Kickoff sets them when the instance begins; nothing else writes them. */
export const reservedVariables: ReadonlySet<string> = new Set(['sessionId']);

export function reservedOf(variables: Variables): Variables {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => reservedVariables.has(name)));
}
