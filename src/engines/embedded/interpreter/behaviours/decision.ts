import { FeelEvaluationError } from '../../../../feel/feel.ts';
import { evaluateDecision } from '../../decisions/decision.ts';
import { note } from '../history.ts';
import { DecisionError } from '../run.ts';
import type { Enter } from './entry.ts';

/** Sets the variable to the decision's result; inputs, results and matching rules go into the history. */
export const enterDecision: Enter<'decision'> = ({ run, key, behaviour, surroundings }) => {
  const { decision, decisionId, variable } = behaviour;
  if (!decision) throw new DecisionError(`there is no decision ${decisionId}`);
  try {
    const { result, evaluated } = evaluateDecision(decision, surroundings.variables, surroundings.now);
    note(run.history, 'decided', [key, evaluated]);
    run.steps.push({ kind: 'leave', token: key, variables: { [variable]: result } });
  } catch (cause) {
    if (!(cause instanceof FeelEvaluationError)) throw cause;
    throw new DecisionError(cause.message, { cause });
  }
};
