import type { Json } from '../processes/value-types.ts';
import type { BindingEvent, BindingPolicy } from './binding-kinds.ts';
import type { ConditionRow } from './condition.ts';

/** A row that did not hold, and the value that was found; null: the property was absent. */
export interface FailedRow {
  row: ConditionRow;
  found: Json;
}

/** Why a binding did not start its process. */
export type Hindrance =
  /** The rows that decided it: the first that did not hold, or, where any would have done, all of them. */
  | { kind: 'rows'; failed: FailedRow[] }
  /** `fault`: why the expression could not be evaluated, in the words of FEEL; null: it was false. */
  | { kind: 'expression'; expression: string; fault: string | null }
  /** `startId`: the start because of which the policy held it back; null: one that the same occasion asked for. */
  | { kind: 'policy'; policy: BindingPolicy; minutes: number | null; startId: string | null }
  /** The process is switched off. */
  | { kind: 'processOff' }
  /** Somebody answered, at `at` (ISO 8601), before the time was over for which the binding waits. */
  | { kind: 'answered'; at: string }
  /** A running process of the session waited for the message. */
  | { kind: 'awaited' }
  /** A binding before it started its process, and is the last to be tried then. */
  | { kind: 'stopped'; by: string };

/** A binding that was tried and did not start its process, as it is kept for *Why*. */
export interface HeldBack {
  event: BindingEvent;
  bindingId: string;
  processName: string;
  hindrance: Hindrance;
}
