import { z } from 'zod';
import { message } from '../../words/message.ts';
import { EngineRefusedError, type StartProcessInstance } from '../engine.ts';
import { type StartOnce, startOnce } from '../remote/start-once.ts';
import type { OperatonContext } from './context.ts';
import type { Startable } from './definitions.ts';
import { DatabaseFaultError, RestError, segment } from './rest-client.ts';
import { toTypedValues } from './typed-values.ts';

/**
 * Starts an instance, or returns the one that the start already has. After a lost answer, the instance is found by its business
 * key, which is the start's id.
 */
export function startInstance(context: OperatonContext, request: StartProcessInstance): Promise<string> {
  const { engine, engineName, database, requests, timings } = context;
  const options: StartOnce<Startable> = {
    engine,
    engineName,
    db: database.db,
    requests,
    callMs: timings.callMs,
    find: (startId) => findStarted(context, startId),
    isOver: async (doubtMs) => doubtMs >= timings.doubtMs,
    startable: (processDefinitionId) => context.definitions.find(processDefinitionId),
    call: (startable, asked, isRepeated) => callStart(context, startable, asked, isRepeated),
  };
  return startOnce(options, request);
}

const startedSchema = z.object({ id: z.string() });

async function callStart(
  context: OperatonContext,
  startable: Startable,
  { startId, variables }: StartProcessInstance,
  isRepeated: boolean,
): Promise<string> {
  const { rest, definitions, hasJson } = context;
  const { key, tenantId, model } = startable;
  const tenant = tenantId === undefined ? '' : `/tenant-id/${segment(tenantId)}`;
  const writing = {
    hasJson: await hasJson(),
    hints: definitions.hints(startable, model.startElementId),
    isStart: true,
  };
  const body = { businessKey: startId, variables: toTypedValues(variables, writing) };
  // The engine's database answers just before the call, or this throws.
  const startedBefore = isRepeated ? await findStarted(context, startId) : undefined;
  if (startedBefore !== undefined) return startedBefore;
  try {
    return (await rest.post(startedSchema, `/process-definition/key/${segment(key)}${tenant}/start`, { body })).id;
  } catch (error) {
    if (isRepeated && error instanceof DatabaseFaultError) return await blameProcess(context, startId, error);
    if (!(error instanceof RestError)) throw error;
    // The engine runs to the first wait state within the call; if that fails, nothing was started.
    throw new EngineRefusedError(
      error.status === 404 ? message('start.noSuchProcess', { process: startable.name }) : error.message,
      { cause: error },
    );
  }
}

/**
 * Tells a process whose own database is lost from an engine whose database is: both answer with the same names. The start is
 * refused if the engine's database answers after the call as it did before it.
 */
async function blameProcess(context: OperatonContext, startId: string, error: DatabaseFaultError): Promise<string> {
  const started = await findStarted(context, startId).catch(() => {
    throw error;
  });
  if (started !== undefined) return started;
  throw new EngineRefusedError(error.detail, { cause: error });
}

/** The instance that has the start's id as its business key, ended ones included. */
async function findStarted({ rest }: OperatonContext, startId: string): Promise<string | undefined> {
  const found = await rest.get(z.array(startedSchema), '/history/process-instance', {
    processInstanceBusinessKey: startId,
    rootProcessInstances: true,
    sortBy: 'startTime',
    sortOrder: 'asc',
    maxResults: 1,
  });
  return found[0]?.id;
}
