import type { Variables } from '../../processes/value-types.ts';
import { tokenAt } from './instance-state.ts';
import { elementOf, type Run, stop, terminate } from './run.ts';

/**
 * Throws a BPMN error at a token. The nearest activity around it with a boundary event for the code is ended, and the
 * boundary event goes on with the error's variables; on one activity, an event for just this code comes before one for
 * every code. Nobody catches it: an incident.
 */
export function throwError(run: Run, thrower: number, code: string, message: string, variables: Variables): void {
  for (let key: number | undefined = thrower; key !== undefined; key = tokenAt(run.state, key)?.scope) {
    const token = tokenAt(run.state, key);
    if (token?.scope === undefined) break;
    const errors = elementOf(run, token.element).boundaries.filter((boundary) => boundary.kind === 'error');
    const catcher =
      errors.find(({ errorCode }) => errorCode === code) ?? errors.find(({ errorCode }) => errorCode === undefined);
    if (!catcher) continue;
    terminate(run, key);
    run.steps.push({ kind: 'enter', elementId: catcher.elementId, scope: token.scope, variables });
    return;
  }
  const element = elementOf(run, tokenAt(run.state, thrower)?.element ?? '');
  const reason = `${element.title}: nobody catches the error “${code}”${message ? ` (${message})` : ''}`;
  stop(run, thrower, {
    type: 'UNHANDLED_ERROR_EVENT',
    at: element.behaviour.kind === 'job' ? 'wait' : 'enter',
    reason,
  });
  if (element.behaviour.kind === 'job') run.effects.push({ kind: 'holdJob', token: thrower, error: reason });
}
