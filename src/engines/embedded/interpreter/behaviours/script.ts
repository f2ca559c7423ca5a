import { evaluateJson } from '../expression.ts';
import type { Enter } from './entry.ts';

export const enterScript: Enter<'script'> = ({ run, key, behaviour, surroundings }) => {
  const variables = { [behaviour.variable]: evaluateJson(behaviour.expression, surroundings) };
  run.steps.push({ kind: 'leave', token: key, variables });
};
