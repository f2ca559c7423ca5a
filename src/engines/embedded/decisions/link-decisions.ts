import { activityOf, type ProcessModel } from '../interpreter/model.ts';
import type { Decision } from './decision.ts';

/** Ids of the decisions that a process evaluates. */
export function decisionIdsOf({ elements }: ProcessModel): string[] {
  const ids = [...elements.values()]
    .map(activityOf)
    .flatMap(({ behaviour }) => (behaviour.kind === 'decision' ? behaviour.decisionId : []));
  return [...new Set(ids)].sort();
}

/** Links each business rule task to its decision, which is in a separate file. */
export function linkDecisions({ elements }: ProcessModel, decisions: ReadonlyMap<string, Decision>): void {
  for (const { behaviour } of [...elements.values()].map(activityOf)) {
    const decision = behaviour.kind === 'decision' && decisions.get(behaviour.decisionId);
    if (decision) behaviour.decision = decision;
  }
}
