import { z } from 'zod';
import { message } from '../../words/message.ts';
import { EngineRefusedError, type Incident } from '../engine.ts';
import { ClusterError } from './cluster.ts';
import { type Camunda8Context, isKey } from './context.ts';
import { rootOf } from './instance-rows.ts';
import { expectAtRest, noteChanged } from './read-own-writes.ts';
import { allPages, byKey, dateSchema, keySchema, optionalText, page } from './search.ts';

const incidentSchema = z.object({
  incidentKey: keySchema,
  processInstanceKey: keySchema,
  processDefinitionKey: keySchema,
  elementId: z.string(),
  elementInstanceKey: keySchema,
  errorType: z.string(),
  errorMessage: optionalText,
  state: z.string(),
  creationTime: dateSchema,
  jobKey: optionalText,
});
type IncidentRow = z.infer<typeof incidentSchema>;

/** The active incidents of an instance and of those it called. */
export async function listIncidents(context: Camunda8Context, instanceKey: string): Promise<Incident[]> {
  if (!isKey(instanceKey)) return [];
  await context.visibility.settled(instanceKey);
  const rows = await findIncidents(context, instanceKey);
  return Promise.all(rows.filter(({ state }) => state === 'ACTIVE').map((row) => describe(context, row)));
}

/** All incidents of an instance and of those it called, including resolved ones, oldest first. */
async function findIncidents({ cluster }: Camunda8Context, processInstanceKey: string): Promise<IncidentRow[]> {
  try {
    const rows = await allPages((page_) =>
      cluster.ask(page(incidentSchema), 'searchProcessInstanceIncidents', { processInstanceKey, page: page_ }),
    );
    return rows.sort(
      (a, b) => a.creationTime.getTime() - b.creationTime.getTime() || byKey(a.incidentKey, b.incidentKey),
    );
  } catch (error) {
    // The index has no such instance.
    if (error instanceof ClusterError && error.status === 404) return [];
    throw error;
  }
}

/** Element instance → its latest incident, resolved or not. */
export async function incidentsOfElements(
  context: Camunda8Context,
  instanceKey: string,
): Promise<Map<string, { reason: string; isOpen: boolean }>> {
  const rows = await findIncidents(context, instanceKey);
  const described = rows.map(async (row) => {
    const { reason } = await describe(context, row);
    return [row.elementInstanceKey, { reason, isOpen: row.state === 'ACTIVE' }] as const;
  });
  return new Map(await Promise.all(described));
}

async function describe(context: Camunda8Context, row: IncidentRow): Promise<Incident> {
  const { elementId, errorType, errorMessage } = row;
  const { model } = await context.definitions.get(row.processDefinitionKey);
  return {
    key: row.incidentKey,
    processInstanceKey: row.processInstanceKey,
    elementId,
    type: errorType,
    reason: `${model.labels.get(elementId) ?? elementId}: ${errorMessage ?? errorType}`,
  };
}

/** Resolves an incident. A job gets new retries first; without retries its incident cannot be resolved. */
export async function resolveIncident(context: Camunda8Context, key: string, retries: number): Promise<void> {
  if (!isKey(key)) return;
  const { cluster } = context;
  const find = () => cluster.find(incidentSchema, 'getIncident', { incidentKey: key });
  const incident = await find();
  if (incident?.state !== 'ACTIVE') return;
  try {
    const { jobKey } = incident;
    if (jobKey) await cluster.send('updateJob', { jobKey, changeset: { retries: Math.max(1, retries) } });
    await cluster.send('resolveIncident', { incidentKey: key });
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    // The instance has ended in the meantime.
    if (error.status === 404) return;
    throw new EngineRefusedError(message('engine.cannotRetry', { engine: context.engineName, reason: error.message }), {
      cause: error,
    });
  }
  const isResolved = async () => (await find())?.state !== 'ACTIVE';
  const { processInstanceKey: own } = incident;
  const root = await rootOf(context, own);
  for (const instanceKey of new Set([own, root?.key ?? own])) expectAtRest(context, instanceKey, isResolved);
  if (root) await noteChanged(context, root.key);
}
