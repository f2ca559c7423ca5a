import type { ElementInstance } from '../engines/engine.ts';

/** What an instance did and does at an element; those that have no place of their own in a picture are told of by parents. */
export type Visit = Pick<ElementInstance, 'key' | 'elementId' | 'parentKey' | 'status'> & {
  /** In milliseconds since 1970. */
  enteredAt: number;
  leftAt: number | undefined;
};

/** How an instance stands at an element: where it is now, where it hangs, where it was. */
export type Standing = 'active' | 'incident' | 'passed';

const weight: Record<Standing, number> = { passed: 0, active: 1, incident: 2 };

export function visitsOf(history: readonly ElementInstance[]): Visit[] {
  return history.map(({ key, elementId, parentKey, status, enteredAt, leftAt }) => ({
    key,
    elementId,
    parentKey,
    status,
    enteredAt: enteredAt.getTime(),
    leftAt: leftAt?.getTime(),
  }));
}

/**
 * How the instance stands at each element that it came to. Of several times there, what is still going on counts most; and
 * what hangs inside another element hangs there as well.
 */
export function standings(visits: readonly Visit[]): Map<string, Standing> {
  const byKey = new Map(visits.map((visit) => [visit.key, visit]));
  const found = new Map<string, Standing>();
  const note = (elementId: string, standing: Standing) => {
    const before = found.get(elementId);
    if (before === undefined || weight[standing] > weight[before]) found.set(elementId, standing);
  };
  for (const visit of visits) {
    const { elementId, status, parentKey } = visit;
    if (parentKey === undefined) continue;
    note(elementId, status === 'active' || status === 'incident' ? status : 'passed');
    if (status !== 'incident') continue;
    for (let parent = byKey.get(parentKey); parent?.parentKey !== undefined; parent = byKey.get(parent.parentKey)) {
      note(parent.elementId, 'incident');
    }
  }
  return found;
}

/**
 * Whether the instance took a sequence flow, as far as its history tells, which knows elements and no flows: it left the
 * source and came to the target no earlier.
 */
export function isTaken(sourceId: string, targetId: string, visits: readonly Visit[]): boolean {
  const left = visits.filter(({ elementId, status }) => elementId === sourceId && status === 'completed');
  const reached = visits.filter(({ elementId }) => elementId === targetId);
  return left.some(({ leftAt }) => leftAt !== undefined && reached.some(({ enteredAt }) => enteredAt >= leftAt));
}
