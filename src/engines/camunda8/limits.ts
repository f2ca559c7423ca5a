import type { EngineLimit } from '../engine.ts';

/** Features that Camunda 8 lacks, see docs/engines.md. */
export const camunda8Limits: ReadonlySet<EngineLimit> = new Set(['message-starts', 'message-times', 'removed-files']);
