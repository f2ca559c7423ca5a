import { type Token, tokenAt, tokensIn } from './instance-state.ts';
import type { ElementModel, ProcessModel } from './model.ts';
import { elementOf, type Run, type Step } from './run.ts';

type Enter = Extract<Step, { kind: 'enter' }>;

/**
 * Counts a token that comes to a gateway with several incoming flows, where it may have to wait for others.
 *
 * @returns whether a token goes on from there now
 */
export function joins(run: Run, gateway: ElementModel, { scope, flowId }: Enter): boolean {
  const { kind } = gateway.behaviour;
  if (kind !== 'parallelGateway' && kind !== 'inclusiveGateway') return true;
  const token = tokenAt(run.state, scope);
  if (gateway.incoming.length < 2 || !token || flowId === undefined) return true;
  const waiting = token.arrived?.[gateway.id] ?? {};
  token.arrived = { ...token.arrived, [gateway.id]: { ...waiting, [flowId]: (waiting[flowId] ?? 0) + 1 } };
  if (!hasAll(token, gateway)) return false;
  takeOneOfEach(token, gateway.id);
  return true;
}

/**
 * The next inclusive gateway that goes on although not all of its flows have brought a token, because nothing that is
 * still active in its scope can reach it. To be asked once everything else has come to rest.
 */
export function nextInclusiveJoin(run: Run): Enter | undefined {
  for (const [key, token] of Object.entries(run.state.tokens)) {
    for (const [id, waiting] of Object.entries(token.arrived ?? {})) {
      const gateway = elementOf(run, id);
      if (gateway.behaviour.kind !== 'inclusiveGateway') continue;
      const scope = Number(key);
      const active = [
        ...tokensIn(run.state, scope).map(([, { element }]) => element),
        ...Object.keys(token.arrived ?? {}),
      ];
      if (active.some((other) => other !== id && leadsTo(run.model, other, id, new Set(Object.keys(waiting)))))
        continue;
      takeOneOfEach(token, id);
      return { kind: 'enter', elementId: id, scope };
    }
  }
  return undefined;
}

function hasAll({ arrived }: Token, gateway: ElementModel): boolean {
  return gateway.incoming.every(({ id }) => (arrived?.[gateway.id]?.[id] ?? 0) > 0);
}

function takeOneOfEach(token: Token, gateway: string): void {
  const { [gateway]: counts = {}, ...others } = token.arrived ?? {};
  const left = Object.fromEntries(
    Object.entries(counts).flatMap(([id, count]) => (count > 1 ? [[id, count - 1]] : [])),
  );
  const arrived = Object.keys(left).length > 0 ? { ...others, [gateway]: left } : others;
  if (Object.keys(arrived).length > 0) token.arrived = arrived;
  else delete token.arrived;
}

/** Whether there is a way from one element to another within their scope, other than by flows that brought a token. */
function leadsTo(model: ProcessModel, from: string, to: string, taken: ReadonlySet<string>): boolean {
  const seen = new Set<string>();
  const open = [from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === to) return true;
    const element = model.elements.get(id);
    if (!element || seen.has(id)) continue;
    seen.add(id);
    const { behaviour, outgoing, events } = element;
    for (const flow of outgoing) if (!taken.has(flow.id)) open.push(flow.target);
    for (const event of events) if (event.place === 'boundary') open.push(event.leadsTo);
    if (behaviour.kind === 'linkThrow') open.push(behaviour.targetId);
  }
  return false;
}
