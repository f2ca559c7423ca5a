import { addEffect } from './effects.ts';
import { closeEvent } from './events.ts';
import { type Token, tokenAt } from './instance-state.ts';
import type { CatchEvent } from './model.ts';
import { elementAt, type Run } from './run.ts';
import type { CompletedTask } from './steps.ts';

/**
 * Whether the token's work is open. It is not opened yet while an incident or a start listener holds the token on entering, and
 * closed again while one holds it on leaving, or while the token is ending.
 */
export function isAtWork({ incident, listening, ending }: Token): boolean {
  const stopped = incident !== undefined && incident.at !== 'wait';
  return !stopped && !ending && listening?.event !== 'start' && listening?.event !== 'end';
}

/**
 * Closes the task, job or call that the token waits for.
 *
 * @returns whether a called process must still be ended
 */
export function closeWork(run: Run, key: number, status: 'completed' | 'cancelled', task: CompletedTask = {}): boolean {
  const token = tokenAt(run.state, key);
  if (!token || !isAtWork(token)) return false;
  const kind = elementAt(run, key).behaviour.kind;
  // A task whose `creating` listeners are still running is not open yet.
  if (kind === 'userTask' && !token.listening?.opens) {
    addEffect(run.effects, { kind: 'closeTask', token: key, status, ...task });
  }
  if (kind === 'job') addEffect(run.effects, { kind: 'closeJob', token: key });
  // A called process that has completed no longer exists.
  return kind === 'callActivity' && status === 'cancelled' && addEffect(run.effects, { kind: 'closeCall', token: key });
}

/** Closes the events of the token's element. */
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
