/** Variables that every process instance carries, set by Kickoff. */
export const reservedVariables: ReadonlySet<string> = new Set(['sessionId']);
