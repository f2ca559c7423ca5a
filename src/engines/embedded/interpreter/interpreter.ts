import type { Variables } from '../../../processes/value-types.ts';
import { returnedVariables } from './behaviours/call-activity.ts';
import { costOfCall, excessIn } from './bounds.ts';
import { closeEvents } from './close-work.ts';
import { addEffect, type Effect, type Thrown } from './effects.ts';
import { activateElement, enterElement } from './enter-element.ts';
import { type HistoryEntries, note } from './history.ts';
import { type InstanceState, incidentOf, rootToken, tokenAt } from './instance-state.ts';
import { nextInclusiveJoin } from './joins.ts';
import { leaveElement, settleScope } from './leave-element.ts';
import { completeListener, failListener, type ListenerResult, listenToTask } from './listeners.ts';
import type { ProcessModel } from './model.ts';
import { iterate } from './multi-instance.ts';
import { resume } from './resume.ts';
import { addToken, countIn, elementAt, newRun, type Outside, type Run, stop } from './run.ts';
import { createSteps, type Step } from './steps.ts';
import { end, sweep, terminateInside } from './terminate.ts';
import { throwError } from './throw-error.ts';
import { throwEscalation } from './throw-escalation.ts';
import type { Due } from './timer-expression.ts';
import { triggerEvent } from './trigger-event.ts';
import { propagate, setLocals } from './variables.ts';

export type Command =
  /** `by`: the start event that was triggered, with its variables. */
  | { kind: 'start'; variables: Variables; by?: { elementId: string; variables: Variables }; age?: number }
  /**
   * The task, job or call of the token is done. `by`: Slack id of the person who completed the task. `result`: for a listener's
   * job. `age`: for a call, see steps.ts.
   */
  | { kind: 'complete'; token: number; variables: Variables; by?: string; result?: ListenerResult; age?: number }
  /** Tells the listeners of a user task about an assignment. `assignee`: Slack id. */
  | { kind: 'assign'; token: number; assignee: string }
  /** The job of the token ends with a BPMN error. */
  | { kind: 'throwError'; token: number; code: string; message: string; variables: Variables }
  /** The job of the token failed and has no retries left. */
  | { kind: 'failJob'; token: number; reason: string }
  /** `elementId`: the timer event, the token's own or a boundary event of its activity. */
  | ({ kind: 'fireTimer'; token: number; elementId: string } & Due)
  /** A message or signal arrived for the event. */
  | { kind: 'trigger'; token: number; elementId: string; variables: Variables }
  /** `local`: set in the token's own scope; otherwise each variable in the nearest scope that has it, from there outwards. */
  | { kind: 'setVariables'; token: number; variables: Variables; local: boolean }
  /** Resolves the token's incident. A job without retries gets `retries`. */
  | { kind: 'resolve'; token: number; retries: number }
  /** An error or escalation thrown by the process that the token's call activity called; an event here catches it. */
  | { kind: 'catchThrown'; token: number; thrown: Thrown }
  /** The call of the token's call activity failed. */
  | { kind: 'failCall'; token: number; reason: string }
  /** The process that the token's call activity called was cancelled and has ended. */
  | { kind: 'endCall'; token: number }
  | { kind: 'cancel' }
  /** Continues the steps that earlier commands left. */
  | { kind: 'continue' };

export interface Outcome {
  state: InstanceState;
  effects: Effect[];
  status: 'active' | 'completed' | 'terminated' | 'incident';
  /** The reason for `incident` or `terminated`. */
  reason: string | undefined;
  history: HistoryEntries;
  /** Number of elements entered in a row without waiting. */
  age: number;
}

/** Limits for a command, including the commands that follow from it in other instances. */
export interface Budget {
  steps: number;
  /** Whether the time limit is exceeded; undefined: no time limit. */
  isOverdue?(): boolean;
}

/** A step takes some 20 to 100 µs, so a command takes up to 10 to 30 ms before other work gets its turn. */
export const newBudget = (): Budget => ({ steps: 300 });

/** For an instance without a caller, whose jobs all have workers. */
const nothingOutside: Outside = { doesJobs: () => true, catches: () => undefined };

/** The state of an instance before its `start` command. */
export const initialState: InstanceState = { next: rootToken, tokens: {} };

/**
 * Runs a command until the instance waits or has ended, or the budget is spent; the remaining steps are then kept in the state
 * for the command `continue`. Pure: the same arguments give the same outcome (except for FEEL's uuid() and random number()),
 * and `before` is not changed.
 *
 * @throws Error on a bug in the interpreter: the outcome must be discarded
 */
export function interpret(
  model: ProcessModel,
  before: InstanceState,
  command: Command,
  now: Date,
  outside: Outside = nothingOutside,
  budget: Budget = newBudget(),
): Outcome {
  return interpretInPlace(model, copyOf(before), command, now, outside, budget);
}

/** A copy of the state. A shallow copy of each token suffices, since its parts are replaced and never changed. */
function copyOf(state: InstanceState): InstanceState {
  const tokens = Object.fromEntries(Object.entries(state.tokens).map(([key, token]) => [key, { ...token }]));
  return { ...state, tokens };
}

/** Like {@link interpret}, but changes the caller's state, which must be discarded if this throws. */
export function interpretInPlace(
  model: ProcessModel,
  state: InstanceState,
  command: Command,
  now: Date,
  outside: Outside,
  budget: Budget,
): Outcome {
  const pending = state.pending ?? [];
  const steps = createSteps(
    command.kind === 'continue' ? { ahead: pending } : { kept: pending, age: 'age' in command ? command.age : 0 },
  );
  const run = newRun({ model, state, now, outside, steps });
  if (command.kind !== 'continue') begin(run, command);
  takeAll(run, budget);
  const { effects, history } = run;
  const root = tokenAt(state, rootToken);
  const isOver = countIn(run, rootToken) === 0 && !root?.arrived && !root?.incident && !steps.hasWork();
  if (isOver) closeEvents(run, rootToken);
  const left = steps.left();
  if (left.length > 0) state.pending = left;
  else delete state.pending;
  const { age } = steps;
  if (isOver) {
    const isCancelled = root?.ending !== undefined;
    note(history, isCancelled ? 'terminated' : 'completed', rootToken);
    const [status, reason] = isCancelled ? (['terminated', 'cancelled'] as const) : (['completed', undefined] as const);
    return { state, effects, history, status, reason, age };
  }
  const incident = incidentOf(state);
  const status = incident || state.stopped ? 'incident' : 'active';
  return { state, effects, history, status, reason: incident?.reason, age };
}

function takeAll(run: Run, budget: Budget): void {
  const isSpent = () => budget.steps <= 0 || budget.isOverdue?.() === true;
  // At least one step runs, since it closes the work that the command is about.
  for (let isFirst = budget.steps > 0; isFirst || run.steps.isEmpty() || !isSpent(); isFirst = false) {
    const step = run.steps.shift() ?? (run.steps.hasWork() ? undefined : nextInclusiveJoin(run));
    if (!step) return;
    const before = run.effects.length;
    take(run, step);
    budget.steps -= 1;
    for (let index = before; index < run.effects.length; index += 1) {
      if (run.effects[index]?.kind === 'callProcess') budget.steps -= costOfCall;
    }
  }
}

function take(run: Run, step: Step): void {
  if (step.kind === 'enter') enterElement(run, step);
  else if (step.kind === 'activate') activateElement(run, step);
  else if (step.kind === 'leave') leaveElement(run, step);
  else if (step.kind === 'iterate') iterate(run, step);
  else if (step.kind === 'sweep') sweep(run, step);
  else if (step.kind === 'end') end(run, step.token);
  else settleScope(run, step);
}

/** Commands that report on the work of a task, job or call. */
const ofWork = new Set<Command['kind']>(['complete', 'throwError', 'failJob']);

function begin(run: Run, command: Exclude<Command, { kind: 'continue' }>): void {
  const { state, model, steps } = run;
  const excess = 'variables' in command ? excessIn(command.variables) : undefined;
  if (excess !== undefined) throw new Error(excess);
  if (command.kind === 'start') {
    const { variables, by } = command;
    addToken(run, { element: model.id, local: variables, ...(by && { startedBy: by.elementId }) });
    steps.push({ kind: 'activate', token: rootToken, ...(by && { variables: by.variables }) });
    return;
  }
  if (command.kind === 'cancel') {
    const root = tokenAt(state, rootToken);
    if (!root || root.ending) return;
    delete root.incident;
    terminateInside(run, rootToken);
    steps.clear();
    closeEvents(run, rootToken);
    root.ending = [];
    return;
  }
  const token = tokenAt(state, command.token);
  // Another event ended the token first.
  if (!token) return;
  if (token.ending) {
    const isOfCall = command.kind === 'endCall' || command.kind === 'complete';
    if (isOfCall && elementAt(run, command.token).behaviour.kind === 'callActivity') end(run, command.token);
    // While the token is ending, only incidents of its listeners can be resolved and variables set.
    if (command.kind !== 'resolve' && command.kind !== 'setVariables') return;
  }
  // The work is already closed or not open yet: the report is outdated.
  if (ofWork.has(command.kind) && token.incident && token.incident.at !== 'wait') return;
  switch (command.kind) {
    case 'complete': {
      if (token.isListener) {
        completeListener(run, command.token, command.variables, command.result);
        return;
      }
      const by = command.by !== undefined && { by: command.by };
      if (listenToTask(run, command.token, 'completing', { variables: command.variables, ...by })) return;
      const element = elementAt(run, command.token);
      const { behaviour } = element;
      const variables =
        behaviour.kind === 'callActivity'
          ? returnedVariables(element, behaviour, command.variables)
          : command.variables;
      steps.push({ kind: 'leave', token: command.token, variables, ...(by && { task: by }) });
      return;
    }
    case 'assign': {
      const changes = { assignee: command.assignee };
      if (listenToTask(run, command.token, 'assigning', { changes })) return;
      addEffect(run.effects, { kind: 'changeTask', token: command.token, changes });
      return;
    }
    case 'catchThrown': {
      const { token: key, thrown } = command;
      if (thrown.kind === 'error') throwError(run, key, thrown.code, thrown.message, thrown.variables);
      else throwEscalation(run, key, thrown.code);
      return;
    }
    case 'endCall':
      // Handled above: only its caller cancels a called instance, for a token that is ending.
      return;
    case 'failCall': {
      closeEvents(run, command.token);
      const reason = `${elementAt(run, command.token).title}: ${command.reason}`;
      stop(run, command.token, { type: 'CALLED_ELEMENT_ERROR', at: 'enter', reason });
      return;
    }
    case 'throwError':
      if (token.isListener) failListener(run, command.token, noErrors(command.code));
      else throwError(run, command.token, command.code, command.message, command.variables);
      return;
    case 'failJob': {
      if (token.isListener) {
        failListener(run, command.token, command.reason);
        return;
      }
      const reason = `${elementAt(run, command.token).title}: ${command.reason}`;
      stop(run, command.token, { type: 'JOB_NO_RETRIES', at: 'wait', reason });
      run.effects.push({ kind: 'holdJob', token: command.token, error: command.reason });
      return;
    }
    case 'trigger':
      triggerEvent(run, command.token, command.elementId, { variables: command.variables });
      return;
    case 'setVariables':
      if (listenToTask(run, command.token, 'updating', { variables: command.variables, isLocal: command.local }))
        return;
      if (command.local) setLocals(token, command.variables);
      else propagate(state, command.token, command.variables);
      return;
    case 'resolve':
      resume(run, command.token, command.retries);
      return;
    case 'fireTimer':
      triggerEvent(run, command.token, command.elementId, { fired: command });
      return;
  }
}

const noErrors = (code: string) => `a listener cannot throw an error, as it does with “${code}”`;
