import { reasonOf } from '../../../errors.ts';
import { addEffect, type Effect } from '../interpreter/effects.ts';
import { findCatcher } from '../interpreter/find-catcher.ts';
import { appendHistory } from '../interpreter/history.ts';
import { type InstanceState, rootToken } from '../interpreter/instance-state.ts';
import {
  type Budget,
  type Command,
  initialState,
  interpret,
  interpretInPlace,
  newBudget,
  type Outcome,
} from '../interpreter/interpreter.ts';
import type { Binding, ProcessModel } from '../interpreter/model.ts';
import type { Outside } from '../interpreter/run.ts';
import { nothingStored, type StoredState } from './apart-tokens.ts';
import { InterpretationError } from './interpretation-error.ts';

/** An instance in a tree of calls, as the current command has changed it so far. */
export interface TreeInstance {
  key: string;
  definitionKey: number;
  model: ProcessModel;
  /** The calling instance and the token of its call activity. */
  caller: { instance: TreeInstance; token: number } | undefined;
  status: Outcome['status'];
  reason: string | undefined;
  /** 0 for an instance that is not in the database yet. */
  revision: number;
  state: InstanceState;
  /** The stored part of the state. */
  stored: StoredState;
  /** Effects of the commands, to be written. */
  effects: Effect[];
  history: Outcome['history'];
}

/** Reads what a command on a tree of instances needs from the database. */
export interface TreeStore {
  doesJobs: Outside['doesJobs'];
  /** Returns undefined if there is no such process. */
  findCalled(
    processId: string,
    binding: Binding,
    caller: TreeInstance,
  ): Promise<{ definitionKey: number; model: ProcessModel } | undefined>;
  describeMissing(processId: string, binding: Binding): string;
  /** The key that a new instance will have. */
  newKey(): Promise<string>;
  /** The active instance that a token's call activity called. */
  findChild(caller: TreeInstance, token: number): Promise<TreeInstance | undefined>;
}

/** Maximum depth of calls. Camunda 8 allows 1,000; here all levels are handled in one transaction. */
export const maximumDepth = 100;

interface Order {
  instance: TreeInstance;
  command: Command;
}

/**
 * Runs a command on an instance, and the commands that follow from it for its callers and called instances, within a common
 * budget. Steps beyond the budget are kept in the states. Does not write anything.
 *
 * @returns the changed instances, callers before called ones
 * @throws InterpretationError
 */
export async function runTree(
  store: TreeStore,
  instance: TreeInstance,
  command: Command,
  now: Date,
): Promise<TreeInstance[]> {
  const touched = new Map<string, TreeInstance>();
  const orders: Order[] = [{ instance, command }];
  const budget = timedBudget();
  for (let order = orders.shift(); order; order = orders.shift()) {
    const { instance, command } = order;
    const wasOver = isOver(instance);
    if (wasOver && command.kind !== 'continue') continue;
    // An instance that this run has already changed has its own copy of the state, which can be changed in place.
    const work = touched.has(instance.key) ? interpretInPlace : interpret;
    const outcome = carryOut(work, { instance, outside: outsideOf(instance, store) }, command, now, budget);
    touched.set(instance.key, instance);
    for (const effect of outcome.effects) {
      const followUp = await follow(store, touched, instance, effect);
      if (followUp) orders.push(followUp);
    }
    const followUp = wasOver ? undefined : commandForCaller(instance, outcome);
    if (followUp && instance.caller) orders.push({ instance: instance.caller.instance, command: followUp });
  }
  return [...touched.values()];
}

/** The command for the caller when a called instance ends; undefined if there is none. */
function commandForCaller({ caller, state }: TreeInstance, { status, age }: Outcome): Command | undefined {
  if (!caller) return undefined;
  const { token } = caller;
  if (status === 'terminated') return { kind: 'endCall', token };
  if (status !== 'completed') return undefined;
  return { kind: 'complete', token, variables: state.tokens[rootToken]?.local ?? {}, age };
}

/**
 * Time limit for interpreting in one transaction, in milliseconds. Only slow expressions reach it; in all other cases every
 * result is visible when a start or a completed task returns. A single expression may exceed it, but then no further step
 * follows.
 */
const longestTurn = 200;

/** A budget that also ends after {@link longestTurn}. */
export function timedBudget(): Budget {
  const end = performance.now() + longestTurn;
  return { ...newBudget(), isOverdue: () => performance.now() > end };
}

export function newInstance(
  { key, definitionKey, model }: Pick<TreeInstance, 'key' | 'definitionKey' | 'model'>,
  caller: TreeInstance['caller'],
): TreeInstance {
  return {
    key,
    definitionKey,
    model,
    caller,
    status: 'active',
    reason: undefined,
    revision: 0,
    state: initialState,
    stored: nothingStored,
    effects: [],
    history: {},
  };
}

export const isOver = ({ status }: Pick<TreeInstance, 'status'>) => status === 'completed' || status === 'terminated';

/** @throws InterpretationError */
export function interpretOrThrow(work: () => Outcome): Outcome {
  try {
    return work();
  } catch (cause) {
    throw new InterpretationError(reasonOf(cause), { cause });
  }
}

function carryOut(
  work: typeof interpretInPlace,
  { instance, outside }: { instance: TreeInstance; outside: Outside },
  command: Command,
  now: Date,
  budget: Budget,
): Outcome {
  const { model, state: before } = instance;
  const outcome = interpretOrThrow(() => work(model, before, command, now, outside, budget));
  const { state, status } = outcome;
  // Incidents of separately stored tokens reported their reason before.
  const reason = status === 'incident' ? (outcome.reason ?? instance.reason) : outcome.reason;
  Object.assign(instance, isOver(instance) ? { state } : { state, status, reason });
  appendHistory(instance.history, outcome.history);
  return outcome;
}

function outsideOf({ caller }: TreeInstance, { doesJobs }: TreeStore): Outside {
  return {
    doesJobs,
    catches(kind, code) {
      for (let at = caller; at; at = at.instance.caller) {
        const catcher = findCatcher(at.instance, at.token, kind, code);
        if (catcher) return catcher.event.interrupting ? 'interrupting' : 'not interrupting';
      }
      return undefined;
    },
  };
}

/** Applies effects on other instances; effects on the instance itself are collected for writing. */
async function follow(
  store: TreeStore,
  touched: ReadonlyMap<string, TreeInstance>,
  instance: TreeInstance,
  effect: Effect,
): Promise<Order | undefined> {
  switch (effect.kind) {
    case 'callProcess':
      return call(store, instance, effect);
    case 'closeCall': {
      const isChild = (other: TreeInstance) =>
        other.caller?.instance === instance && other.caller.token === effect.token && !isOver(other);
      const child = [...touched.values()].find(isChild) ?? (await store.findChild(instance, effect.token));
      if (child) return { instance: child, command: { kind: 'cancel' } };
      return { instance, command: { kind: 'endCall', token: effect.token } };
    }
    case 'throwOutside': {
      const { caller } = instance;
      if (!caller) throw new Error(`nobody has called the instance ${instance.key}`);
      const { token } = caller;
      return { instance: caller.instance, command: { kind: 'catchThrown', token, thrown: effect.thrown } };
    }
    default:
      addEffect(instance.effects, effect);
      return undefined;
  }
}

async function call(
  store: TreeStore,
  caller: TreeInstance,
  { token, processId, binding, variables, age }: Extract<Effect, { kind: 'callProcess' }>,
): Promise<Order> {
  const fail = (reason: string): Order => ({ instance: caller, command: { kind: 'failCall', token, reason } });
  if (depthOf(caller) >= maximumDepth) return fail(`processes call each other more than ${maximumDepth} times`);
  const called = await store.findCalled(processId, binding, caller);
  if (!called) return fail(store.describeMissing(processId, binding));
  if (called.model.startElementId === undefined) {
    return fail(`the process “${processId}” begins with events only and cannot be called`);
  }
  const child = newInstance({ ...called, key: await store.newKey() }, { instance: caller, token });
  return { instance: child, command: { kind: 'start', variables, age } };
}

function depthOf({ caller }: TreeInstance): number {
  return caller ? 1 + depthOf(caller.instance) : 0;
}
