import { own } from '../../../own.ts';
import { nextToGoOn } from './inclusive-joins.ts';
import { type Token, tokenAt } from './instance-state.ts';
import type { ElementModel } from './model.ts';
import type { Run } from './run.ts';
import type { Enter } from './steps.ts';

/**
 * Counts a token that arrives at a gateway with several incoming flows, where it may have to wait for others.
 *
 * @returns whether a token continues from there now
 */
export function joins(run: Run, gateway: ElementModel, { scope, flowId }: Enter): boolean {
  const { kind } = gateway.behaviour;
  if (kind !== 'parallelGateway' && kind !== 'inclusiveGateway') return true;
  const token = tokenAt(run.state, scope);
  if (gateway.incoming.length < 2 || !token || flowId === undefined) return true;
  const waiting = own(token.arrived, gateway.id) ?? {};
  token.arrived = { ...token.arrived, [gateway.id]: { ...waiting, [flowId]: (own(waiting, flowId) ?? 0) + 1 } };
  if (!hasAll(token, gateway)) return false;
  takeOneOfEach(token, gateway.id);
  return true;
}

/**
 * The next inclusive gateway that continues although some of its flows have brought no token. Only valid once all other tokens
 * are waiting.
 */
export function nextInclusiveJoin(run: Run): Enter | undefined {
  for (const [key, token] of Object.entries(run.state.tokens)) {
    if (!token.arrived) continue;
    const scope = Number(key);
    const elementId = nextToGoOn(run, scope, token);
    if (elementId === undefined) continue;
    takeOneOfEach(token, elementId);
    return { kind: 'enter', elementId, scope };
  }
  return undefined;
}

function hasAll({ arrived }: Token, gateway: ElementModel): boolean {
  return gateway.incoming.every(({ id }) => (own(own(arrived, gateway.id), id) ?? 0) > 0);
}

function takeOneOfEach(token: Token, gateway: string): void {
  const { [gateway]: _, ...others } = token.arrived ?? {};
  const counts = own(token.arrived, gateway) ?? {};
  const left = Object.fromEntries(
    Object.entries(counts).flatMap(([id, count]) => (count > 1 ? [[id, count - 1]] : [])),
  );
  const arrived = Object.keys(left).length > 0 ? { ...others, [gateway]: left } : others;
  if (Object.keys(arrived).length > 0) token.arrived = arrived;
  else delete token.arrived;
}
