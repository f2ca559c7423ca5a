import { evaluateBoolean, type Surroundings } from '../expression.ts';
import type { ElementModel, FlowModel } from '../model.ts';
import { NoFlowError } from '../run.ts';
import type { Enter } from './entry.ts';

/** Takes every flow whose condition is true, or the default flow if there is none. */
export const enterInclusiveGateway: Enter<'inclusiveGateway'> = ({ run, key, element, behaviour, surroundings }) => {
  const flows = chooseFlows(element, behaviour.defaultFlowId, surroundings).map(({ id }) => id);
  run.steps.push({ kind: 'leave', token: key, flows });
};

function chooseFlows(
  { outgoing }: ElementModel,
  defaultFlowId: string | undefined,
  surroundings: Surroundings,
): FlowModel[] {
  const taken = outgoing.filter(
    ({ id, condition }) => id !== defaultFlowId && (!condition || evaluateBoolean(condition, surroundings)),
  );
  const otherwise = outgoing.filter(({ id }) => id === defaultFlowId);
  if (outgoing.length > 0 && taken.length + otherwise.length === 0) {
    throw new NoFlowError();
  }
  return taken.length > 0 ? taken : otherwise;
}
