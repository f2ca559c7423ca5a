import { type EngineLimit, engineLimits } from '../engine.ts';

/** ELMA365's Web API starts processes and shows their states, and nothing else: see docs/engines.md. */
export const elma365Limits: ReadonlySet<EngineLimit> = new Set(engineLimits);
