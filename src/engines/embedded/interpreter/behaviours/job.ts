import { addEffect } from '../effects.ts';
import { evaluateCount } from '../expression.ts';
import type { Enter } from './entry.ts';

export const enterJob: Enter<'job'> = ({ run, key, element, behaviour, surroundings }) => {
  const retries = evaluateCount(behaviour.retries, surroundings);
  addEffect(run.effects, { kind: 'openJob', token: key, elementId: element.id, type: behaviour.type, retries });
};
