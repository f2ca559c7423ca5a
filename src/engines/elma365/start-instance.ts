import { message } from '../../words/message.ts';
import { EngineRefusedError, type StartProcessInstance } from '../engine.ts';
import { startOnce } from '../remote/start-once.ts';
import type { Elma365Context } from './context.ts';
import { toContext } from './context-values.ts';
import { writeInstanceKey } from './instance-key.ts';
import type { ElmaProcess } from './process-file.ts';
import { WebApiError } from './web-api.ts';

/**
 * Starts an instance, or returns the one that the start already has. After a lost answer, the instance can be found only if the
 * process stores the start's id; otherwise a person has to check.
 */
export function startInstance(context: Elma365Context, request: StartProcessInstance): Promise<string> {
  const { engine, engineName, database, requests, timings } = context;
  const { processDefinitionId } = request;
  return startOnce<ElmaProcess>(
    {
      engine,
      engineName,
      db: database.db,
      requests,
      callMs: timings.callMs,
      find: (startId) => findStarted(context, processDefinitionId, startId),
      isOver: async (doubtMs) => doubtMs >= timings.doubtMs,
      startable: async (id) => context.find(id),
      call: (process, asked) => callStart(context, process, asked),
    },
    request,
  );
}

const limitReached = 429;

async function callStart(
  { api, engineName }: Elma365Context,
  process: ElmaProcess,
  { startId, variables }: StartProcessInstance,
): Promise<string> {
  const { startIdField, parameters, definition } = process;
  const context = {
    ...toContext(parameters, variables),
    ...(startIdField !== undefined && { [startIdField]: startId }),
  };
  try {
    return writeInstanceKey(definition.id, await api.run(process, context));
  } catch (error) {
    if (!(error instanceof WebApiError)) throw error;
    const said =
      error.status === 404
        ? message('start.noSuchProcess', { process: definition.name })
        : error.status === limitReached
          ? message('engine.startLimit', { engine: engineName })
          : error.message;
    throw new EngineRefusedError(said, { cause: error });
  }
}

/** Maximum number of instances to look at: several have the same start id only if somebody copied an instance. */
const lookAt = 20;

async function findStarted(
  { api, engineName, find }: Elma365Context,
  processDefinitionId: string,
  startId: string,
): Promise<string | undefined> {
  const process = find(processDefinitionId);
  const startIdField = process?.startIdField;
  if (!process || startIdField === undefined)
    throw new EngineRefusedError(message('engine.lookThere', { engine: engineName }));
  const found = await api.list(process, { filter: { [startIdField]: startId }, size: lookAt });
  // ELMA365's filter matches parts of the text.
  const started = found.findLast((item) => item[startIdField] === startId);
  return started && writeInstanceKey(processDefinitionId, started.__id);
}
