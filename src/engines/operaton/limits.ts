import type { EngineLimit } from '../engine.ts';

const limits: readonly EngineLimit[] = [
  'camunda8-files',
  'expression-incidents',
  'uncaught-errors',
  'message-keys',
  'message-starts',
  'removed-files',
];

/** Functions that Operaton and Camunda 7 lack, see docs/engines.md. Their JSON module is not part of every installation. */
export const operatonLimits = (hasJson: boolean): ReadonlySet<EngineLimit> =>
  new Set(hasJson ? limits : [...limits, 'structured-variables']);
