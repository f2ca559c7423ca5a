import { randomUUID } from 'node:crypto';
import type { Database } from '../../db/client.ts';
import type { Logger } from '../../logger.ts';
import { usualTimings } from '../../timings.ts';
import type { JobHandler, ProcessEngine } from '../engine.ts';
import { answeringWith } from '../remote/answers.ts';
import { startChangeWorker } from '../remote/changes.ts';
import { gatherRequests } from '../remote/gather-requests.ts';
import { startMessageWorker } from '../remote/kept-messages.ts';
import { type Polling, startPolling } from '../remote/polling.ts';
import { placeIn } from '../remote/web-links.ts';
import { ClusterError, createCluster } from './cluster.ts';
import type { Camunda8Context, Camunda8Timings } from './context.ts';
import { createDefinitions } from './definitions.ts';
import { deployFiles } from './deploy-files.ts';
import { listElementInstances } from './element-instances.ts';
import { listIncidents, resolveIncident } from './incidents.ts';
import { cancelInstance, getInstance, instanceDiagram } from './instances.ts';
import { startJobWorkers } from './jobs.ts';
import { camunda8Limits } from './limits.ts';
import { findMessageReceivers, offerMessages, publishMessage } from './messages.ts';
import { startChangePoll } from './poll-changes.ts';
import { startInstance } from './start-instance.ts';
import { createUserTasks } from './user-tasks.ts';
import { getVariables, setVariables } from './variables.ts';
import { createVisibility } from './visibility.ts';

export interface Camunda8Options {
  /** The engine's name in Kickoff's tables. */
  engine: string;
  /** The engine's name for people. */
  engineName: string;
  /** The `CAMUNDA_…` variables. */
  environment: Readonly<Record<string, string>>;
  /** The folder whose files are deployed when the engine starts; undefined: nothing is deployed. */
  deployFrom?: string | undefined;
  database: Database;
  jobHandlers: Record<string, JobHandler>;
  logger: Logger;
  timings?: Partial<Camunda8Timings>;
}

/** An engine that uses the Orchestration Cluster REST API of Camunda 8.8 and newer. */
export function createCamunda8Engine(options: Camunda8Options): ProcessEngine {
  const { engine, engineName, environment, deployFrom, database, jobHandlers, logger } = options;
  const timings = { ...usualTimings.camunda8, ...options.timings };
  const { callMs: timeoutMs, longPollMs, formsMs } = timings;
  const tenantId = environment.CAMUNDA_DEFAULT_TENANT_ID ?? '<default>';
  const cluster = createCluster({ engineName, environment, timeoutMs, longPollMs });
  const definitions = createDefinitions({ cluster, engineName, tenantId, formsMs, logger });
  const context: Camunda8Context = {
    engine,
    engineName,
    database,
    requests: gatherRequests(database.db),
    cluster,
    tenantId,
    definitions,
    visibility: createVisibility(timings.visibleMs, logger),
    taskUrl: (key) => placeIn(environment.CAMUNDA_TASKLIST_BASE_URL, key),
    timings,
    logger,
  };
  const answering = answeringWith(logger, ClusterError);
  const tasks = createUserTasks(context);
  const workers: Polling[] = [];
  let tellChange: ((processInstanceKey: string) => Promise<void>) | undefined;
  let tellDefinitions: (() => void) | undefined;
  /** The definitions that were last reported, as JSON. */
  let toldOf: string | undefined;
  let isDeployed = deployFrom === undefined;

  const list = async () => (await definitions.list()).map(({ definition }) => definition);
  const watchDefinitions = async () => {
    if (!isDeployed && deployFrom !== undefined) await deployFiles(context, deployFrom);
    isDeployed = true;
    const found = JSON.stringify(await list());
    if (found !== toldOf) tellDefinitions?.();
    toldOf = found;
  };

  return {
    limitsOf: () => camunda8Limits,
    listProcessDefinitions: () => answering(list),
    startProcessInstance: (request) =>
      answering(async () => ({ processInstanceKey: await startInstance(context, request) })),
    getProcessInstance: (key) => answering(() => getInstance(context, key)),
    instanceLink(key) {
      const url = placeIn(environment.CAMUNDA_OPERATE_BASE_URL, `processes/${key}`);
      return url === undefined ? undefined : { engine: engineName, url };
    },
    cancelProcessInstance: (key) => answering(() => cancelInstance(context, key)),
    getVariables: (key, { local = false } = {}) => answering(() => getVariables(context, key, local)),
    setVariables: (request) => answering(() => setVariables(context, request)),
    listIncidents: (key) => answering(() => listIncidents(context, key)),
    resolveIncident: (key, { retries = 1 } = {}) => answering(() => resolveIncident(context, key, retries)),
    listElementInstances: (key) => answering(() => listElementInstances(context, key)),
    publishMessage: (message) => answering(() => publishMessage(context, message)),
    findMessageReceivers: (name) => answering(() => findMessageReceivers(context, name)),
    broadcastSignal: ({ name: signalName, variables }) =>
      answering(() => cluster.send('broadcastSignal', { signalName, variables, tenantId })),
    getDiagram: (key) => answering(() => instanceDiagram(context, key)),
    getDefinitionDiagram: (id) => answering(async () => (await definitions.find(id))?.xml),
    getUserTask: (key) => answering(() => tasks.get(key)),
    listUserTasks: (key) => answering(() => tasks.list(key)),
    assignUserTask: (request) => answering(() => tasks.assign(request)),
    completeUserTask: (request) => answering(() => tasks.complete(request)),
    onProcessInstanceChange(handler) {
      tellChange = handler;
    },
    onProcessDefinitionsChange(handler) {
      tellDefinitions = handler;
    },
    async start() {
      const { definitionsMs: intervalMs, offerAgainMs } = timings;
      const worker = randomUUID();
      workers.push(startPolling({ name: `definitions of ${engine}`, logger, intervalMs, work: watchDefinitions }));
      workers.push(startJobWorkers(context, jobHandlers, `kickoff-${worker}`));
      const offer = (messages: Parameters<typeof offerMessages>[1]) => offerMessages(context, messages);
      workers.push(await startMessageWorker({ engine, database, logger, offerAgainMs, offer }));
      workers.push(startChangePoll(context, worker));
      if (!tellChange) return;
      workers.push(await startChangeWorker({ engine, database, logger, handler: tellChange }));
    },
    checkHealth: () => answering(() => cluster.check()),
    async stop() {
      await Promise.all(workers.map((worker) => worker.stop()));
    },
  };
}
