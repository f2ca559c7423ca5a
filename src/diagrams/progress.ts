import type { ElementInstance } from '../engines/engine.ts';
import type { Edge } from './read-layout.ts';

/** How an instance stands at an element: where it is now, where it hangs, where it was. */
export type Standing = 'active' | 'incident' | 'passed';

/** How the instance stands at each element that it came to. Of several times there, what is still going on counts most. */
export function standings(history: readonly ElementInstance[]): Map<string, Standing> {
  const found = new Map<string, Standing>();
  const weight = { passed: 0, active: 1, incident: 2 };
  for (const { elementId, status, parentKey } of history) {
    if (parentKey === undefined) continue;
    const standing = status === 'active' || status === 'incident' ? status : 'passed';
    const before = found.get(elementId);
    if (before === undefined || weight[standing] > weight[before]) found.set(elementId, standing);
  }
  return found;
}

/**
 * Whether the instance took a sequence flow, as far as its history tells, which knows elements and no flows: it left the
 * source and came to the target no earlier.
 */
export function isTaken({ sourceId, targetId, type }: Edge, history: readonly ElementInstance[]): boolean {
  if (type !== 'bpmn:SequenceFlow') return false;
  const left = history.filter(({ elementId, status }) => elementId === sourceId && status === 'completed');
  const reached = history.filter(({ elementId }) => elementId === targetId);
  return left.some(({ leftAt }) => leftAt && reached.some(({ enteredAt }) => enteredAt >= leftAt));
}
