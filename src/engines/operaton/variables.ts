import { z } from 'zod';
import { reservedVariables } from '../../processes/reserved-variables.ts';
import type { Variables } from '../../processes/value-types.ts';
import { message } from '../../words/message.ts';
import { EngineRefusedError, type SetVariables } from '../engine.ts';
import type { OperatonContext } from './context.ts';
import { findInstance } from './instance-rows.ts';
import { RestError, segment } from './rest-client.ts';
import {
  fromTypedValues,
  type TypedValue,
  toTypedValues,
  typedValueSchema,
  typedValuesSchema,
} from './typed-values.ts';

/** Returns values as stored. Otherwise values of the type Json come as the description of a Java object. */
const asKept = { deserializeValues: false };

const historicSchema = z.array(typedValueSchema.extend({ name: z.string(), activityInstanceId: z.string().nullish() }));

/** The variables of the process scope; for an ended instance, from the engine's history. */
export async function instanceVariables(
  { rest }: OperatonContext,
  key: string,
  { isOver }: { isOver: boolean },
): Promise<Variables> {
  if (!isOver) {
    const own = await rest.find(typedValuesSchema, `/execution/${segment(key)}/localVariables`, asKept).catch(goneToo);
    if (own) return fromTypedValues(own);
  }
  const rows = await rest.get(historicSchema, '/history/variable-instance', { processInstanceId: key, ...asKept });
  const own = rows.filter(({ activityInstanceId }) => activityInstanceId === key || activityInstanceId == null);
  return fromTypedValues(Object.fromEntries(own.map((row): [string, TypedValue] => [row.name, row])));
}

/** The engine answers 500 if the execution does not exist (any more). */
function goneToo(error: unknown): undefined {
  if (error instanceof RestError) return undefined;
  throw error;
}

export async function taskVariables({ rest }: OperatonContext, taskKey: string): Promise<Variables> {
  const found = await rest.find(typedValuesSchema, `/task/${segment(taskKey)}/variables`, asKept).catch(goneToo);
  return found ? fromTypedValues(found) : {};
}

const activitySchema = z.object({
  id: z.string(),
  parentActivityInstanceId: z.string().nullish(),
  processInstanceId: z.string(),
  executionId: z.string(),
  endTime: z.string().nullish(),
});

/** Executions from the element's outwards to the process instance's; undefined if the scope does not exist (any more). */
async function executionsOf(context: OperatonContext, scopeKey: string): Promise<string[] | undefined> {
  const { rest } = context;
  const instance = await findInstance(context, scopeKey);
  if (instance) return instance.endTime ? undefined : [scopeKey];
  const executions: string[] = [];
  for (let key = (await activityOfTask(context, scopeKey)) ?? scopeKey; ; ) {
    const activity = await rest.find(activitySchema, `/history/activity-instance/${segment(key)}`);
    if (!activity || activity.endTime) return undefined;
    if (executions.at(-1) !== activity.executionId) executions.push(activity.executionId);
    const { processInstanceId, parentActivityInstanceId: parent } = activity;
    if (!parent || parent === processInstanceId) {
      return executions.at(-1) === processInstanceId ? executions : [...executions, processInstanceId];
    }
    key = parent;
  }
}

/** In Camunda 8 a user task is an element instance, so a task's key must also stand for its element's scope. */
async function activityOfTask({ rest }: OperatonContext, key: string): Promise<string | undefined> {
  const tasks = await rest.get(z.array(z.object({ activityInstanceId: z.string().nullish() })), '/history/task', {
    taskId: key,
  });
  return tasks[0]?.activityInstanceId ?? undefined;
}

export async function getVariables(
  context: OperatonContext,
  scopeKey: string,
  local: boolean,
): Promise<Variables | undefined> {
  const executions = await executionsOf(context, scopeKey);
  if (!executions) return undefined;
  let seen: Variables = {};
  for (const execution of local ? executions.slice(0, 1) : executions) {
    const path = `/execution/${segment(execution)}/localVariables`;
    const own = await context.rest.find(typedValuesSchema, path, asKept).catch(goneToo);
    if (own) seen = { ...fromTypedValues(own), ...seen };
  }
  return seen;
}

export async function setVariables(
  context: OperatonContext,
  { scopeKey, variables, local }: SetVariables,
): Promise<void> {
  const { rest } = context;
  const reserved = Object.keys(variables).find((name) => reservedVariables.has(name));
  if (reserved !== undefined) throw new EngineRefusedError(`The variable “${reserved}” cannot be set`);
  const executions = await executionsOf(context, scopeKey);
  if (!executions) throw new EngineRefusedError(message('engine.noScope'));
  const typed = toTypedValues(variables, { hasJson: await context.hasJson() });
  const [innermost = scopeKey] = executions;
  const scoped = new Map<string, Record<string, TypedValue>>();
  for (const [name, value] of Object.entries(typed)) {
    const target = local ? innermost : await nearest(context, executions, name);
    scoped.set(target, { ...scoped.get(target), [name]: value });
  }
  for (const [execution, modifications] of scoped) {
    try {
      await rest.send('POST', `/execution/${segment(execution)}/localVariables`, { body: { modifications } });
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      throw new EngineRefusedError(error.message, { cause: error });
    }
  }
}

/** The innermost execution that has the variable; the process instance's if none has. */
async function nearest({ rest }: OperatonContext, executions: string[], name: string): Promise<string> {
  for (const execution of executions) {
    const path = `/execution/${segment(execution)}/localVariables/${segment(name)}`;
    if (await rest.find(typedValueSchema, path, { deserializeValue: false }).catch(goneToo)) return execution;
  }
  return executions.at(-1) ?? '';
}
