import type { ElementInstance } from '../engine.ts';
import type { Camunda8Context } from './context.ts';
import { type ElementRow, findElements, parentsOf } from './element-rows.ts';
import { incidentsOfElements } from './incidents.ts';
import { findShown } from './instances.ts';

/** Every visit of the instance to an element. */
export async function listElementInstances(context: Camunda8Context, instanceKey: string): Promise<ElementInstance[]> {
  const instance = await findShown(context, instanceKey);
  if (!instance) return [];
  const [{ model, name }, elements, incidents] = await Promise.all([
    context.definitions.get(instance.processDefinitionKey),
    findElements(context, instanceKey),
    incidentsOfElements(context, instanceKey),
  ]);
  const parents = await parentsOf(context, instanceKey, model, elements);
  return elements.map((row) => ({
    key: row.elementInstanceKey,
    elementId: row.elementId,
    name: row.elementInstanceKey === instanceKey ? name : (model.names.get(row.elementId) ?? row.elementId),
    parentKey: parents.get(row.elementInstanceKey),
    status: statusOf(row, incidents.get(row.elementInstanceKey)?.isOpen === true),
    enteredAt: row.startDate,
    leftAt: row.endDate ?? undefined,
    reason: incidents.get(row.elementInstanceKey)?.reason,
  }));
}

/** The status of an element. The cluster also marks the elements around a stopped one. */
function statusOf({ state }: ElementRow, isStopped: boolean): ElementInstance['status'] {
  if (state === 'COMPLETED') return 'completed';
  if (state === 'TERMINATED') return 'terminated';
  return isStopped ? 'incident' : 'active';
}
