import type { Variables } from '../processes/value-types.ts';
import type { Condition, ConditionRow } from './condition.ts';
import { evaluateExpression, expressionProperties } from './condition-expression.ts';
import { foundValue, rowHolds } from './condition-rows.ts';
import type { Hindrance } from './held-back.ts';
import type { Binding } from './queries.ts';

/** Earlier starts of a session's bindings, as far as policies need them. */
export interface History {
  /** By binding id: the last start that the binding made in the session, and its age in minutes. */
  lastStarts: ReadonlyMap<string, { startId: string; minutesAgo: number }>;
  /** By process definition id: a start that is running or waiting to run in the session. */
  runningStarts: ReadonlyMap<string, string>;
  /** Whether a running process of the session waits for this very message. */
  isAwaited: boolean;
}

export interface Occasion {
  /** Property values of the session by code; absent properties are left out. */
  values: Variables;
  /** When the event happened. */
  at: Date;
  /** Whether the property was read. A property that was read can still be absent from {@link values}. */
  isKnown(code: string): boolean;
  /** Undefined: not read yet. */
  history: History | undefined;
}

export type DecidedBinding = Pick<
  Binding,
  'id' | 'conditions' | 'policy' | 'policyMinutes' | 'skipsAwaited' | 'stops' | 'processDefinitionId' | 'processName'
> & { isProcessOff?: boolean };

/** Whether a binding starts its process: it does if there is no hindrance. */
export interface Decision<B extends DecidedBinding = Binding> {
  binding: B;
  hindrance?: Hindrance;
}

/**
 * Tries the enabled bindings of one event in order. Returns undefined if the known properties and history are not enough to
 * decide one of them.
 */
export function decide<B extends DecidedBinding>(
  bindings: readonly B[],
  occasion: Occasion,
): Decision<B>[] | undefined {
  const decisions: Decision<B>[] = [];
  const startedNow = new Set<string>();
  let stoppedBy: string | undefined;
  for (const binding of bindings) {
    const hindrance =
      stoppedBy === undefined
        ? hindranceOf(binding, occasion, startedNow)
        : ({ kind: 'stopped', by: stoppedBy } as const);
    if (hindrance === 'unknown') return undefined;
    decisions.push({ binding, ...(hindrance ? { hindrance } : {}) });
    if (hindrance) continue;
    startedNow.add(binding.processDefinitionId);
    if (binding.stops) stoppedBy = binding.processName;
  }
  return decisions;
}

function hindranceOf(
  binding: DecidedBinding,
  occasion: Occasion,
  startedNow: ReadonlySet<string>,
): Hindrance | 'unknown' | undefined {
  if (binding.isProcessOff) return { kind: 'processOff' };
  const failed = binding.conditions && failureOf(binding.conditions, occasion);
  return failed ?? policyHindrance(binding, occasion.history, startedNow);
}

function failureOf(condition: Condition, { values, at, isKnown }: Occasion): Hindrance | 'unknown' | undefined {
  if (condition.kind === 'feel') {
    const { expression } = condition;
    if (!(conditionProperties(condition) ?? [unknownCode]).every(isKnown)) return 'unknown';
    const outcome = evaluateExpression(expression, values, at);
    return outcome.holds ? undefined : { kind: 'expression', expression, fault: outcome.fault };
  }
  const failed: ConditionRow[] = [];
  for (const row of condition.rows) {
    // In order, so that the same row is reported no matter how much is known.
    if (!isKnown(row.property)) return 'unknown';
    const holds = rowHolds(row, values);
    if (holds && condition.join === 'any') return undefined;
    if (!holds) failed.push(row);
    if (!holds && condition.join === 'all') break;
  }
  if (failed.length === 0) return undefined;
  return { kind: 'rows', failed: failed.map((row) => ({ row, found: foundValue(row, values) })) };
}

/** Stands for every property, for an expression that may read any. */
const unknownCode = '*';

/** The codes of the properties that a condition reads; undefined if it may read any. */
export function conditionProperties(condition: Condition | null): readonly string[] | undefined {
  if (!condition) return [];
  return condition.kind === 'rows'
    ? condition.rows.map(({ property }) => property)
    : expressionProperties(condition.expression);
}

/** Whether the decision depends on what the binding started before. */
export const asksHistory = ({ policy, skipsAwaited }: Pick<Binding, 'policy' | 'skipsAwaited'>): boolean =>
  policy !== 'every_time' || skipsAwaited;

function policyHindrance(
  binding: DecidedBinding,
  history: History | undefined,
  startedNow: ReadonlySet<string>,
): Hindrance | 'unknown' | undefined {
  if (!asksHistory(binding)) return undefined;
  if (!history) return 'unknown';
  const { id, policy, policyMinutes: minutes, skipsAwaited, processDefinitionId } = binding;
  if (skipsAwaited && history.isAwaited) return { kind: 'awaited' };
  const held = (startId: string | null) => ({ kind: 'policy', policy, minutes, startId }) as const;
  const last = history.lastStarts.get(id);
  switch (policy) {
    case 'every_time':
      return undefined;
    case 'once_per_session':
      return last && held(last.startId);
    case 'at_most_once_in':
      return last && last.minutesAgo < (minutes ?? 0) ? held(last.startId) : undefined;
    case 'not_while_running': {
      const running = history.runningStarts.get(processDefinitionId);
      return running !== undefined || startedNow.has(processDefinitionId) ? held(running ?? null) : undefined;
    }
  }
}
