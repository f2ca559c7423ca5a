import { reservedOf } from '../../../../processes/reserved-variables.ts';
import type { Variables } from '../../../../processes/value-types.ts';
import { costOfCall } from '../bounds.ts';
import { addEffect } from '../effects.ts';
import { evaluateText } from '../expression.ts';
import { tokenAt } from '../instance-state.ts';
import type { Behaviour, ElementModel } from '../model.ts';
import type { Enter } from './entry.ts';

export const enterCallActivity: Enter<'callActivity'> = ({ run, key, behaviour, surroundings }) => {
  const { binding, passesAll } = behaviour;
  const processId = evaluateText(behaviour.processId, surroundings);
  const seen = surroundings.variables;
  // Every instance gets the reserved variables, whatever else is passed on.
  const variables = passesAll ? seen : { ...reservedOf(seen), ...tokenAt(run.state, key)?.local };
  addEffect(run.effects, {
    kind: 'callProcess',
    token: key,
    processId,
    binding,
    variables,
    age: run.steps.age + costOfCall,
  });
};

/** The variables that a called process returns to its caller. */
export function returnedVariables(
  { outputs }: ElementModel,
  { returnsAll }: Extract<Behaviour, { kind: 'callActivity' }>,
  variables: Variables,
): Variables {
  return returnsAll || outputs.length > 0 ? variables : {};
}
