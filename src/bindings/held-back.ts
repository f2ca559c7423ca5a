import type { Json } from '../processes/value-types.ts';
import type { BindingEvent, BindingPolicy } from './binding-kinds.ts';
import type { ConditionRow } from './condition.ts';

/** A row that did not hold, and the value that was found; null if the property was absent. */
export interface FailedRow {
  row: ConditionRow;
  found: Json;
}

/** Why a binding did not start its process. */
export type Hindrance =
  /** The rows that decided: the first that did not hold or, for *any*, all of them. */
  | { kind: 'rows'; failed: FailedRow[] }
  /** `fault`: FEEL's reason why the expression could not be evaluated; null if its result was not true. */
  | { kind: 'expression'; expression: string; fault: string | null }
  /** `startId`: the earlier start that the policy counted; null if this same occasion made it. */
  | { kind: 'policy'; policy: BindingPolicy; minutes: number | null; startId: string | null }
  /** The process is switched off. */
  | { kind: 'processOff' }
  /** Somebody answered, at `at` (ISO 8601), before the binding's waiting time was over. */
  | { kind: 'answered'; at: string }
  /** A running process of the session waited for the message. */
  | { kind: 'awaited' }
  /** An earlier binding started its process and is set to stop the list. */
  | { kind: 'stopped'; by: string };

/** A binding that was tried and did not start its process, as shown in *Why*. */
export interface HeldBack {
  event: BindingEvent;
  bindingId: string;
  processName: string;
  hindrance: Hindrance;
}
