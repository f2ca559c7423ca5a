import { evaluateName } from '../expression.ts';
import { tokenAt } from '../instance-state.ts';
import type { Enter } from './entry.ts';

/** The signal carries the variables of the event's input mappings, as in Camunda 8. */
export const enterSignalThrow: Enter<'signalThrow'> = ({ run, key, behaviour, surroundings }) => {
  const name = evaluateName(behaviour.name, surroundings);
  run.effects.push({ kind: 'broadcast', name, variables: tokenAt(run.state, key)?.local ?? {} });
  run.steps.push({ kind: 'leave', token: key });
};
