import { setImmediate as breathe } from 'node:timers/promises';
import { reasonOf } from '../../../errors.ts';
import { addEffect, type Effect } from '../interpreter/effects.ts';
import { findCatcher } from '../interpreter/find-catcher.ts';
import { appendHistory } from '../interpreter/history.ts';
import { type InstanceState, rootToken } from '../interpreter/instance-state.ts';
import { type Command, interpret, interpretInPlace, type Outcome, unborn } from '../interpreter/interpreter.ts';
import type { Binding, ProcessModel } from '../interpreter/model.ts';
import type { Outside } from '../interpreter/run.ts';

/** An instance in the tree of those that called each other, as far as a command has come with it. */
export interface TreeInstance {
  key: string;
  definitionKey: number;
  model: ProcessModel;
  /** The instance that called it, and the token of the call activity there. */
  caller: { instance: TreeInstance; token: number } | undefined;
  status: Outcome['status'];
  reason: string | undefined;
  /** 0: it is not in the database yet. */
  revision: number;
  state: InstanceState;
  /** What commands have made of it that is to be written. */
  effects: Effect[];
  history: Outcome['history'];
}

/** What a tree has to find in the database on its way. */
export interface TreeStore {
  /** Undefined: there is no such process. */
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

/** The interpreter failed, which is a fault of its own or of the process; the instance has an incident that says so. */
export class InterpretationError extends Error {
  override readonly name = 'InterpretationError';
}

/** Processes that call each other without ever waiting would never end; one may be called for each of ten thousand items. */
const maximumCommands = 25_000;
const commandsAtOnce = 100;
/** How deep processes may call each other. Camunda 8 stops at 1,000; here each level is an instance in one transaction. */
export const maximumDepth = 100;

interface Order {
  instance: TreeInstance;
  command: Command;
}

/**
 * Carries a command out on an instance, and all that follows from it for the instances that called it or that it calls.
 * Nothing is written.
 *
 * @returns the instances that have changed; a caller comes before what it has called
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
  let commands = 0;
  for (let order = orders.shift(); order; order = orders.shift()) {
    const { instance, command } = order;
    if (++commands > maximumCommands) {
      throw new InterpretationError(`the process ${instance.model.id} calls processes without waiting anywhere`);
    }
    // Deliveries are not to wait for thousands of these.
    if (commands % commandsAtOnce === 0) await breathe();
    if (isOver(instance)) continue;
    // What it has become here is nobody else's.
    const outcome = carryOut(touched.has(instance.key) ? interpretInPlace : interpret, instance, command, now);
    touched.set(instance.key, instance);
    for (const effect of outcome.effects) {
      const followUp = await follow(store, touched, instance, effect);
      if (followUp) orders.push(followUp);
    }
    if (outcome.status !== 'completed' || !instance.caller) continue;
    const variables = instance.state.tokens[rootToken]?.local ?? {};
    const { token } = instance.caller;
    orders.push({ instance: instance.caller.instance, command: { kind: 'complete', token, variables } });
  }
  return [...touched.values()];
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
    state: unborn,
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

function carryOut(work: typeof interpretInPlace, instance: TreeInstance, command: Command, now: Date): Outcome {
  const outcome = interpretOrThrow(() => work(instance.model, instance.state, command, now, outsideOf(instance)));
  const { state, status, reason } = outcome;
  Object.assign(instance, { state, status, reason });
  appendHistory(instance.history, outcome.history);
  return outcome;
}

function outsideOf({ caller }: TreeInstance): Outside {
  return {
    catches(kind, code) {
      for (let at = caller; at; at = at.instance.caller) {
        const catcher = findCatcher(at.instance, at.token, kind, code);
        if (catcher) return catcher.event.interrupting ? 'interrupting' : 'not interrupting';
      }
      return undefined;
    },
  };
}

/** What an effect means for another instance; what it means for this one is kept to be written. */
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
      return child && { instance: child, command: { kind: 'cancel' } };
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
  { token, processId, binding, variables }: Extract<Effect, { kind: 'callProcess' }>,
): Promise<Order> {
  const fail = (reason: string): Order => ({ instance: caller, command: { kind: 'failCall', token, reason } });
  if (depthOf(caller) >= maximumDepth) return fail(`processes call each other more than ${maximumDepth} times`);
  const called = await store.findCalled(processId, binding, caller);
  if (!called) return fail(store.describeMissing(processId, binding));
  if (called.model.startElementId === undefined) {
    return fail(`the process “${processId}” begins with events only and cannot be called`);
  }
  const child = newInstance({ ...called, key: await store.newKey() }, { instance: caller, token });
  return { instance: child, command: { kind: 'start', variables } };
}

function depthOf({ caller }: TreeInstance): number {
  return caller ? 1 + depthOf(caller.instance) : 0;
}
