import type { EngineLimit } from '../engine.ts';

/** What Camunda 8 cannot do for Kickoff: see docs/engines.md. */
export const camunda8Limits: ReadonlySet<EngineLimit> = new Set(['message-starts', 'message-times', 'removed-files']);
