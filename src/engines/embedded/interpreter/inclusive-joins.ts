import { own } from '../../../own.ts';
import { type Token, tokenAt } from './instance-state.ts';
import type { ElementModel, FlowModel, ProcessModel } from './model.ts';
import { type Run, tokensIn } from './run.ts';

/**
 * The inclusive gateway in a scope that may continue although some of its flows have brought no token, because no other token
 * can arrive by them. As in Camunda 8, a token can arrive if anything active in the scope can reach the gateway by such a flow.
 * In a loop that is true of almost everything, so tokens that can arrive only through another join are ignored if that join
 * itself needs the token waiting here. If joins wait only for each other, the first one in the diagram continues.
 */
export function nextToGoOn(run: Run, key: number, scope: Token): string | undefined {
  const { arrived = {} } = scope;
  const { elements } = run.model;
  const waiting = [...elements.values()].filter(
    ({ id, behaviour }) => behaviour.kind === 'inclusiveGateway' && own(arrived, id),
  );
  const here = [...tokensIn(run, key)].flatMap((token) => tokenAt(run.state, token)?.element ?? []);
  const active = [...here, ...Object.keys(scope.apart ?? {})];
  const isFree = (join: ElementModel) => !isAwaited({ model: run.model, arrived, active, join });
  return (waiting.find(isFree) ?? (active.length === 0 ? waiting[0] : undefined))?.id;
}

interface Situation {
  model: ProcessModel;
  arrived: NonNullable<Token['arrived']>;
  /** The active elements in the scope. */
  active: readonly string[];
  join: ElementModel;
}

/** Whether a token can still arrive by a flow of the join that has brought none. */
function isAwaited({ model, arrived, active, join }: Situation): boolean {
  /** Flows that hold a token or may get one. */
  const reached = new Set(Object.values(arrived).flatMap((flows) => Object.keys(flows)));
  const passed = new Set<string>();
  const open = [...active.filter((id) => id !== join.id)];
  const joinsLeft = new Set(Object.keys(arrived).filter((id) => id !== join.id));
  for (;;) {
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (passed.has(id)) continue;
      passed.add(id);
      for (const { flow, target } of waysFrom(model, id)) {
        if (flow) reached.add(flow.id);
        if (target === join.id) {
          if (flow && !own(own(arrived, join.id), flow.id)) return true;
        } else if (waitsForOthers(model, target)) joinsLeft.add(target);
        else open.push(target);
      }
    }
    const next = [...joinsLeft].find((id) => canGoOnBefore(model, id, join, reached));
    if (next === undefined) return false;
    joinsLeft.delete(next);
    open.push(next);
  }
}

/** Whether another join, which has or may get tokens, can continue without the token waiting at `join`. */
function canGoOnBefore(model: ProcessModel, id: string, join: ElementModel, reached: ReadonlySet<string>): boolean {
  const { behaviour, incoming } = elementIn(model, id);
  const missing = incoming.filter((flow) => !reached.has(flow.id));
  if (missing.length === 0) return true;
  if (behaviour.kind === 'parallelGateway') return false;
  // BPMN: tokens that can also arrive by a flow that has one already are not waited for.
  const flows = flowsInto(model, join.id, id);
  return (
    !missing.some((flow) => flows.has(flow.id)) || incoming.some((flow) => reached.has(flow.id) && flows.has(flow.id))
  );
}

/** The incoming flows of an element by which a token from another element can first arrive. */
function flowsInto(model: ProcessModel, from: string, to: string): ReadonlySet<string> {
  const flows = new Set<string>();
  const passed = new Set<string>();
  const open = [from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (passed.has(id)) continue;
    passed.add(id);
    for (const { flow, target } of waysFrom(model, id)) {
      if (target !== to) open.push(target);
      else if (flow) flows.add(flow.id);
    }
  }
  return flows;
}

function waitsForOthers(model: ProcessModel, id: string): boolean {
  const { behaviour, incoming } = elementIn(model, id);
  return (behaviour.kind === 'parallelGateway' || behaviour.kind === 'inclusiveGateway') && incoming.length > 1;
}

/** The elements that a token can reach directly from an element within its scope. */
function waysFrom(model: ProcessModel, id: string): { flow?: FlowModel; target: string }[] {
  const { behaviour, outgoing, events } = elementIn(model, id);
  return [
    ...outgoing.map((flow) => ({ flow, target: flow.target })),
    ...events.flatMap(({ place, leadsTo }) => (place === 'boundary' ? [{ target: leadsTo }] : [])),
    ...(behaviour.kind === 'linkThrow' ? [{ target: behaviour.targetId }] : []),
  ];
}

function elementIn(model: ProcessModel, id: string): ElementModel {
  const element = model.elements.get(id);
  if (!element) throw new Error(`the process ${model.id} has no element ${id}`);
  return element;
}
