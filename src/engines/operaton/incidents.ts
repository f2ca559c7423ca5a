import { z } from 'zod';
import { message } from '../../words/message.ts';
import { EngineRefusedError, type Incident } from '../engine.ts';
import type { OperatonContext } from './context.ts';
import { RestError, segment } from './rest-client.ts';
import { dateSchema } from './typed-values.ts';

const incidentSchema = z.object({
  id: z.string(),
  processDefinitionId: z.string().nullish(),
  processInstanceId: z.string().nullish(),
  incidentTimestamp: dateSchema,
  incidentType: z.string(),
  activityId: z.string().nullish(),
  rootCauseIncidentId: z.string().nullish(),
  incidentMessage: z.string().nullish(),
  /** The id of the external task or job that failed. */
  configuration: z.string().nullish(),
});
type IncidentRow = z.infer<typeof incidentSchema>;

/** The engine's incident types → Camunda 8's. */
const types = new Map([
  ['failedExternalTask', 'JOB_NO_RETRIES'],
  ['failedJob', 'JOB_NO_RETRIES'],
]);

/**
 * The incidents of an instance and of those it called. The engine lists an incident of a called instance again for each caller.
 */
export async function listIncidents(context: OperatonContext, instanceKey: string): Promise<Incident[]> {
  const { rest } = context;
  const rows = await rest.get(z.array(incidentSchema), '/incident', { processInstanceId: instanceKey });
  const causes = await Promise.all(rows.map((row) => causeOf(context, row)));
  return Promise.all(
    causes
      .sort((a, b) => a.incidentTimestamp.getTime() - b.incidentTimestamp.getTime())
      .map((row) => describe(context, row, instanceKey)),
  );
}

async function causeOf(context: OperatonContext, row: IncidentRow): Promise<IncidentRow> {
  const { rootCauseIncidentId: cause } = row;
  return cause && cause !== row.id ? ((await findIncident(context, cause)) ?? row) : row;
}

const findIncident = ({ rest }: OperatonContext, key: string) => rest.find(incidentSchema, `/incident/${segment(key)}`);

async function describe(context: OperatonContext, row: IncidentRow, instanceKey: string): Promise<Incident> {
  const elementId = row.activityId ?? '';
  const label = row.processDefinitionId
    ? (await context.definitions.get(row.processDefinitionId)).model.labels.get(elementId)
    : undefined;
  return {
    key: row.id,
    processInstanceKey: row.processInstanceId ?? instanceKey,
    elementId,
    type: types.get(row.incidentType) ?? row.incidentType,
    reason: `${label ?? elementId}: ${row.incidentMessage || row.incidentType}`,
  };
}

/**
 * Gives the failed job or external task new retries, which resolves the incident. An incident that was created by hand is
 * resolved directly.
 */
export async function resolveIncident(context: OperatonContext, key: string, retries: number): Promise<void> {
  const { rest } = context;
  const incident = await findIncident(context, key);
  if (!incident) return;
  const { incidentType, configuration } = await causeOf(context, incident);
  try {
    if (incidentType === 'failedExternalTask' && configuration) {
      await rest.send('PUT', `/external-task/${segment(configuration)}/retries`, { body: { retries } });
    } else if (incidentType === 'failedJob' && configuration) {
      await rest.send('PUT', `/job/${segment(configuration)}/retries`, { body: { retries } });
    } else {
      await rest.send('DELETE', `/incident/${segment(key)}`);
    }
  } catch (error) {
    if (!(error instanceof RestError)) throw error;
    // The instance has ended in the meantime.
    if (!(await findIncident(context, key))) return;
    throw new EngineRefusedError(message('engine.cannotRetry', { engine: context.engineName, reason: error.message }), {
      cause: error,
    });
  }
}
