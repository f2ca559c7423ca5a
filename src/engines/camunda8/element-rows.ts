import { z } from 'zod';
import type { Camunda8Context } from './context.ts';
import { findInstance, type InstanceRow } from './instance-rows.ts';
import type { ProcessModel } from './read-model.ts';
import { allPages, byKey, dateSchema, keySchema, optionalText, page } from './search.ts';
import type { TaskRow } from './task-rows.ts';

export const elementSchema = z.object({
  elementInstanceKey: keySchema,
  elementId: z.string(),
  elementName: optionalText,
  type: z.string(),
  state: z.string(),
  hasIncident: z.boolean(),
  startDate: dateSchema,
  endDate: dateSchema.nullish(),
  processInstanceKey: keySchema,
  processDefinitionKey: keySchema,
});
export type ElementRow = z.infer<typeof elementSchema>;

/** Every visit of the instance to an element, including the process itself, oldest first. */
export async function findElements(
  { cluster }: Camunda8Context,
  processInstanceKey: string,
  filter: { state?: 'ACTIVE'; elementInstanceScopeKey?: string } = {},
): Promise<ElementRow[]> {
  const rows = await allPages((page_) =>
    cluster.ask(page(elementSchema), 'searchElementInstances', {
      filter: { processInstanceKey, ...filter },
      page: page_,
    }),
  );
  return rows
    .filter(({ type }) => type !== 'SEQUENCE_FLOW')
    .sort((a, b) => a.startDate.getTime() - b.startDate.getTime() || byKey(a.elementInstanceKey, b.elementInstanceKey));
}

const isBody = ({ type }: ElementRow) => type === 'MULTI_INSTANCE_BODY';

/**
 * Element instance → the one that contains it. The cluster does not return that: it is the only instance of the surrounding
 * element, or, if there are several, each is asked for its contents.
 */
export async function parentsOf(
  context: Camunda8Context,
  instanceKey: string,
  model: ProcessModel,
  elements: ElementRow[],
): Promise<Map<string, string>> {
  const parents = new Map<string, string>();
  const ambiguous = new Map<string, ElementRow>();
  for (const element of elements) {
    if (element.elementInstanceKey === instanceKey) continue;
    const body = isBody(element) ? [] : elements.filter((one) => isBody(one) && one.elementId === element.elementId);
    const containing = model.parents.get(element.elementId);
    const around = elements.filter((one) => !isBody(one) && one.elementId === containing);
    const candidates = body.length > 0 ? body : around;
    const [only, ...others] = candidates;
    if (others.length === 0) parents.set(element.elementInstanceKey, only?.elementInstanceKey ?? instanceKey);
    else for (const one of candidates) ambiguous.set(one.elementInstanceKey, one);
  }
  await Promise.all(
    [...ambiguous.keys()].map(async (scope) => {
      const inside = await findElements(context, instanceKey, { elementInstanceScopeKey: scope });
      for (const { elementInstanceKey } of inside) {
        if (elementInstanceKey !== scope) parents.set(elementInstanceKey, scope);
      }
    }),
  );
  return parents;
}

/** Number of visits to elements up to which an instance's state is read in one search. */
const fewElements = 200;

/** Element types that do not wait by themselves: something inside them must be active. */
const passing = new Set(['PROCESS', 'SUB_PROCESS', 'EVENT_SUB_PROCESS', 'MULTI_INSTANCE_BODY']);

/** The instance's state and active elements in one search, unless it visited very many elements; undefined: not visible yet. */
async function findActive(
  context: Camunda8Context,
  key: string,
): Promise<{ state: string; active: ElementRow[] } | undefined> {
  const { items } = await context.cluster.ask(page(elementSchema), 'searchElementInstances', {
    filter: { processInstanceKey: key },
    page: { limit: fewElements },
  });
  if (items.length === 0) return undefined;
  const process = items.find(({ elementInstanceKey }) => elementInstanceKey === key);
  if (process && items.length < fewElements) {
    return { state: process.state, active: items.filter(({ state }) => state === 'ACTIVE') };
  }
  const instance = await findInstance(context, key);
  return instance && { state: instance.state, active: await findElements(context, key, { state: 'ACTIVE' }) };
}

/**
 * Whether the index shows the instance at rest: ended, or waiting at an element whose user task or called instance is visible
 * too.
 */
export async function isAtRest(
  context: Camunda8Context,
  key: string,
  shown: { tasksOf(instanceKey: string): Promise<TaskRow[]>; calledBy(instanceKey: string): Promise<InstanceRow[]> },
): Promise<boolean> {
  const found = await findActive(context, key);
  if (!found) return false;
  if (found.state !== 'ACTIVE') return true;
  const { active } = found;
  const waiting = active.filter(({ type }) => !passing.has(type));
  const [first] = waiting;
  if (!first) return active.some(({ hasIncident }) => hasIncident);
  const { model } = await context.definitions.get(first.processDefinitionKey);
  const atTasks = waiting.filter(({ elementId, hasIncident }) => model.userTasks.has(elementId) && !hasIncident);
  if (atTasks.length > 0) {
    const tasks = new Set((await shown.tasksOf(key)).map(({ elementInstanceKey }) => elementInstanceKey));
    if (!atTasks.every(({ elementInstanceKey }) => tasks.has(elementInstanceKey))) return false;
  }
  const atCalls = waiting.filter(({ type, hasIncident }) => type === 'CALL_ACTIVITY' && !hasIncident);
  if (atCalls.length === 0) return true;
  const called = await shown.calledBy(key);
  const callers = new Set(called.map(({ parentElementInstanceKey }) => parentElementInstanceKey));
  if (!atCalls.every(({ elementInstanceKey }) => callers.has(elementInstanceKey))) return false;
  const rests = await Promise.all(
    called.map(async (one) => one.state !== 'ACTIVE' || isAtRest(context, one.processInstanceKey, shown)),
  );
  return rests.every((rest) => rest);
}
