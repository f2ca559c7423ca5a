import { message } from '../../words/message.ts';
import { EngineRefusedError, EngineUnavailableError, type ProcessInstance } from '../engine.ts';
import { startsOfInstances } from '../remote/requests.ts';
import { ClusterError } from './cluster.ts';
import { type Camunda8Context, isKey } from './context.ts';
import { listIncidents } from './incidents.ts';
import { findInstance, type InstanceRow } from './instance-rows.ts';
import { scopeVariables } from './variables.ts';

export async function getInstance(context: Camunda8Context, key: string): Promise<ProcessInstance | undefined> {
  const row = await findShown(context, key);
  if (!row) return undefined;
  const { database, engine } = context;
  const isOpen = row.state === 'ACTIVE';
  const [starts, incidents, variables] = await Promise.all([
    startsOfInstances(database.db, engine, [key]),
    isOpen && row.hasIncident ? listIncidents(context, key) : [],
    scopeVariables(context, key),
  ]);
  const [incident] = incidents;
  return {
    key,
    startId: starts.get(key)?.startId,
    // The cluster does not report which message started an instance.
    correlationKey: undefined,
    waitingJoins: [],
    processDefinitionId: row.processDefinitionId,
    status: incident ? 'incident' : statusOf(row),
    reason: incident ? incident.reason : row.state === 'TERMINATED' ? 'cancelled' : undefined,
    variables,
  };
}

/**
 * Finds the instance once the index shows Kickoff's own changes to it. Throws EngineUnavailableError if Kickoff has just
 * started it and the index does not show it yet.
 */
export async function findShown(context: Camunda8Context, key: string): Promise<InstanceRow | undefined> {
  const { visibility, database, engine, engineName } = context;
  await visibility.settled(key);
  const row = await findInstance(context, key);
  if (row) return row;
  const start = (await startsOfInstances(database.db, engine, [key])).get(key);
  if (start?.isNew) throw new EngineUnavailableError(message('engine.isBehind', { engine: engineName }));
  return undefined;
}

/** A suspended instance counts as active: it can be resumed. */
function statusOf({ state }: InstanceRow): ProcessInstance['status'] {
  return state === 'COMPLETED' ? 'completed' : state === 'TERMINATED' ? 'terminated' : 'active';
}

/** Does nothing if the instance has ended or does not exist. */
export async function cancelInstance(context: Camunda8Context, key: string): Promise<void> {
  if (!isKey(key)) return;
  try {
    await context.cluster.send('cancelProcessInstance', { processInstanceKey: key });
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    if (error.status === 404) return;
    throw new EngineRefusedError(error.message, { cause: error });
  }
  context.visibility.expect(key, async () => (await findInstance(context, key))?.state !== 'ACTIVE');
}

/** The BPMN file of the instance's version. */
export async function instanceDiagram(context: Camunda8Context, key: string): Promise<string | undefined> {
  const row = await findShown(context, key);
  return row && (await context.definitions.get(row.processDefinitionKey)).xml;
}
