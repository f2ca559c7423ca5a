import type { Variables } from '../../../processes/value-types.ts';
import { returnedVariables } from './behaviours/call-activity.ts';
import type { Effect, Thrown } from './effects.ts';
import { activateElement, enterElement } from './enter-element.ts';
import { type HistoryEntries, note } from './history.ts';
import { type InstanceState, incidentOf, rootToken, tokenAt } from './instance-state.ts';
import { nextInclusiveJoin } from './joins.ts';
import { leaveElement, settleScope } from './leave-element.ts';
import type { ProcessModel } from './model.ts';
import { resume } from './resume.ts';
import { addToken, elementAt, newRun, type Outside, type Run, type Step, stop, tokensIn } from './run.ts';
import { closeEvents, terminateInside } from './terminate.ts';
import { throwError } from './throw-error.ts';
import { throwEscalation } from './throw-escalation.ts';
import type { Due } from './timer-expression.ts';
import { triggerEvent } from './trigger-event.ts';
import { propagate, setLocals } from './variables.ts';

export type Command =
  /** `by`: the start event that something happened to, and what that brought. */
  | { kind: 'start'; variables: Variables; by?: { elementId: string; variables: Variables } }
  /** The task or job of the token is done. */
  | { kind: 'complete'; token: number; variables: Variables }
  /** The job of the token ends with a BPMN error. */
  | { kind: 'throwError'; token: number; code: string; message: string; variables: Variables }
  /** The job of the token failed for good. */
  | { kind: 'failJob'; token: number; reason: string }
  /** `elementId`: the timer event, the token's own or a boundary event of its activity. */
  | ({ kind: 'fireTimer'; token: number; elementId: string } & Due)
  /** A message or signal has come for the event. */
  | { kind: 'trigger'; token: number; elementId: string; variables: Variables }
  /** `local`: in the token's own scope; otherwise each where it is, from there outwards. */
  | { kind: 'setVariables'; token: number; variables: Variables; local: boolean }
  /** What stopped the token is mended. A job without retries gets so many. */
  | { kind: 'resolve'; token: number; retries: number }
  /** What a process that the token's call activity called has thrown; an event here catches it. */
  | { kind: 'catchThrown'; token: number; thrown: Thrown }
  /** The process that the token's call activity is to call cannot be. */
  | { kind: 'failCall'; token: number; reason: string }
  | { kind: 'cancel' };

export interface Outcome {
  state: InstanceState;
  effects: Effect[];
  status: 'active' | 'completed' | 'terminated' | 'incident';
  /** Why it is `incident` or `terminated`. */
  reason: string | undefined;
  history: HistoryEntries;
}

/**
 * A process that goes round without ever waiting would never end: one command brings no more tokens than this to an element
 * of one scope. Those of a multi-instance activity do not count, for its list has an end.
 */
const maximumRounds = 10_000;
/** However many scopes there are. */
const maximumSteps = 2_000_000;

/** Of an instance that no other process has called. */
const nothingOutside: Outside = { catches: () => undefined };

export const unborn: InstanceState = { next: rootToken, tokens: {} };

/**
 * Carries a command out until the instance waits again or has ended. Pure: the same arguments give the same outcome
 * (but for what FEEL's uuid() and random number() return), and `before` stays as it is.
 *
 * @throws Error if the process goes round without waiting, or on a fault of the interpreter: nothing is to be kept then
 */
export function interpret(
  model: ProcessModel,
  before: InstanceState,
  command: Command,
  now: Date,
  outside: Outside = nothingOutside,
): Outcome {
  return interpretInPlace(model, structuredClone(before), command, now, outside);
}

/** The same for a state that is the caller's own: it is changed, and not to be used any more if this throws. */
export function interpretInPlace(
  model: ProcessModel,
  state: InstanceState,
  command: Command,
  now: Date,
  outside: Outside,
): Outcome {
  const run = newRun(model, state, now, outside);
  begin(run, command);
  takeAll(run);
  const { effects, history } = run;
  const root = tokenAt(state, rootToken);
  const isOver = tokensIn(run, rootToken).size === 0 && !root?.arrived && !root?.incident;
  if (isOver) {
    closeEvents(run, rootToken);
    const isCancelled = command.kind === 'cancel';
    note(history, isCancelled ? 'terminated' : 'completed', rootToken);
    return {
      state,
      effects,
      history,
      status: isCancelled ? 'terminated' : 'completed',
      reason: isCancelled ? 'cancelled' : undefined,
    };
  }
  const incident = incidentOf(state);
  return { state, effects, history, status: incident ? 'incident' : 'active', reason: incident?.reason };
}

function takeAll(run: Run): void {
  /** Scope and element → how many tokens have come to it. */
  const rounds = new Map<string, number>();
  let steps = 0;
  const nextStep = () => run.steps.shift() ?? nextInclusiveJoin(run);
  for (let step = nextStep(); step; step = nextStep()) {
    let round = 0;
    if (step.kind === 'enter' && !step.loop) {
      const place = `${step.scope} ${step.elementId}`;
      round = (rounds.get(place) ?? 0) + 1;
      rounds.set(place, round);
    }
    if (++steps > maximumSteps || round > maximumRounds) {
      throw new Error(`the process ${run.model.id} goes round without waiting anywhere`);
    }
    take(run, step);
  }
}

function take(run: Run, step: Step): void {
  if (step.kind === 'enter') enterElement(run, step);
  else if (step.kind === 'activate') activateElement(run, step);
  else if (step.kind === 'leave') leaveElement(run, step);
  else settleScope(run, step);
}

/** What those say who do the work of a task, job or call. */
const ofWork = new Set<Command['kind']>(['complete', 'throwError', 'failJob']);

function begin(run: Run, command: Command): void {
  const { state, model, steps } = run;
  if (command.kind === 'start') {
    const { variables, by } = command;
    addToken(run, { element: model.id, local: variables, ...(by && { startedBy: by.elementId }) });
    steps.push({ kind: 'activate', token: rootToken, ...(by && { variables: by.variables }) });
    return;
  }
  if (command.kind === 'cancel') {
    delete tokenAt(state, rootToken)?.incident;
    terminateInside(run, rootToken);
    return;
  }
  const token = tokenAt(state, command.token);
  // Something else ended it first.
  if (!token) return;
  // Its work is over, or has not begun: who says something of it comes late.
  if (ofWork.has(command.kind) && token.incident && token.incident.at !== 'wait') return;
  switch (command.kind) {
    case 'complete': {
      const element = elementAt(run, command.token);
      const { behaviour } = element;
      const variables =
        behaviour.kind === 'callActivity'
          ? returnedVariables(element, behaviour, command.variables)
          : command.variables;
      steps.push({ kind: 'leave', token: command.token, variables });
      return;
    }
    case 'catchThrown': {
      const { token: key, thrown } = command;
      if (thrown.kind === 'error') throwError(run, key, thrown.code, thrown.message, thrown.variables);
      else throwEscalation(run, key, thrown.code);
      return;
    }
    case 'failCall': {
      closeEvents(run, command.token);
      const reason = `${elementAt(run, command.token).title}: ${command.reason}`;
      stop(run, command.token, { type: 'CALLED_ELEMENT_ERROR', at: 'enter', reason });
      return;
    }
    case 'throwError':
      throwError(run, command.token, command.code, command.message, command.variables);
      return;
    case 'failJob': {
      const reason = `${elementAt(run, command.token).title}: ${command.reason}`;
      stop(run, command.token, { type: 'JOB_NO_RETRIES', at: 'wait', reason });
      run.effects.push({ kind: 'holdJob', token: command.token, error: command.reason });
      return;
    }
    case 'trigger':
      triggerEvent(run, command.token, command.elementId, { variables: command.variables });
      return;
    case 'setVariables':
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
