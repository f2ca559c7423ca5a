import { own } from '../../../own.ts';
import type { WaitingJoin } from '../../engine.ts';
import type { InstanceState } from '../interpreter/instance-state.ts';
import type { ProcessModel } from '../interpreter/model.ts';

/**
 * The parallel gateways at which a token waits for other flows. Inclusive gateways are left out: how many more flows they wait
 * for is not certain.
 */
export function waitingJoins({ tokens }: Pick<InstanceState, 'tokens'>, { elements }: ProcessModel): WaitingJoin[] {
  return Object.values(tokens).flatMap(({ arrived = {} }) =>
    Object.entries(arrived).flatMap(([id, flows]) => {
      const gateway = elements.get(id);
      if (gateway?.behaviour.kind !== 'parallelGateway') return [];
      const missing = gateway.incoming.filter((flow) => !own(flows, flow.id)).length;
      return { name: gateway.name ?? id, missing, of: gateway.incoming.length };
    }),
  );
}

/** Whether tokens wait at other joins, or for other flows, than before. */
export function isOtherWait(before: Pick<InstanceState, 'tokens'>, after: Pick<InstanceState, 'tokens'>): boolean {
  return arrivals(before) !== arrivals(after);
}

function arrivals({ tokens }: Pick<InstanceState, 'tokens'>): string {
  const all: unknown[] = [];
  for (const key in tokens) if (tokens[key]?.arrived) all.push([key, tokens[key].arrived]);
  return all.length > 0 ? JSON.stringify(all) : '';
}
