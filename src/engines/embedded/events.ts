import { addEffect, type Effect } from './effects.ts';
import type { Surroundings } from './expression.ts';
import type { CatchEvent, ElementModel } from './model.ts';
import type { Run } from './run.ts';
import { dueAt } from './timer-expression.ts';

/**
 * What is to be opened so that the element's events can happen. All that may fail on the process's account is evaluated
 * here, before anything is opened.
 *
 * @throws FeelEvaluationError
 */
export function eventOpenings(key: number, { events }: ElementModel, surroundings: Surroundings): Effect[] {
  return events.flatMap((event) => opening(key, event, surroundings) ?? []);
}

function opening(key: number, { elementId, trigger }: CatchEvent, surroundings: Surroundings): Effect | undefined {
  switch (trigger.kind) {
    case 'timer':
      return { kind: 'openTimer', token: key, elementId, dueAt: dueAt(trigger.timer, surroundings) };
    // Thrown, not waited for.
    case 'error':
    case 'escalation':
      return undefined;
  }
}

/** An event that is not waited for any more may be closed again. */
export function closeEvent(run: Run, key: number, { elementId, trigger }: CatchEvent): void {
  switch (trigger.kind) {
    case 'timer':
      addEffect(run.effects, { kind: 'closeTimer', token: key, elementId });
      return;
    case 'error':
    case 'escalation':
      return;
  }
}
