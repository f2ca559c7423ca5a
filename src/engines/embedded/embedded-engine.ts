import type { Database } from '../../db/client.ts';
import { gather } from '../../db/gather.ts';
import { createHandover } from '../../db/handover.ts';
import { startQueueWorker } from '../../db/queue-worker.ts';
import type { RequestHandler } from '../../http-server.ts';
import type { Logger } from '../../logger.ts';
import { usualTimings } from '../../timings.ts';
import {
  EngineRefusedError,
  type JobHandler,
  type ProcessEngine,
  UserTaskAssignedError,
  UserTaskClosedError,
} from '../engine.ts';
import type { ProcessLibrary } from '../process-library.ts';
import { broadcastSignal } from './correlation/broadcast-signal.ts';
import { startEventWorker } from './correlation/event-worker.ts';
import { findMessageReceivers } from './correlation/message-receivers.ts';
import { publishMessage } from './correlation/publish-message.ts';
import { createExternalJobs } from './external-jobs/external-jobs.ts';
import { createJobsServer } from './external-jobs/serve-jobs.ts';
import { assignTask } from './instances/assign-task.ts';
import type { EngineContext, EngineTimings } from './instances/engine-context.ts';
import { InterpretationError } from './instances/interpretation-error.ts';
import { moveToNewest } from './instances/move-instance.ts';
import { cancelInstance, resolveIncident, setVariables } from './instances/operate-instance.ts';
import { isInstanceKey, parseTaskKey, readInstance, readTask, readTasks } from './instances/read-instance.ts';
import { parseTokenKey, readDiagram, readHistory, readIncidents, readVariables } from './instances/read-operations.ts';
import { runCommand } from './instances/run-command.ts';
import { startInstance } from './instances/start-instance.ts';
import { assertNotListening, listenersDone } from './instances/task-listeners.ts';
import { reachingDatabase } from './instances/unavailable.ts';
import type { InstanceWrite } from './instances/write-outcome.ts';
import { elementAt } from './interpreter/run.ts';
import { openProcessFiles } from './process-files.ts';
import { continueWork } from './workers/continue-instances.ts';
import { timerWork } from './workers/fire-timers.ts';
import { insertAndTell } from './workers/insert-and-tell.ts';
import { startJobWorker } from './workers/job-worker.ts';
import { type Change, changeWork } from './workers/tell-changes.ts';

export interface EmbeddedEngineOptions {
  database: Database;
  processesDir: string;
  jobHandlers: Record<string, JobHandler>;
  /** Set if external workers do the jobs without a handler; otherwise files with such jobs are refused. */
  externalWorkers?: { token: string; route(path: string, handler: RequestHandler): void };
  /** Names of the configured secrets, to warn about missing ones; undefined if they are not known. */
  secrets?: ReadonlySet<string>;
  logger: Logger;
  now?: () => Date;
  workers?: Partial<WorkerSettings>;
}

export interface WorkerSettings extends EngineTimings {
  /** Number of jobs of each type, and of timers, processed in parallel. */
  concurrency: number;
  /** Number of changes handled in parallel. Handlers mostly wait for Slack, which takes some 30 messages at once. */
  changesAtOnce: number;
}

const defaultSettings: WorkerSettings = { ...usualTimings.embeddedEngine, concurrency: 10, changesAtOnce: 30 };

export interface EmbeddedEngine extends ProcessEngine {
  library: ProcessLibrary;
}

/** Maximum number of new instances per statement. */
const beginningsAtOnce = 20;

interface Stoppable {
  stop(): Promise<void>;
}

/**
 * The engine inside Kickoff: loads the processes below `processesDir` and runs them in Kickoff's database. Files that cannot be
 * run are logged and skipped.
 */
export async function createEmbeddedEngine(options: EmbeddedEngineOptions): Promise<EmbeddedEngine> {
  const { database, jobHandlers, logger, now = () => new Date() } = options;
  const { db } = database;
  const settings = { ...defaultSettings, ...options.workers };
  const files = await openProcessFiles({
    database,
    directory: options.processesDir,
    jobTypes: options.externalWorkers ? undefined : Object.keys(jobHandlers),
    secrets: options.secrets,
    logger,
    now,
    intervalMs: settings.filesIntervalMs,
  });
  const { cache } = files;
  const workers: Stoppable[] = [];
  let tellChange: ((processInstanceKey: string) => Promise<void>) | undefined;
  let tellDefinitions = () => {};

  const newChanges = createHandover<Change>();
  const context: EngineContext = {
    db,
    definitions: cache,
    insertInstance: gather({
      work: (writes: InstanceWrite[]) => insertAndTell(db, newChanges, writes),
      atMost: beginningsAtOnce,
    }),
    doesJobs: (type) => options.externalWorkers !== undefined || Object.hasOwn(jobHandlers, type),
    logger,
    metrics: database.metrics,
    timings: settings,
    now,
    wake: database.signal,
  };

  /** Waits for the listeners of a task. Throws {@link UserTaskClosedError} if the task is interrupted meanwhile. */
  const listenersHeard = async (taskKey: string, key: { instanceKey: string; token: number }): Promise<void> => {
    await listenersDone(context, key);
    const task = await readTask(db, cache, taskKey);
    if (task?.status !== 'open' && task?.status !== 'completed') throw new UserTaskClosedError(task);
  };

  return {
    library: {
      ...files.library,
      moveToNewest: (key) => reachingDatabase(() => moveToNewest(context, files.current(), key)),
    },
    limitsOf: () => new Set(),
    listProcessDefinitions: async () =>
      [...files.current().values()].flatMap(({ model, definition }) =>
        model.startElementId === undefined ? [] : definition,
      ),
    startProcessInstance: (request) =>
      reachingDatabase(async () => ({ processInstanceKey: await startInstance(context, files.current(), request) })),
    getProcessInstance: (key) =>
      reachingDatabase(async () => (isInstanceKey(key) ? readInstance(db, cache, key) : undefined)),
    instanceLink: () => undefined,
    cancelProcessInstance: (key) => reachingDatabase(() => cancelInstance(context, key)),
    getVariables: (key, { local = false } = {}) =>
      reachingDatabase(async () => {
        const scope = parseTokenKey(key);
        return scope && readVariables(db, scope, local);
      }),
    setVariables: (request) => reachingDatabase(() => setVariables(context, request)),
    listIncidents: (key) => reachingDatabase(async () => (isInstanceKey(key) ? readIncidents(db, key) : [])),
    resolveIncident: (key, { retries = 1 } = {}) => reachingDatabase(() => resolveIncident(context, key, retries)),
    publishMessage: (message) => reachingDatabase(() => publishMessage(context, message)),
    findMessageReceivers: (name) => reachingDatabase(() => findMessageReceivers(db, name)),
    broadcastSignal: (signal) => reachingDatabase(() => broadcastSignal(context, signal)),
    listElementInstances: (key) =>
      reachingDatabase(async () => (isInstanceKey(key) ? readHistory(db, cache, key) : [])),
    getDiagram: (key) => reachingDatabase(async () => (isInstanceKey(key) ? readDiagram(db, key) : undefined)),
    getDefinitionDiagram: async (id) => files.diagramOf(id),
    getUserTask: (key) => reachingDatabase(() => readTask(db, cache, key)),
    listUserTasks: (key) => reachingDatabase(async () => (isInstanceKey(key) ? readTasks(db, cache, key) : [])),
    assignUserTask: ({ taskKey, ...assignment }) =>
      reachingDatabase(async () => {
        const key = parseTaskKey(taskKey);
        const outcome = key ? await assignTask(context, { ...key, ...assignment }) : 'closed';
        if (outcome === 'assigned') return;
        if (outcome === 'listening' && key) return listenersHeard(taskKey, key);
        const task = await readTask(db, cache, taskKey);
        // The assignee may have completed it meanwhile.
        throw outcome === 'taken' && task?.status === 'open'
          ? new UserTaskAssignedError(task)
          : new UserTaskClosedError(task);
      }),
    completeUserTask: ({ taskKey, variables, completedBy }) =>
      reachingDatabase(async () => {
        const key = parseTaskKey(taskKey);
        const outcome = key && (await completeTask(context, key, variables, completedBy));
        if (!outcome) throw new UserTaskClosedError(await readTask(db, cache, taskKey));
        if (outcome === 'listening') await listenersHeard(taskKey, key);
      }),
    onProcessInstanceChange(handler) {
      tellChange = handler;
    },
    onProcessDefinitionsChange(handler) {
      tellDefinitions = handler;
    },
    async start() {
      const { pollIntervalMs, leaseMs, concurrency, changesAtOnce, jobTimeoutMs: timeoutMs } = settings;
      await reachingDatabase(async () => {
        const jobs = { context, database, handlers: jobHandlers, pollIntervalMs, leaseMs, timeoutMs, concurrency };
        workers.push(await startJobWorker(jobs));
        const timers = { name: 'engine timers', signal: 'engine_due' as const, works: [timerWork(context, leaseMs)] };
        workers.push(await startQueueWorker({ ...timers, database, logger, pollIntervalMs, concurrency }));
        const continued = {
          name: 'engine continuations',
          signal: 'engine_due' as const,
          works: [continueWork(context, leaseMs)],
          // Continuations are not urgent, and all other work needs the database too.
          concurrency: 2,
        };
        workers.push(await startQueueWorker({ ...continued, database, logger, pollIntervalMs }));
        workers.push(await startEventWorker(context, database, { pollIntervalMs, leaseMs, concurrency }));
        workers.push(await files.watch(() => tellDefinitions()));
        if (options.externalWorkers) workers.push(serveJobs(context, jobHandlers, options.externalWorkers));
        if (!tellChange) return;
        const changes = {
          name: 'engine changes',
          signal: 'engine_changed' as const,
          works: [changeWork(db, leaseMs, tellChange, newChanges)],
          concurrency: changesAtOnce,
        };
        workers.push(await startQueueWorker({ ...changes, database, logger, pollIntervalMs }));
      });
    },
    checkHealth: () => reachingDatabase(() => database.checkHealth()),
    async stop() {
      await Promise.all(workers.map((worker) => worker.stop()));
    },
  };
}

/** Returns undefined if the task is not open; `listening`: its listeners decide whether it is completed. */
async function completeTask(
  context: EngineContext,
  { instanceKey, token }: { instanceKey: string; token: number },
  variables: Parameters<ProcessEngine['completeUserTask']>[0]['variables'],
  completedBy: string,
): Promise<'completed' | 'listening' | undefined> {
  let isListening = false;
  try {
    const isOpen = await runCommand(
      context,
      instanceKey,
      // Checked under the lock: a token exists while its task is open or an incident keeps it.
      ({ state, model }) => {
        const waiting = state.tokens[token];
        // The task is still open if an earlier answer could not be processed: another answer may succeed.
        if (!waiting || waiting.ending) return undefined;
        if (waiting.incident && waiting.incident.type !== 'ENGINE_FAULT') return undefined;
        const { behaviour, listeners } = elementAt({ model, state }, token);
        if (behaviour.kind !== 'userTask') return undefined;
        assertNotListening(waiting);
        isListening = Boolean(listeners.completing?.length);
        return { kind: 'complete', token, variables, by: completedBy };
      },
      { cause: { token } },
    );
    if (!isOpen) return undefined;
    return isListening ? 'listening' : 'completed';
  } catch (error) {
    if (!(error instanceof InterpretationError)) throw error;
    throw new EngineRefusedError(error.message, { cause: error });
  }
}

function serveJobs(
  context: EngineContext,
  jobHandlers: Record<string, JobHandler>,
  { token, route }: NonNullable<EmbeddedEngineOptions['externalWorkers']>,
): Stoppable {
  const jobs = createExternalJobs(context, (type) => Object.hasOwn(jobHandlers, type));
  const server = createJobsServer({ jobs, token, everyMs: context.timings.jobsEveryMs, logger: context.logger });
  route('/v2/jobs', server.handleRequest);
  return server;
}
