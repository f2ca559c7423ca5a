import { FeelEvaluationError } from '../../../feel/feel.ts';
import { own } from '../../../own.ts';
import type { Json, Variables } from '../../../processes/value-types.ts';
import { evaluateBoolean, evaluateJson, evaluateList } from './expression.ts';
import { type Token, tokenAt } from './instance-state.ts';
import type { LoopModel } from './model.ts';
import { attempt, countIn, elementAt, elementOf, type Run } from './run.ts';
import type { Step } from './steps.ts';
import { propagate, setLocals, visibleVariables } from './variables.ts';

/** Maximum number of items of a multi-instance list. A hundred thousand job rows take the database about a minute. */
export const maximumItems = 100_000;
/** Number of instances that one step begins. */
const begunTogether = 20;

/** Begins a multi-instance activity: all of its instances, or the first one. Throws FeelEvaluationError. */
export function beginLoop(run: Run, key: number, { inputCollection, isSequential, output }: LoopModel): void {
  const token = tokenAt(run.state, key);
  if (!token) return;
  const items = evaluateList(inputCollection, seenFrom(run, key));
  if (items.length > maximumItems) {
    throw new FeelEvaluationError(
      `${inputCollection.text} has ${items.length} items; an activity goes through ${maximumItems} at most`,
    );
  }
  if (output) setLocals(token, { [output.collection]: items.map(() => null) });
  token.completed = 0;
  if (items.length === 0) {
    run.steps.push({ kind: 'leave', token: key });
    return;
  }
  // Stored, since the variable may have changed before later instances begin.
  token.items = items;
  if (!isSequential) token.waiting = items.length;
  // Only instances that can be ended at once are stored separately; `canceling` listeners would have to be waited for.
  if (!isSequential && items.length > begunTogether && !run.model.tellsOfCancelling) token.spread = true;
  if (run.steps.age > 0) token.age = run.steps.age;
  iterate(run, { kind: 'iterate', token: key, number: 1 });
}

/** Begins the next instances of a multi-instance activity: a batch if parallel, or one. */
export function iterate(run: Run, { token: key, number: first }: Extract<Step, { kind: 'iterate' }>): void {
  const token = tokenAt(run.state, key);
  if (!token?.items || token.ending) return;
  const { behaviour } = elementOf(run, token.element);
  if (behaviour.kind !== 'multiInstance') return;
  const { items } = token;
  const next = first + (behaviour.loop.isSequential ? 1 : begunTogether);
  for (let number = first; number < next && number <= items.length; number += 1) {
    const loop = { number, item: items[number - 1] ?? null };
    run.steps.push({ kind: 'enter', elementId: token.element, scope: key, loop }, token.age ?? 0);
  }
  if (next > items.length) delete token.items;
  else if (!behaviour.loop.isSequential) run.steps.push({ kind: 'iterate', token: key, number: next });
}

/** Sets the variables of one instance. */
export function setLoopVariables(run: Run, key: number, item: Json): void {
  const instance = instanceAt(run, key);
  if (!instance) return;
  const { token, number, loop, body } = instance;
  if (body.waiting !== undefined) body.waiting -= 1;
  const result = loop.output?.elementVariable;
  setLocals(token, {
    ...(result !== undefined && { [result]: null }),
    ...(loop.inputElement !== undefined && { [loop.inputElement]: item }),
    loopCounter: number,
  });
}

/**
 * Completes one instance of a multi-instance activity: its result is added to the list, and the next one begins. A failure
 * becomes an incident of its token.
 *
 * @returns whether the other instances are no longer needed
 */
export function completeLoop(run: Run, key: number): boolean {
  const instance = instanceAt(run, key);
  if (!instance) return false;
  const { number, loop, body, bodyKey } = instance;
  let isEnough = false;
  attempt(run, key, elementAt(run, key), { type: 'EXTRACT_VALUE_ERROR', at: 'leave' }, () => {
    if (loop.output)
      addResult(body, loop.output.collection, number, evaluateJson(loop.output.element, seenFrom(run, key)));
    const counts = countsOf(run, bodyKey, body);
    const { variables, now } = seenFrom(run, key);
    const surroundings = { variables: { ...variables, ...counts }, now };
    isEnough = loop.completionCondition !== undefined && evaluateBoolean(loop.completionCondition, surroundings);
    body.completed = (body.completed ?? 0) + 1;
    if (isEnough || !loop.isSequential || !body.items) return;
    run.steps.push({ kind: 'iterate', token: bodyKey, number: number + 1 });
  });
  return isEnough;
}

/** Passes the result list of a completed multi-instance activity on to the surrounding scopes. */
export function returnCollection(run: Run, key: number): void {
  const token = tokenAt(run.state, key);
  const { behaviour } = elementAt(run, key);
  if (behaviour.kind !== 'multiInstance' || !behaviour.loop.output || token?.scope === undefined) return;
  const { collection } = behaviour.loop.output;
  propagate(run.state, token.scope, { [collection]: own(token.local, collection) ?? null });
}

interface LoopInstance {
  token: Token;
  /** Number of the instance, from 1. */
  number: number;
  loop: LoopModel;
  /** Token of the surrounding multi-instance activity. */
  body: Token;
  bodyKey: number;
}

function instanceAt(run: Run, key: number): LoopInstance | undefined {
  const token = tokenAt(run.state, key);
  const body = token?.scope === undefined ? undefined : tokenAt(run.state, token.scope);
  if (!body || token?.scope === undefined || token.loop === undefined) return undefined;
  const { behaviour } = elementOf(run, token.element);
  if (behaviour.kind !== 'multiInstance') throw new Error(`${token.element} is no multi-instance activity`);
  return { token, number: token.loop, loop: behaviour.loop, body, bodyKey: token.scope };
}

/**
 * The loop counters, as Camunda 8 has them while an instance completes: it no longer counts as active. Instances are never
 * terminated individually.
 */
function countsOf(run: Run, bodyKey: number, { completed = 0, waiting = 0 }: Token): Variables {
  const active = countIn(run, bodyKey) + waiting;
  return {
    numberOfInstances: active + completed,
    numberOfActiveInstances: active - 1,
    numberOfCompletedInstances: completed + 1,
    numberOfTerminatedInstances: 0,
  };
}

function addResult(body: Token, collection: string, number: number, result: Json): void {
  const list = own(body.local, collection);
  if (!Array.isArray(list)) throw new FeelEvaluationError(`the output collection ${collection} is not a list any more`);
  if (number > list.length) {
    throw new FeelEvaluationError(`the output collection ${collection} has no item ${number} any more`);
  }
  setLocals(body, { [collection]: list.with(number - 1, result) });
}

function seenFrom(run: Run, key: number) {
  return { variables: visibleVariables(run.state, key), now: run.now };
}
