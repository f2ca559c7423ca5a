import type { Variables } from '../../processes/value-types.ts';
import { closeEvent } from './events.ts';
import { tokenAt } from './instance-state.ts';
import { elementOf, type Run } from './run.ts';
import { terminate } from './terminate.ts';

/** An event of the element that the token is at has happened, with the variables that it brings. */
export function triggerEvent(run: Run, key: number, elementId: string, variables?: Variables): void {
  const token = tokenAt(run.state, key);
  if (!token) return;
  const event = elementOf(run, token.element).events.find((one) => one.elementId === elementId);
  if (!event) throw new Error(`${token.element} waits for no event ${elementId}`);
  const brought = variables && { variables };
  switch (event.place) {
    case 'own':
      run.steps.push({ kind: 'leave', token: key, ...brought });
      return;
    case 'boundary':
      if (token.scope === undefined) throw new Error(`${token.element} has no border`);
      if (event.interrupting) terminate(run, key);
      else closeEvent(run, key, event);
      run.steps.push({ kind: 'enter', elementId, scope: token.scope, ...brought });
      return;
  }
}
