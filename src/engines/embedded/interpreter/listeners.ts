import type { Json, Variables } from '../../../processes/value-types.ts';
import { enterJob } from './behaviours/job.ts';
import { closeWork } from './close-work.ts';
import { addEffect, type TaskChanges } from './effects.ts';
import { type Listening, tokenAt } from './instance-state.ts';
import { isTaskEvent, type ListenerEvent } from './model.ts';
import { openUserTask } from './open-user-task.ts';
import { addToken, attempt, elementAt, type Run, removeToken, stop } from './run.ts';
import { propagate, restoreLocals, setLocals, visibleVariables } from './variables.ts';

/** Additional result of a user task listener. */
export interface ListenerResult {
  /** The listener denies the operation, so the task stays unchanged. The reason may be empty. */
  denied?: { reason: string };
  corrections?: TaskChanges;
}

/**
 * Runs an element's listeners of an event: each is a job, one after the other, at a token inside the element's own.
 *
 * @returns whether there are any; the element continues once they are done
 * @throws FeelEvaluationError
 */
export function listen(
  run: Run,
  key: number,
  event: ListenerEvent,
  rest: Omit<Listening, 'event' | 'index'> = {},
): boolean {
  const token = tokenAt(run.state, key);
  if (!token || !elementAt(run, key).listeners[event]?.length) return false;
  delete token.denied;
  token.listening = { event, index: 0, ...rest };
  openJob(run, key);
  return true;
}

/**
 * The same for the end of an element or of the process. A failed expression raises an incident; once that is resolved, the
 * element leaves again.
 */
export function listenToEnd(run: Run, key: number, flows?: string[]): boolean {
  const token = tokenAt(run.state, key);
  let isListening = false;
  attempt(run, key, elementAt(run, key), { type: 'EXTRACT_VALUE_ERROR', at: 'leave' }, () => {
    isListening = listen(run, key, 'end', { ...(flows && { flows }) });
  });
  if (token?.incident) delete token.listening;
  return isListening;
}

/** Runs all listeners of the event again, after an expression of one of them failed. */
export function listenAgain(run: Run, key: number): void {
  const token = tokenAt(run.state, key);
  if (!token?.listening) return;
  token.listening = { ...token.listening, index: 0 };
  attemptJob(run, key);
}

/**
 * Runs the listeners of an operation on a user task, before the operation takes effect. False: there are none, or others are
 * still running.
 */
export function listenToTask(
  run: Run,
  key: number,
  event: ListenerEvent,
  rest: Omit<Listening, 'event' | 'index'>,
): boolean {
  const element = elementAt(run, key);
  // Not started while other listeners of the task are running.
  if (!element.listeners[event]?.length || tokenAt(run.state, key)?.listening) return false;
  attempt(run, key, element, { type: 'EXTRACT_VALUE_ERROR', at: 'wait' }, () => listen(run, key, event, rest));
  return true;
}

/**
 * Runs the `canceling` listeners of a user task, instead of any listeners still running.
 *
 * @returns whether there are any
 */
export function listenToCancelling(run: Run, key: number): boolean {
  const token = tokenAt(run.state, key);
  if (!token) return false;
  const opens = token.listening?.opens;
  attempt(run, key, elementAt(run, key), { type: 'EXTRACT_VALUE_ERROR', at: 'wait' }, () =>
    listen(run, key, 'canceling', { ...(opens && { opens }) }),
  );
  return token.listening?.event === 'canceling';
}

/** Completes the job of a listener. */
export function completeListener(run: Run, key: number, variables: Variables, result: ListenerResult = {}): void {
  const scope = tokenAt(run.state, key)?.scope;
  const token = scope === undefined ? undefined : tokenAt(run.state, scope);
  if (scope === undefined || !token?.listening) return;
  const { event, index } = token.listening;
  if (isTaskEvent(event) && Object.keys(variables).length > 0) {
    failListener(run, key, 'the listener of a user task cannot set variables');
    return;
  }
  closeWork(run, key, 'completed');
  removeToken(run, key, 'completed');
  if (event === 'start') setLocals(token, variables);
  // As in Camunda 8, set in the surrounding scope, even if an outer scope has variables with these names.
  if (event === 'end') setLocals(tokenAt(run.state, token.scope ?? scope) ?? token, variables);
  // A cancellation cannot be denied: it has already happened.
  if (result.denied && event !== 'canceling') {
    deny(run, scope, result.denied.reason);
    return;
  }
  const changes = { ...token.listening.changes, ...result.corrections };
  token.listening = {
    ...token.listening,
    index: index + 1,
    ...(Object.keys(changes).length > 0 && { changes }),
  };
  if (index + 1 < (elementAt(run, scope).listeners[event]?.length ?? 0)) attemptJob(run, scope);
  else goOn(run, scope, token.listening);
}

/** Fails the job of a listener with an incident. */
export function failListener(run: Run, key: number, reason: string): void {
  const around = tokenAt(run.state, tokenAt(run.state, key)?.scope ?? key);
  const isOfTask = around?.listening !== undefined && isTaskEvent(around.listening.event);
  const type = isOfTask ? 'TASK_LISTENER_NO_RETRIES' : 'EXECUTION_LISTENER_NO_RETRIES';
  stop(run, key, { type, at: 'wait', reason: `${elementAt(run, key).title}: ${reason}` });
  run.effects.push({ kind: 'holdJob', token: key, error: reason });
}

/** @throws FeelEvaluationError */
function openJob(run: Run, key: number): void {
  const token = tokenAt(run.state, key);
  if (!token?.listening) return;
  const { event, variables } = token.listening;
  const job = addToken(run, {
    element: token.element,
    scope: key,
    isListener: true,
    // Submitted variables do not belong to the process yet; the listener decides about them.
    ...(event === 'completing' && variables && { local: variables }),
  });
  const element = elementAt(run, job);
  const { behaviour } = element;
  if (behaviour.kind !== 'job') throw new Error(`the listener of ${token.element} is no job`);
  const surroundings = { variables: visibleVariables(run.state, job), now: run.now };
  try {
    enterJob({ run, key: job, scope: key, element, behaviour, surroundings, variables: undefined });
  } catch (error) {
    removeToken(run, job, 'terminated');
    throw error;
  }
}

function attemptJob(run: Run, key: number): void {
  const token = tokenAt(run.state, key);
  if (!token?.listening) return;
  const { event, before } = token.listening;
  const at = event === 'start' ? 'enter' : event === 'end' ? 'leave' : 'wait';
  attempt(run, key, elementAt(run, key), { type: 'EXTRACT_VALUE_ERROR', at }, () => openJob(run, key));
  if (!token.incident || at === 'wait') return;
  // The element begins or ends again from its previous state.
  delete token.listening;
  if (event === 'start') restoreLocals(token, before);
}

function deny(run: Run, key: number, reason: string): void {
  const token = tokenAt(run.state, key);
  if (!token?.listening) return;
  const { opens } = token.listening;
  delete token.listening;
  token.denied = reason;
  if (opens) openUserTask(run, key, { ...opens, assignee: undefined });
}

function goOn(run: Run, key: number, listening: Listening): void {
  const token = tokenAt(run.state, key);
  if (!token) return;
  const { event, opens, changes, variables, flows, by, isLocal = false } = listening;
  const isChanged = changes !== undefined;
  switch (event) {
    case 'start':
      run.steps.push({ kind: 'activate', token: key });
      return;
    case 'end':
      // After the end of the process itself there is nothing left to do.
      if (token.scope !== undefined) run.steps.push({ kind: 'leave', token: key, ...(flows && { flows }) });
      return;
    case 'creating':
    case 'assigning': {
      delete token.listening;
      if (!opens) {
        if (isChanged) addEffect(run.effects, { kind: 'changeTask', token: key, changes });
        return;
      }
      const task = withChanges(opens, changes);
      const isAssigning = event === 'creating' && opens.assignee !== undefined;
      if (!isAssigning || !listenToTask(run, key, 'assigning', { opens: task })) openUserTask(run, key, task);
      return;
    }
    case 'updating':
      delete token.listening;
      if (isLocal) setLocals(token, variables ?? {});
      else propagate(run.state, key, variables ?? {});
      if (isChanged) addEffect(run.effects, { kind: 'changeTask', token: key, changes });
      return;
    case 'canceling':
      if (isChanged && !opens) addEffect(run.effects, { kind: 'changeTask', token: key, changes });
      run.steps.push({ kind: 'end', token: key });
      return;
    case 'completing':
      delete token.listening;
      run.steps.push({
        kind: 'leave',
        token: key,
        variables: variables ?? {},
        task: { ...(by !== undefined && { by }), ...(isChanged && { changes }) },
      });
      return;
  }
}

function withChanges(task: NonNullable<Listening['opens']>, changes: TaskChanges = {}) {
  const given = Object.entries(changes).map(([name, value]): [string, Json | undefined] => [name, value ?? undefined]);
  return { ...task, ...Object.fromEntries(given) };
}
