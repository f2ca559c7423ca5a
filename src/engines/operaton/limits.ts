import type { EngineLimit } from '../engine.ts';

const limits: readonly EngineLimit[] = [
  'camunda8-files',
  'expression-incidents',
  'uncaught-errors',
  'message-keys',
  'message-starts',
  'removed-files',
];

/** Features that Operaton and Camunda 7 lack, see docs/engines.md. Not every installation has their JSON module. */
export const operatonLimits = (hasJson: boolean): ReadonlySet<EngineLimit> =>
  new Set(hasJson ? limits : [...limits, 'structured-variables']);
