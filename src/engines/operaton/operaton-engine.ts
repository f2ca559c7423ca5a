import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Database } from '../../db/client.ts';
import type { Logger } from '../../logger.ts';
import { usualTimings } from '../../timings.ts';
import type { JobHandler, ProcessEngine } from '../engine.ts';
import { answeringWith } from '../remote/answers.ts';
import { startChangeWorker } from '../remote/changes.ts';
import { gatherRequests } from '../remote/gather-requests.ts';
import { keepMessage, startMessageWorker } from '../remote/kept-messages.ts';
import { startPolling } from '../remote/polling.ts';
import { placeIn } from '../remote/web-links.ts';
import type { OperatonContext, OperatonTimings } from './context.ts';
import { findMessageReceivers, offerMessages } from './correlate.ts';
import { createDefinitions } from './definitions.ts';
import { listElementInstances } from './element-instances.ts';
import { startExternalTaskWorker } from './external-tasks.ts';
import { listIncidents, resolveIncident } from './incidents.ts';
import { cancelInstance, getInstance, instanceDiagram } from './instances.ts';
import { operatonLimits } from './limits.ts';
import { startChangePoll } from './poll-changes.ts';
import { createRestClient, RestError, segment } from './rest-client.ts';
import { startInstance } from './start-instance.ts';
import { toTypedValues } from './typed-values.ts';
import { createUserTasks } from './user-tasks.ts';
import { getVariables, setVariables } from './variables.ts';

export interface OperatonOptions {
  /** The engine's name in Kickoff's tables. */
  engine: string;
  /** The engine's name for people. */
  engineName: string;
  /** `https://host/engine-rest`. */
  url: string;
  username?: string | undefined;
  password?: string | undefined;
  /** Address of Cockpit and the Tasklist: `https://host/operaton/app`. */
  webappsUrl?: string | undefined;
  database: Database;
  jobHandlers: Record<string, JobHandler>;
  logger: Logger;
  timings?: Partial<OperatonTimings>;
}

interface Stoppable {
  stop(): Promise<void>;
}

/** An engine that uses the REST API of Operaton 1.x or Camunda 7. */
export function createOperatonEngine(options: OperatonOptions): ProcessEngine {
  const { engine, engineName, database, jobHandlers, logger } = options;
  const timings = { ...usualTimings.operaton, ...options.timings };
  const { url, username, password } = options;
  const rest = createRestClient({ engineName, url, username, password, timeoutMs: timings.callMs });
  const definitions = createDefinitions(rest, engineName, logger);
  let hasJson: Promise<boolean> | undefined;
  let knownToHaveJson = false;
  const context: OperatonContext = {
    engine,
    engineName,
    database,
    requests: gatherRequests(database.db),
    rest,
    definitions,
    taskUrl: (key) => placeIn(options.webappsUrl, `tasklist/default/#/?task=${segment(key)}`),
    hasJson() {
      hasJson ??= knowsJson(context).then(
        (found) => {
          knownToHaveJson = found;
          return found;
        },
        (error: unknown) => {
          hasJson = undefined;
          throw error;
        },
      );
      return hasJson;
    },
    timings,
    logger,
  };
  const answering = answeringWith(logger, RestError);
  const tasks = createUserTasks(context);
  const workers: Stoppable[] = [];
  let tellChange: ((processInstanceKey: string) => Promise<void>) | undefined;
  let tellDefinitions: (() => void) | undefined;
  /** The definitions that were last reported, as JSON. */
  let toldOf: string | undefined;

  const list = async () => (await definitions.list()).map(({ definition }) => definition);

  return {
    limitsOf: () => operatonLimits(knownToHaveJson),
    listProcessDefinitions: () => answering(list),
    startProcessInstance: (request) =>
      answering(async () => ({ processInstanceKey: await startInstance(context, request) })),
    getProcessInstance: (key) => answering(() => getInstance(context, key)),
    instanceLink(key) {
      const place = `cockpit/default/#/process-instance/${segment(key)}/runtime`;
      const link = placeIn(options.webappsUrl, place);
      return link === undefined ? undefined : { engine: engineName, url: link };
    },
    cancelProcessInstance: (key) => answering(() => cancelInstance(context, key)),
    getVariables: (key, { local = false } = {}) => answering(() => getVariables(context, key, local)),
    setVariables: (request) => answering(() => setVariables(context, request)),
    listIncidents: (key) => answering(() => listIncidents(context, key)),
    resolveIncident: (key, { retries = 1 } = {}) => answering(() => resolveIncident(context, key, retries)),
    listElementInstances: (key) => answering(() => listElementInstances(context, key)),
    publishMessage: (message) => keepMessage(database, engine, message),
    findMessageReceivers: (name) => answering(() => findMessageReceivers(context, name)),
    broadcastSignal: ({ name, variables }) =>
      answering(async () => {
        const typed = toTypedValues(variables, { hasJson: await context.hasJson() });
        await rest.send('POST', '/signal', { body: { name, variables: typed } });
      }),
    getDiagram: (key) => answering(() => instanceDiagram(context, key)),
    getDefinitionDiagram: (id) =>
      answering(async () => {
        const found = await context.definitions.find(id);
        return found && context.definitions.xml(found.versionId);
      }),
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
      const worker = randomUUID();
      workers.push(startExternalTaskWorker(context, jobHandlers, `kickoff-${worker}`));
      workers.push(
        await startMessageWorker({
          engine,
          database,
          logger,
          offerAgainMs: timings.offerAgainMs,
          offer: (messages) => offerMessages(context, messages),
        }),
      );
      workers.push(
        startPolling({
          name: `definitions of ${engine}`,
          logger,
          intervalMs: timings.definitionsMs,
          async work() {
            const [listed] = await Promise.all([list(), context.hasJson()]);
            const found = JSON.stringify(listed);
            if (found !== toldOf) tellDefinitions?.();
            toldOf = found;
          },
        }),
      );
      workers.push(startChangePoll(context, worker));
      if (!tellChange) return;
      workers.push(await startChangeWorker({ engine, database, logger, handler: tellChange }));
    },
    // Not the list of engines: that is public, so it would not show whether the password is right.
    checkHealth: () =>
      answering(async () => {
        await rest.get(z.object({ version: z.string() }), '/version');
      }),
    async stop() {
      await Promise.all(workers.map((worker) => worker.stop()));
    },
  };
}

/** Tries to set a variable of a task that does not exist: the engine checks the variable's type before the task. */
async function knowsJson({ rest }: OperatonContext): Promise<boolean> {
  try {
    await rest.send('PUT', `/task/${randomUUID()}/variables/probe`, { body: { type: 'Json', value: '{}' } });
  } catch (error) {
    if (!(error instanceof RestError)) throw error;
    return !/unsupported value type/i.test(error.message);
  }
  return true;
}
