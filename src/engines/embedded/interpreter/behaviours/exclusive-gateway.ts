import { evaluateBoolean, type Surroundings } from '../expression.ts';
import type { Behaviour, ElementModel, FlowModel } from '../model.ts';
import { NoFlowError } from '../run.ts';
import type { Enter } from './entry.ts';

/** Takes the first flow, in the order of the model, whose condition is true, or else the default flow. */
export const enterExclusiveGateway: Enter<'exclusiveGateway'> = ({ run, key, element, behaviour, surroundings }) => {
  const flow = chooseFlow(element, behaviour, surroundings);
  // The token ends at a gateway without outgoing flows.
  run.steps.push({ kind: 'leave', token: key, flows: flow ? [flow.id] : [] });
};

function chooseFlow(
  { outgoing }: ElementModel,
  { defaultFlowId }: Extract<Behaviour, { kind: 'exclusiveGateway' }>,
  surroundings: Surroundings,
): FlowModel | undefined {
  if (outgoing.length === 0) return undefined;
  for (const flow of outgoing) {
    if (flow.id === defaultFlowId) continue;
    if (!flow.condition || evaluateBoolean(flow.condition, surroundings)) return flow;
  }
  const otherwise = outgoing.find(({ id }) => id === defaultFlowId);
  if (!otherwise) throw new NoFlowError();
  return otherwise;
}
