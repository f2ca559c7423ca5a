import { activityOf, type ProcessModel } from '../interpreter/model.ts';
import type { Decision } from './decision.ts';

/** Links each business rule task to its decision, which is in a separate file. */
export function linkDecisions({ elements }: ProcessModel, decisions: ReadonlyMap<string, Decision>): void {
  for (const { behaviour } of [...elements.values()].map(activityOf)) {
    const decision = behaviour.kind === 'decision' && decisions.get(behaviour.decisionId);
    if (decision) behaviour.decision = decision;
  }
}
