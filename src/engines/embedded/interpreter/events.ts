import { addEffect, type Effect } from './effects.ts';
import { evaluateCorrelationKey, evaluateName, type Surroundings } from './expression.ts';
import type { CatchEvent, ElementModel } from './model.ts';
import type { Run } from './run.ts';
import { type Due, firstDue, nextDue } from './timer-expression.ts';
import { visibleVariables } from './variables.ts';

/**
 * The effects that open an element's events. Every expression that may fail is evaluated here, before anything is opened.
 *
 * @throws FeelEvaluationError
 */
export function eventOpenings(key: number, { events }: ElementModel, surroundings: Surroundings): Effect[] {
  return events.flatMap((event) => opening(key, event, surroundings) ?? []);
}

function opening(key: number, { elementId, trigger }: CatchEvent, surroundings: Surroundings): Effect | undefined {
  switch (trigger.kind) {
    case 'timer':
      return openTimer(key, elementId, firstDue(trigger.timer, surroundings));
    case 'message': {
      const name = evaluateName(trigger.name, surroundings);
      const correlationKey = evaluateCorrelationKey(trigger.correlationKey, surroundings);
      return { kind: 'openSubscription', token: key, elementId, awaited: 'message', name, correlationKey };
    }
    case 'signal': {
      const name = evaluateName(trigger.name, surroundings);
      return { kind: 'openSubscription', token: key, elementId, awaited: 'signal', name };
    }
    // These events are caught when thrown; nothing is opened for them.
    case 'error':
    case 'escalation':
      return undefined;
  }
}

/** Closes an event that is no longer waited for. Closing it twice is allowed. */
export function closeEvent(run: Run, key: number, { elementId, trigger }: CatchEvent): void {
  switch (trigger.kind) {
    case 'timer':
      addEffect(run.effects, { kind: 'closeTimer', token: key, elementId });
      return;
    case 'message':
    case 'signal':
      addEffect(run.effects, { kind: 'closeSubscription', token: key, elementId });
      return;
    case 'error':
    case 'escalation':
      return;
  }
}

/**
 * Keeps a non-interrupting event open after it happened if it can happen again, and closes it otherwise. `fired`: the timer
 * that fired.
 */
export function keepEvent(run: Run, key: number, event: CatchEvent, fired?: Due): void {
  const { elementId, trigger } = event;
  if (trigger.kind === 'message' || trigger.kind === 'signal') return;
  if (trigger.kind === 'timer' && fired) {
    const surroundings = { variables: visibleVariables(run.state, key), now: run.now };
    const due = nextDue(trigger.timer, fired, surroundings);
    if (due) {
      addEffect(run.effects, { kind: 'moveTimer', token: key, elementId, ...due });
      return;
    }
  }
  closeEvent(run, key, event);
}

function openTimer(token: number, elementId: string, due: Due | undefined): Effect | undefined {
  return due && { kind: 'openTimer', token, elementId, ...due };
}
