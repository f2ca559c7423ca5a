import { activityOf, type ProcessModel } from '../interpreter/model.ts';
import type { Decision } from './decision.ts';

/** The ids of the decisions that a process makes. */
export function decisionIdsOf({ elements }: ProcessModel): string[] {
  const ids = [...elements.values()]
    .map(activityOf)
    .flatMap(({ behaviour }) => (behaviour.kind === 'decision' ? behaviour.decisionId : []));
  return [...new Set(ids)].sort();
}

/** Gives each business rule task its decision, which is in another file than the diagram. */
export function linkDecisions({ elements }: ProcessModel, decisions: ReadonlyMap<string, Decision>): void {
  for (const { behaviour } of [...elements.values()].map(activityOf)) {
    const decision = behaviour.kind === 'decision' && decisions.get(behaviour.decisionId);
    if (decision) behaviour.decision = decision;
  }
}
