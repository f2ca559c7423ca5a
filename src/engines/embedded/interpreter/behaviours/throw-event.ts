import { compensate } from '../compensation.ts';
import { evaluateText } from '../expression.ts';
import { throwEscalation } from '../throw-escalation.ts';
import type { Enter } from './entry.ts';

export const enterCompensationThrow: Enter<'compensationThrow'> = ({ run, key, scope, behaviour }) => {
  if (scope === undefined) throw new Error('a compensation event is in a scope');
  compensate(run, key, scope, behaviour.activityId);
};

export const enterEscalationThrow: Enter<'escalationThrow'> = ({ run, key, scope, behaviour, surroundings }) => {
  const goesOn = throwEscalation(run, scope, evaluateText(behaviour.code, surroundings));
  if (goesOn) run.steps.push({ kind: 'leave', token: key });
};
