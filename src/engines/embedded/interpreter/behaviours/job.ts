import { FeelEvaluationError } from '../../../../feel/feel.ts';
import { addEffect } from '../effects.ts';
import { evaluateCount, evaluateName } from '../expression.ts';
import type { Enter } from './entry.ts';

export const enterJob: Enter<'job'> = ({ run, key, element, behaviour, surroundings }) => {
  const type = evaluateName(behaviour.type, surroundings);
  // A static type was checked when the file was loaded.
  if (behaviour.type.kind === 'feel' && !run.outside.doesJobs(type))
    throw new FeelEvaluationError(`nothing here does jobs of the type ${type}`);
  const retries = evaluateCount(behaviour.retries, surroundings);
  addEffect(run.effects, { kind: 'openJob', token: key, elementId: element.id, type, retries });
};
