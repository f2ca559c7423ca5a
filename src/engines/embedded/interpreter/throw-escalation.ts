import { findCatcher } from './find-catcher.ts';
import type { Run } from './run.ts';
import { triggerEvent } from './trigger-event.ts';

/**
 * Throws an escalation at a scope. An uncaught escalation has no effect.
 *
 * @returns whether the thrower continues, because nothing interrupted it
 */
export function throwEscalation(run: Run, scope: number | undefined, code: string): boolean {
  const catcher = findCatcher(run, scope, 'escalation', code);
  if (catcher) {
    triggerEvent(run, catcher.token, catcher.event.elementId);
    return !catcher.event.interrupting;
  }
  const outside = run.outside.catches('escalation', code);
  if (outside) run.effects.push({ kind: 'throwOutside', thrown: { kind: 'escalation', code } });
  return outside !== 'interrupting';
}
