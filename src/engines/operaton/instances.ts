import { EngineRefusedError, type ProcessInstance } from '../engine.ts';
import { startOf } from '../remote/requests.ts';
import type { OperatonContext } from './context.ts';
import { listIncidents } from './incidents.ts';
import { findInstance, type InstanceRow } from './instance-rows.ts';
import { RestError, segment } from './rest-client.ts';
import { instanceVariables } from './variables.ts';

export async function getInstance(context: OperatonContext, key: string): Promise<ProcessInstance | undefined> {
  const row = await findInstance(context, key);
  if (!row) return undefined;
  const [{ definitionId }, start, incidents, variables] = await Promise.all([
    context.definitions.get(row.processDefinitionId),
    startOf(context.database.db, context.engine, row),
    row.endTime ? [] : listIncidents(context, key),
    instanceVariables(context, key, { isOver: Boolean(row.endTime) }),
  ]);
  const [incident] = incidents;
  return {
    key,
    startId: start?.startId,
    // Messages do not start instances on this engine.
    correlationKey: undefined,
    waitingJoins: [],
    processDefinitionId: definitionId,
    status: incident ? 'incident' : statusOf(row),
    reason: incident ? incident.reason : endReason(row),
    variables,
  };
}

function statusOf({ state, endTime }: InstanceRow): ProcessInstance['status'] {
  if (!endTime) return 'active';
  return state === 'COMPLETED' ? 'completed' : 'terminated';
}

/** The reason why an instance was ended, if the person who ended it gave one. */
function endReason({ endTime, state, deleteReason }: InstanceRow): string | undefined {
  if (!endTime || state === 'COMPLETED') return undefined;
  return deleteReason || 'cancelled';
}

/** Does nothing if the instance has ended or does not exist. Mappings are skipped: the output of its tasks is not needed. */
export async function cancelInstance({ rest }: OperatonContext, key: string): Promise<void> {
  try {
    await rest.send('DELETE', `/process-instance/${segment(key)}`, {
      query: { failIfNotExists: false, skipIoMappings: true },
    });
  } catch (error) {
    if (!(error instanceof RestError)) throw error;
    if (error.status === 404) return;
    throw new EngineRefusedError(error.message, { cause: error });
  }
}

/** The BPMN file of the instance's version. */
export async function instanceDiagram(context: OperatonContext, key: string): Promise<string | undefined> {
  const row = await findInstance(context, key);
  return row && context.definitions.xml(row.processDefinitionId);
}
