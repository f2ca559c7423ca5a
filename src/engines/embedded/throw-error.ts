import type { Variables } from '../../processes/value-types.ts';
import { tokenAt } from './instance-state.ts';
import type { CatchEvent, ElementModel } from './model.ts';
import { elementOf, type Run, stop } from './run.ts';
import { triggerEvent } from './trigger-event.ts';

/**
 * Throws a BPMN error at a token. The nearest activity around it with a boundary event for the code is ended, and the
 * boundary event goes on with the error's variables; on one activity, an event for just this code comes before one for
 * every code. Nobody catches it: an incident.
 */
export function throwError(run: Run, thrower: number, code: string, message: string, variables: Variables): void {
  for (let key: number | undefined = thrower; key !== undefined; key = tokenAt(run.state, key)?.scope) {
    const event = catcherOf(elementOf(run, tokenAt(run.state, key)?.element ?? ''), code);
    if (!event) continue;
    triggerEvent(run, key, event.elementId, variables);
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

function catcherOf({ events }: ElementModel, code: string): CatchEvent | undefined {
  const catching = (wanted: string | undefined) =>
    events.find(({ trigger }) => trigger.kind === 'error' && trigger.code === wanted);
  return catching(code) ?? catching(undefined);
}
