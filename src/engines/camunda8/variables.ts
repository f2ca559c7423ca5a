import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { parseJson } from '../../json.ts';
import { reservedVariables } from '../../processes/reserved-variables.ts';
import type { Variables } from '../../processes/value-types.ts';
import { message } from '../../words/message.ts';
import { EngineRefusedError, type SetVariables } from '../engine.ts';
import { ClusterError } from './cluster.ts';
import { type Camunda8Context, isKey } from './context.ts';
import { type ElementRow, elementSchema, findElements, parentsOf } from './element-rows.ts';
import { findInstance } from './instance-rows.ts';
import { allPages, byKey, keySchema, page } from './search.ts';
import type { TaskRow } from './task-rows.ts';

const variableSchema = z.object({
  name: z.string(),
  /** JSON. Clusters that cannot be asked for whole values truncate a long one. */
  value: z.string(),
  isTruncated: z.boolean().nullish(),
  variableKey: keySchema,
  scopeKey: keySchema,
});
type VariableRow = z.infer<typeof variableSchema>;
const taskVariableSchema = variableSchema.extend({ processInstanceKey: keySchema });

const wholeSchema = z.object({ value: z.string() });

/** The variables of one scope only, also of an ended one. */
export async function scopeVariables(context: Camunda8Context, scopeKey: string): Promise<Variables> {
  return valuesOf(context, await findVariables(context, { scopeKey }));
}

function findVariables(
  { cluster }: Camunda8Context,
  filter: { scopeKey: string } | { processInstanceKey: string },
): Promise<VariableRow[]> {
  return allPages((page_) =>
    cluster.ask(page(variableSchema), 'searchVariables', { filter, truncateValues: false, page: page_ }),
  );
}

async function valuesOf({ cluster }: Camunda8Context, rows: VariableRow[]): Promise<Variables> {
  const entries = await Promise.all(
    rows.map(async ({ name, value, isTruncated, variableKey }) => {
      const whole = isTruncated ? await cluster.find(wholeSchema, 'getVariable', { variableKey }) : undefined;
      return [name, parseJson(whole?.value ?? value)] as const;
    }),
  );
  return Object.fromEntries(entries);
}

/** Element → the variables visible from it, for the elements of open tasks of one instance. */
export async function visibleFromTasks(context: Camunda8Context, tasks: TaskRow[]): Promise<Map<string, Variables>> {
  const [task, ...others] = tasks;
  if (!task) return new Map();
  const { elementInstanceKey: elementKey, processInstanceKey } = task;
  const rows = others.length === 0 ? await findTaskVariables(context, task) : undefined;
  if (rows) return new Map([[elementKey, await valuesOf(context, rows)]]);
  return visibleFrom(
    context,
    processInstanceKey,
    tasks.map(({ elementInstanceKey }) => elementInstanceKey),
  );
}

/**
 * The variables of every scope around the task, outermost first. Undefined if the index does not show the task's element yet.
 */
async function findTaskVariables(
  { cluster }: Camunda8Context,
  { userTaskKey, processInstanceKey }: TaskRow,
): Promise<VariableRow[] | undefined> {
  try {
    const rows = await allPages((page_) =>
      cluster.ask(page(taskVariableSchema), 'searchUserTaskVariables', {
        userTaskKey,
        truncateValues: false,
        page: page_,
      }),
    );
    // A scope has a smaller key than those inside it.
    return rows
      .filter((row) => row.processInstanceKey === processInstanceKey)
      .sort((a, b) => byKey(a.scopeKey, b.scopeKey));
  } catch (error) {
    if (error instanceof ClusterError && error.status === 404) return undefined;
    throw error;
  }
}

/** The variables visible from each of these active elements of an instance. */
async function visibleFrom(
  context: Camunda8Context,
  instanceKey: string,
  elementKeys: string[],
): Promise<Map<string, Variables>> {
  if (elementKeys.length === 0) return new Map();
  const [rows, elements] = await Promise.all([
    findVariables(context, { processInstanceKey: instanceKey }),
    findElements(context, instanceKey, { state: 'ACTIVE' }),
  ]);
  const parents = await parentsOfElements(context, instanceKey, elements);
  const seen = await Promise.all(
    elementKeys.map(async (key) => {
      const chain = chainOf(parents, key, instanceKey);
      const visible = new Map<string, VariableRow>();
      // Innermost scope last, so that its variables win.
      for (const scope of chain.toReversed()) {
        for (const row of rows) if (row.scopeKey === scope) visible.set(row.name, row);
      }
      return [key, await valuesOf(context, [...visible.values()])] as const;
    }),
  );
  return new Map(seen);
}

async function parentsOfElements(
  context: Camunda8Context,
  instanceKey: string,
  elements: ElementRow[],
): Promise<Map<string, string>> {
  const [first] = elements;
  if (!first) return new Map();
  const { model } = await context.definitions.get(first.processDefinitionKey);
  return parentsOf(context, instanceKey, model, elements);
}

/** Scopes from the element's outwards to the instance's. */
function chainOf(parents: ReadonlyMap<string, string>, elementKey: string, instanceKey: string): string[] {
  const chain = [elementKey];
  for (let key = parents.get(elementKey); key !== undefined && !chain.includes(key); key = parents.get(key)) {
    chain.push(key);
  }
  return chain.at(-1) === instanceKey ? chain : [...chain, instanceKey];
}

/** An active scope: of an instance, an element, or the element of a user task. */
interface Scope {
  key: string;
  instanceKey: string;
}

const taskScopeSchema = z.object({ elementInstanceKey: keySchema });

/** Returns undefined if the scope does not exist (any more). */
async function findScope(context: Camunda8Context, key: string): Promise<Scope | undefined> {
  if (!isKey(key)) return undefined;
  const { cluster, visibility } = context;
  await visibility.settled(key);
  const instance = await findInstance(context, key);
  if (instance) return instance.state === 'ACTIVE' ? { key, instanceKey: key } : undefined;
  const findElement = (elementInstanceKey: string) =>
    cluster.find(elementSchema, 'getElementInstance', { elementInstanceKey });
  let element = await findElement(key);
  if (!element) {
    const task = await cluster.find(taskScopeSchema, 'getUserTask', { userTaskKey: key });
    element = task && (await findElement(task.elementInstanceKey));
  }
  if (!element) return undefined;
  await visibility.settled(element.processInstanceKey);
  const now = await findElement(element.elementInstanceKey);
  return now?.state === 'ACTIVE' ? { key: now.elementInstanceKey, instanceKey: now.processInstanceKey } : undefined;
}

export async function getVariables(
  context: Camunda8Context,
  scopeKey: string,
  local: boolean,
): Promise<Variables | undefined> {
  const scope = await findScope(context, scopeKey);
  if (!scope) return undefined;
  const { key, instanceKey } = scope;
  if (local || key === instanceKey) return scopeVariables(context, key);
  return (await visibleFrom(context, instanceKey, [key])).get(key);
}

export async function setVariables(
  context: Camunda8Context,
  { scopeKey, variables, local }: SetVariables,
): Promise<void> {
  const reserved = Object.keys(variables).find((name) => reservedVariables.has(name));
  if (reserved !== undefined) throw new EngineRefusedError(`The variable “${reserved}” cannot be set`);
  const scope = await findScope(context, scopeKey);
  if (!scope) throw new EngineRefusedError(message('engine.noScope'));
  const { key, instanceKey } = scope;
  try {
    await context.cluster.send('createElementInstanceVariables', { elementInstanceKey: key, variables, local });
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    if (error.status === 404) throw new EngineRefusedError(message('engine.noScope'), { cause: error });
    throw new EngineRefusedError(error.message, { cause: error });
  }
  context.visibility.expect(instanceKey, () => shows(context, instanceKey, variables));
}

/** Whether some scope of the instance has each of the values. */
async function shows(context: Camunda8Context, instanceKey: string, variables: Variables): Promise<boolean> {
  const rows = await findVariables(context, { processInstanceKey: instanceKey });
  return Object.entries(variables).every(([name, value]) =>
    rows.some((row) => row.name === name && (row.isTruncated || isSame(row.value, value))),
  );
}

const isSame = (json: string, value: Variables[string]) => isDeepStrictEqual(parseJson(json), value);
