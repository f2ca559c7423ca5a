import type { Variables } from '../../../processes/value-types.ts';
import { closeEventSubProcesses } from './close-work.ts';
import { keepEvent } from './events.ts';
import { tokenAt } from './instance-state.ts';
import { countIn, elementAt, type Run } from './run.ts';
import type { Enter } from './steps.ts';
import { terminate, terminateInside } from './terminate.ts';
import type { Due } from './timer-expression.ts';

/** Triggers an event of the token's element, with the event's variables. `fired`: when the timer was due. */
export function triggerEvent(
  run: Run,
  key: number,
  elementId: string,
  { variables, fired }: { variables?: Variables; fired?: Due } = {},
): void {
  const token = tokenAt(run.state, key);
  if (!token) return;
  const event = elementAt(run, key).events.find((one) => one.elementId === elementId);
  if (!event) throw new Error(`${token.element} waits for no event ${elementId}`);
  const happened = { happened: true as const, ...(variables && { variables }) };
  const { leadsTo } = event;
  switch (event.place) {
    case 'own':
      run.steps.push({ kind: 'leave', token: key, ...(variables && { variables }) });
      return;
    case 'gateway':
      if (token.scope === undefined) throw new Error(`${token.element} is in no scope`);
      run.steps.push({ kind: 'leave', token: key, flows: [] });
      run.steps.push({ kind: 'enter', elementId: leadsTo, scope: token.scope, ...happened });
      return;
    case 'boundary': {
      if (token.scope === undefined) throw new Error(`${token.element} has no border`);
      const follows: Enter = { kind: 'enter', elementId: leadsTo, scope: token.scope, ...happened };
      if (event.interrupting) {
        terminate(run, key, follows);
        return;
      }
      keepEvent(run, key, event, fired);
      run.steps.push(follows);
      return;
    }
    case 'eventSubProcess': {
      if (token.interrupted) return;
      const follows: Enter = { kind: 'enter', elementId: leadsTo, scope: key, ...(variables && { variables }) };
      if (event.interrupting) {
        closeEventSubProcesses(run, key);
        terminateInside(run, key);
        token.interrupted = true;
        if (countIn(run, key) > 0) {
          token.begins = follows;
          return;
        }
      } else {
        keepEvent(run, key, event, fired);
      }
      run.steps.push(follows);
      return;
    }
  }
}
