import type { Evaluation } from '../evaluation.ts';
import type { Scope } from '../scope.ts';
import type { FeelValue } from '../values.ts';

/** A node of an expression, ready to be evaluated. */
export type Code = (scope: Scope, evaluation: Evaluation) => FeelValue;
