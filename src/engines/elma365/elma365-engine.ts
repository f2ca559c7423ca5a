import { randomUUID } from 'node:crypto';
import type { Database } from '../../db/client.ts';
import { reasonOf } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import { usualTimings } from '../../timings.ts';
import { message } from '../../words/message.ts';
import { EngineRefusedError, type ProcessEngine, UserTaskClosedError } from '../engine.ts';
import { answeringWith } from '../remote/answers.ts';
import { startChangeWorker } from '../remote/changes.ts';
import { gatherRequests } from '../remote/gather-requests.ts';
import { startPolling } from '../remote/polling.ts';
import type { Elma365Context, Elma365Timings } from './context.ts';
import { getInstance, instanceLink } from './instances.ts';
import { elma365Limits } from './limits.ts';
import { startStatePoll } from './poll-states.ts';
import { type ElmaProcess, readProcessFile } from './process-file.ts';
import { startInstance } from './start-instance.ts';
import { createWebApi, WebApiError } from './web-api.ts';

export interface Elma365Options {
  /** The engine's name in Kickoff's tables. */
  engine: string;
  /** The engine's name for people. */
  engineName: string;
  /** `https://company.elma365.com`. */
  url: string;
  token: string;
  /** Path of the file that lists the processes. */
  processFile: string;
  database: Database;
  logger: Logger;
  timings?: Partial<Elma365Timings>;
}

interface Stoppable {
  stop(): Promise<void>;
}

/**
 * An engine that uses ELMA365's Web API, which starts processes and shows their states. Throws an Error with readable lines if
 * the file of processes has mistakes.
 */
export async function createElma365Engine(options: Elma365Options): Promise<ProcessEngine> {
  const { engine, engineName, processFile, database, logger } = options;
  const timings = { ...usualTimings.elma365, ...options.timings };
  const url = options.url.replace(/\/+$/, '');
  const api = createWebApi({ engineName, url, token: options.token, timeoutMs: timings.callMs });
  let processes = byId(await readProcessFile(processFile));
  const context: Elma365Context = {
    engine,
    engineName,
    url,
    database,
    requests: gatherRequests(database.db),
    api,
    find: (id) => processes.get(id),
    timings,
    logger,
  };
  const answering = answeringWith(logger, WebApiError);
  const workers: Stoppable[] = [];
  let tellChange: ((processInstanceKey: string) => Promise<void>) | undefined;
  let tellDefinitions: (() => void) | undefined;
  let mistakes: string | undefined;

  const onlyThere = async (): Promise<never> => {
    throw new EngineRefusedError(message('engine.onlyThere', { engine: engineName }));
  };

  /** Reads the file again. While it has mistakes, the processes that were read last stay. */
  const readAgain = async (): Promise<void> => {
    try {
      const found = byId(await readProcessFile(processFile));
      mistakes = undefined;
      if (JSON.stringify([...found]) === JSON.stringify([...processes])) return;
      processes = found;
      tellDefinitions?.();
    } catch (error) {
      const reason = reasonOf(error);
      if (reason !== mistakes) logger.error({ reason }, 'the file of processes has mistakes');
      mistakes = reason;
    }
  };

  return {
    limitsOf: () => elma365Limits,
    listProcessDefinitions: async () => [...processes.values()].map(({ definition }) => definition),
    startProcessInstance: (request) =>
      answering(async () => ({ processInstanceKey: await startInstance(context, request) })),
    getProcessInstance: (key) => answering(() => getInstance(context, key)),
    instanceLink: (key) => instanceLink(context, key),
    cancelProcessInstance: onlyThere,
    getVariables: async (key) => (await answering(() => getInstance(context, key)))?.variables,
    setVariables: onlyThere,
    async listIncidents(key) {
      const instance = await answering(() => getInstance(context, key));
      if (instance?.status !== 'incident') return [];
      return [{ key, processInstanceKey: key, elementId: '', type: 'ERROR', reason: `an error in ${engineName}` }];
    },
    resolveIncident: onlyThere,
    listElementInstances: async () => [],
    // Processes of ELMA365 cannot wait for messages in a conversation.
    async publishMessage() {},
    findMessageReceivers: async () => ({ processDefinitionIds: [], withoutStart: false }),
    async broadcastSignal() {},
    getDiagram: async () => undefined,
    getDefinitionDiagram: async () => undefined,
    getUserTask: async () => undefined,
    listUserTasks: async () => [],
    async assignUserTask() {
      throw new UserTaskClosedError(undefined);
    },
    async completeUserTask() {
      throw new UserTaskClosedError(undefined);
    },
    onProcessInstanceChange(handler) {
      tellChange = handler;
    },
    onProcessDefinitionsChange(handler) {
      tellDefinitions = handler;
    },
    async start() {
      const name = `processes of ${engine}`;
      workers.push(startPolling({ name, logger, intervalMs: timings.fileMs, work: readAgain }));
      workers.push(startStatePoll(context, randomUUID()));
      if (!tellChange) return;
      workers.push(await startChangeWorker({ engine, database, logger, handler: tellChange }));
    },
    async checkHealth() {
      const [process] = processes.values();
      if (!process) return;
      try {
        await api.list(process, { size: 1 });
      } catch (error) {
        // ELMA365 is available and accepts the token; it refused only this process.
        if (!(error instanceof WebApiError)) throw error;
      }
    },
    async stop() {
      await Promise.all(workers.map((worker) => worker.stop()));
    },
  };
}

const byId = (processes: ElmaProcess[]) => new Map(processes.map((process) => [process.definition.id, process]));
