import type { Evaluation } from '../evaluation.ts';
import type { Scope } from '../scope.ts';
import type { FeelValue } from '../values.ts';

/** A compiled node of an expression. */
export type Code = (scope: Scope, evaluation: Evaluation) => FeelValue;
