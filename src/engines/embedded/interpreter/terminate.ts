import { addEffect } from './effects.ts';
import { closeEvent } from './events.ts';
import { type Token, tokenAt } from './instance-state.ts';
import type { CatchEvent } from './model.ts';
import { elementAt, type Run, removeToken, tokensIn } from './run.ts';
import type { CompletedTask, Sweep } from './steps.ts';

/**
 * What an incident or a start listener stopped at its door has opened nothing; what one of them stopped on the way out has
 * closed it.
 */
function isAtWork({ incident, listening }: Token): boolean {
  const stopped = incident !== undefined && incident.at !== 'wait';
  return !stopped && listening?.event !== 'start' && listening?.event !== 'end';
}

/** Closes the task or job that the token waits for. */
export function closeWork(run: Run, key: number, status: 'completed' | 'cancelled', task: CompletedTask = {}): void {
  const token = tokenAt(run.state, key);
  if (!token || !isAtWork(token)) return;
  const kind = elementAt(run, key).behaviour.kind;
  // One whose listeners are told of its creation is not open yet.
  if (kind === 'userTask' && !token.listening?.opens) {
    addEffect(run.effects, { kind: 'closeTask', token: key, status, ...task });
  }
  // A process that was called and has completed is not there any more.
  if (kind === 'callActivity' && status === 'cancelled') addEffect(run.effects, { kind: 'closeCall', token: key });
  if (kind === 'job') addEffect(run.effects, { kind: 'closeJob', token: key });
}

/** Closes what may happen to the token's element. */
export function closeEvents(run: Run, key: number): void {
  const token = tokenAt(run.state, key);
  if (!token || !isAtWork(token)) return;
  for (const event of elementAt(run, key).events) if (isOpen(token, event)) closeEvent(run, key, event);
}

function isOpen({ happened, interrupted }: Token, { place }: CatchEvent): boolean {
  return !(place === 'own' && happened) && !(place === 'eventSubProcess' && interrupted);
}

/** Closes the events that start the scope's event sub-processes. */
export function closeEventSubProcesses(run: Run, scope: number): void {
  const token = tokenAt(run.state, scope);
  const events = token ? elementAt(run, scope).events : [];
  for (const event of events) if (event.place === 'eventSubProcess') closeEvent(run, scope, event);
}

/** Ends a token where it stands, with everything inside it. */
export function terminate(run: Run, key: number): void {
  terminateInside(run, key);
  closeWork(run, key, 'cancelled');
  closeEvents(run, key);
  removeToken(run, key, 'terminated');
}

/** Ends everything inside a scope, tokens on their way included. */
export function terminateInside(run: Run, scope: number): void {
  for (const key of tokensIn(run, scope)) terminate(run, key);
  const token = tokenAt(run.state, scope);
  run.steps.removeInto(scope);
  // They end in their turn, a few at a time; nothing can happen to them meanwhile.
  if (token?.apart) run.steps.keep({ kind: 'sweep', scope, before: run.state.next });
  delete token?.apart;
  delete token?.arrived;
  delete token?.waiting;
}

/** Ends some of the tokens that were kept apart in a scope that has ended. */
export function sweep(run: Run, { scope, before, loaded }: Sweep): void {
  if (loaded === 0) return;
  for (const key of loaded === undefined ? [] : tokensIn(run, scope)) if (key < before) terminate(run, key);
  run.steps.keep({ kind: 'sweep', scope, before });
  run.steps.push({ kind: 'settle', scope });
}
