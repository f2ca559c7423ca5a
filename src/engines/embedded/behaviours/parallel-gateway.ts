import { tokenAt } from '../instance-state.ts';
import type { ElementModel } from '../model.ts';
import type { Run, Step } from '../run.ts';

/** A parallel gateway lets one token on for one of each incoming flow. */
export function joins(run: Run, gateway: ElementModel, { scope, flowId }: Extract<Step, { kind: 'enter' }>): boolean {
  const token = tokenAt(run.state, scope);
  if (gateway.incoming.length < 2 || !token || flowId === undefined) return true;
  const waiting = token.arrived?.[gateway.id] ?? {};
  const counts: Record<string, number> = { ...waiting, [flowId]: (waiting[flowId] ?? 0) + 1 };
  const complete = gateway.incoming.every(({ id }) => (counts[id] ?? 0) > 0);
  const left = complete
    ? Object.fromEntries(Object.entries(counts).flatMap(([id, count]) => (count > 1 ? [[id, count - 1]] : [])))
    : counts;
  const arrived = { ...token.arrived, [gateway.id]: left };
  if (Object.keys(left).length === 0) delete arrived[gateway.id];
  if (Object.keys(arrived).length > 0) token.arrived = arrived;
  else delete token.arrived;
  return complete;
}
