import type { ElementInstance } from '../engines/engine.ts';

/** One visit of an instance to an element. Elements without a place of their own in a picture are shown at their parent. */
export type Visit = Pick<ElementInstance, 'key' | 'elementId' | 'parentKey' | 'status'> & {
  /** Milliseconds since 1970. */
  enteredAt: number;
  leftAt: number | undefined;
};

/** The state of an instance at an element: it is there now, has an incident there, or has passed. */
export type Standing = 'active' | 'incident' | 'passed';

const weight: Record<Standing, number> = { passed: 0, active: 1, incident: 2 };

/** The visits in a form that can be passed to another process: times are milliseconds since 1970. */
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
 * The state of the instance at each element it visited. If there were several visits, running ones count most. An incident
 * inside another element counts for that element as well.
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
 * Whether the instance took a sequence flow, inferred from its history, which records elements but no flows: it left the
 * source, and entered the target no earlier.
 */
export function isTaken(sourceId: string, targetId: string, visits: readonly Visit[]): boolean {
  const left = visits.filter(({ elementId, status }) => elementId === sourceId && status === 'completed');
  const reached = visits.filter(({ elementId }) => elementId === targetId);
  return left.some(({ leftAt }) => leftAt !== undefined && reached.some(({ enteredAt }) => enteredAt >= leftAt));
}
