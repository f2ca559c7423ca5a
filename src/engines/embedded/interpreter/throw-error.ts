import type { Variables } from '../../../processes/value-types.ts';
import { findCatcher } from './find-catcher.ts';
import { elementAt, elementOf, type Run, stop } from './run.ts';
import { triggerEvent } from './trigger-event.ts';

/**
 * Throws a BPMN error at a token. The catching event interrupts its activity or scope and gets the error's variables. An
 * uncaught error becomes an incident.
 */
export function throwError(run: Run, thrower: number, code: string, message: string, variables: Variables): void {
  const catcher = findCatcher(run, thrower, 'error', code);
  if (catcher) {
    const { token, event } = catcher;
    // In Camunda, a boundary event keeps the variables only for its output mappings.
    const areKept = event.place !== 'boundary' || elementOf(run, event.leadsTo).outputs.length > 0;
    triggerEvent(run, token, event.elementId, areKept ? { variables } : {});
    return;
  }
  if (run.outside.catches('error', code)) {
    run.effects.push({ kind: 'throwOutside', thrown: { kind: 'error', code, message, variables } });
    return;
  }
  const element = elementAt(run, thrower);
  const reason = `${element.title}: nobody catches the error “${code}”${message ? ` (${message})` : ''}`;
  stop(run, thrower, {
    type: 'UNHANDLED_ERROR_EVENT',
    at: element.behaviour.kind === 'job' ? 'wait' : 'enter',
    reason,
  });
  if (element.behaviour.kind === 'job') run.effects.push({ kind: 'holdJob', token: thrower, error: reason });
}
