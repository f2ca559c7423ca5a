import { setTimeout } from 'node:timers/promises';
import { type Config, ConfigError, type SlackConfig } from './config.ts';
import { type Database, type DatabaseOptions, openDatabase } from './db/client.ts';
import { createHandover, type Handover } from './db/handover.ts';
import type { Worker } from './db/worker.ts';
import { type OpenEngines, openEngines } from './engines/open-engines.ts';
import type { Engines } from './engines/several.ts';
import { listSwitchedOff, withSwitch } from './engines/switched-off.ts';
import { reasonOf } from './errors.ts';
import { type HttpServer, type Readiness, type RequestHandler, startHttpServer } from './http-server.ts';
import { startConversationsWorker } from './intake/publish-worker.ts';
import { createClientMessageRecorder } from './intake/record-client-message.ts';
import { storeListeners } from './intake/store-listeners.ts';
import { startTimersWorker } from './intake/waits/timers-worker.ts';
import { createLiveChatIndex } from './live-chats/live-chat-index.ts';
import type { Logger } from './logger.ts';
import { metricsPath, refuseMetrics, serveMetrics } from './metrics/serve-metrics.ts';
import { createPriority } from './priority.ts';
import { createCatalogue } from './processes/catalogue.ts';
import { startRetentionWorker } from './retention/retention-worker.ts';
import { startActivityWorker } from './slack/activity/activity-worker.ts';
import { startAdoptionWorker } from './slack/adopt-channels.ts';
import { createSlackApp } from './slack/app.ts';
import { createCallPace } from './slack/calls/call-pace.ts';
import { createDirectory } from './slack/directory.ts';
import { followDirectoryChanges } from './slack/directory-changes.ts';
import { startDriftWorker } from './slack/drift/drift-worker.ts';
import { startDeferredDeliveriesWorker } from './slack/event-delivery.ts';
import { deliveriesPath } from './slack/guard-requests.ts';
import { createHomeChanges } from './slack/home/home-changes.ts';
import { startHomeWorker } from './slack/home/home-worker.ts';
import { fetchIdentity } from './slack/identity.ts';
import { intakeDependencies } from './slack/intake-dependencies.ts';
import { createSendMessage } from './slack/job-handlers/send-message.ts';
import { createSendResponse } from './slack/job-handlers/send-response.ts';
import { startJoinsWorker } from './slack/join-channels.ts';
import { startMembershipWorker } from './slack/membership/check-membership.ts';
import { startSweeper } from './slack/notices/sweeper.ts';
import { deleteSuperseded } from './slack/pictures/delete-superseded.ts';
import { platformError } from './slack/platform-error.ts';
import { startPeopleWorker } from './slack/process-library/check-people.ts';
import { createUnknownPeople } from './slack/process-library/unknown-people.ts';
import { createReceiver } from './slack/receiver.ts';
import type { SlackContext } from './slack/slack-context.ts';
import { startDependencies } from './slack/start-dependencies.ts';
import { createStep } from './slack/task-form/in-step.ts';
import { reconcileInstance, releaseOverdue } from './slack/task-form/notify-tasks.ts';
import { startReminderWorker } from './slack/task-form/reminder-worker.ts';
import { createWebClients } from './slack/web-clients.ts';
import type { ClaimedStart } from './starts/start-queue.ts';
import { createStartsUnderWay } from './starts/under-way.ts';
import { startStartsWorker } from './starts/worker.ts';
import { changeTimings, type TimingChanges, type Timings, usualTimings } from './timings.ts';
import { withTimeout } from './with-timeout.ts';

/** Kickoff was stopped before it was ready. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
}

export interface Kickoff {
  /** The port that serves health, readiness and, in HTTP mode, Slack's deliveries. */
  port: number;
  /** Resolves when Kickoff is ready; rejects if it cannot start. */
  ready: Promise<void>;
  /** Finishes running work and releases everything. */
  stop(): Promise<void>;
}

/** The parts of Kickoff. Absent ones are created from the configuration. */
export interface KickoffParts {
  config: Config;
  logger: Logger;
  /** Locates Slack: the sandbox can take its place, served by Kickoff's own server. */
  locateSlack?: (server: HttpServer) => Promise<SlackConfig>;
  openDatabase?: (options: DatabaseOptions) => Promise<Database>;
  openEngines?: (config: Config, parts: OpenEngines) => Promise<Engines>;
  /** Prepares data before Kickoff listens to Slack. */
  prepare?: (context: SlackContext) => Promise<void>;
  /** Overrides of the default timings. */
  timings?: TimingChanges;
}

/** Puts Kickoff together: HTTP server → database → Slack's identity → engine → workers → deliveries. */
export async function createKickoff(parts: KickoffParts): Promise<Kickoff> {
  const { config, logger, prepare } = parts;
  const locateSlack = parts.locateSlack ?? (async () => requireSlack(config));
  const timings = changeTimings(usualTimings, parts.timings ?? {});
  const { databaseUrl, dataDir } = config;
  const open = () => (parts.openDatabase ?? openDatabase)({ databaseUrl, dataDir, timings: timings.database, logger });
  const undo: (() => Promise<unknown>)[] = [];
  const notReady = (fault: string) => async () => ({ fault, notes: [] });
  const ending = new AbortController();
  let readiness: () => Promise<Readiness> = notReady('starting');
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= (async () => {
      readiness = notReady('stopping');
      ending.abort(new StoppedError('Kickoff was stopped while it started'));
      // One by one: a start-up that is still running may add what it has opened.
      for (let step = undo.pop(); step; step = undo.pop()) await step();
    })();
    return stopping;
  };
  const server = await startHttpServer({
    port: config.port,
    host: config.slack ? undefined : config.sandboxHost,
    readiness: () => readiness(),
    logger,
  });
  undo.push(() => server.close());
  /** Registers how to close a part that was opened; closes it at once and ends start-up if Kickoff is already stopping. */
  const closeOnStop = async (step: () => Promise<unknown>) => {
    if (!ending.signal.aborted) return void undo.push(step);
    await step();
    throw ending.signal.reason;
  };

  const start = async () => {
    const slack = await locateSlack(server);
    logger.info({ database: config.databaseUrl ? 'Postgres' : 'embedded' }, 'opening the database');
    const database = await untilAvailable(
      open,
      isConnectionFailure,
      { ...timings.opening, ending: ending.signal },
      (reason) => {
        readiness = notReady(`Database: ${reason}`);
        logger.warn({ reason }, 'waiting for the database');
      },
    );
    await closeOnStop(() => database.close());
    // The sandbox is only for people who can reach this machine.
    const isOpen = config.slack === undefined || config.metricsToken !== undefined;
    server.route(
      metricsPath,
      isOpen
        ? serveMetrics({
            metrics: database.metrics,
            isReady: async () => (await readiness()).fault === undefined,
            token: config.metricsToken,
            logger,
          })
        : refuseMetrics,
    );
    const pace = createCallPace(timings.calls);
    const { directoryClient, ...clients } = createWebClients(slack, logger, pace, database.metrics, timings);
    await closeOnStop(async () => clients.token.stop());
    logger.info({ mode: slack.delivery.mode }, 'connecting to Slack');
    const identity = await untilAvailable(
      () => fetchIdentity(clients.client),
      (error) => !(error instanceof Error && error.name === 'ConfigError'),
      { ...timings.opening, ending: ending.signal },
      (reason) => {
        readiness = notReady(`Slack: ${reason}`);
        logger.warn({ reason }, 'waiting for Slack');
      },
    );
    const directory = createDirectory({ directoryClient, bulkClient: clients.bulkClient }, identity);
    await followDirectoryChanges(database, directory);
    const liveChats = await createLiveChatIndex(database, timings.liveChats, logger);
    await closeOnStop(async () => liveChats.stop());
    const homes = createHomeChanges(database, identity.teamId, timings.home, logger);
    await closeOnStop(() => homes.stop());
    logger.info({ folder: config.processesDir }, 'loading processes');
    const engine = await (parts.openEngines ?? openEngines)(config, {
      database,
      logger,
      timings,
      route: server.route,
      jobHandlers: {
        'live-chat:send-response': createSendResponse(() => context, { asOperator: config.answerAsOperator }),
        'live-chat:send-message': createSendMessage(() => context),
      },
    });
    await storeListeners(database.db, engine);
    const catalogues = await openCatalogue(engine, database, logger);
    const newStarts = createHandover<ClaimedStart>();
    const context: SlackContext = {
      ...clients,
      database,
      db: database.db,
      engine,
      library: engine.library,
      unknownPeople: createUnknownPeople(),
      ...catalogues,
      liveChats,
      directory,
      identity,
      priority: createPriority(),
      startsUnderWay: createStartsUnderWay(),
      recordClientMessage: createClientMessageRecorder(
        intakeDependencies({ database, directory, identity }),
        newStarts,
      ),
      homes,
      admins: config.admins,
      timings,
      logger,
    };
    const inStep = createStep(timings.followUp.gatherMs);
    engine.onProcessInstanceChange(async (key) => {
      await inStep();
      await context.priority.giveWay(timings.followUp.patienceMs);
      await reconcileInstance(context, key);
    });
    await prepare?.(context);
    await engine.start();
    await closeOnStop(() => engine.stop());
    const workers = await Promise.all([
      ...startWorkers(context, database, newStarts),
      startRetentionWorker({ database, logger, keepDays: config.keepDays, timings: timings.retention }),
    ]);
    await closeOnStop(() => Promise.all(workers.map((worker) => worker.stop())));

    const slackReceiver = createReceiver(slack, timings.socket, logger);
    const { app, drain } = createSlackApp(context, slackReceiver, slack.botToken);
    if (slackReceiver.handleRequest) server.route(deliveriesPath, slackReceiver.handleRequest);
    else await startSocketMode(app);
    await closeOnStop(async () => {
      if (slackReceiver.handleRequest) server.route(deliveriesPath, refuse);
      // Running deliveries are acknowledged over the connection they came by.
      await drain();
      if (!slackReceiver.handleRequest) await app.stop();
      await drain();
    });
    // Calls that wait for their turn are made after the next start.
    await closeOnStop(async () => pace.stop());
    const slackFault = () =>
      clients.token.refusal === undefined
        ? slackReceiver.fault()
        : `Slack: the bot token is not accepted: ${clients.token.refusal}`;
    readiness = () => findReadiness(database, engine, slackFault, timings.health.patienceMs);
    logger.info(
      { port: server.port, team: identity.teamId, processes: catalogues.catalogue().size },
      'Kickoff is ready',
    );
  };
  const ready = start();
  ready.catch(() => {});
  return { port: server.port, ready, stop };
}

/** While Kickoff stops: asks Slack to deliver again. */
const refuse: RequestHandler = (_, response) => {
  response.writeHead(503, { connection: 'close' }).end();
};

/** Throws {@link ConfigError} if Slack does not accept the app-level token. */
async function startSocketMode(app: { start(): Promise<unknown> }): Promise<void> {
  try {
    await app.start();
  } catch (error) {
    const reason = platformError(error);
    if (reason === undefined) throw error;
    throw new ConfigError(`SLACK_APP_TOKEN is not accepted by Slack: ${reason}`, { cause: error });
  }
}

function startWorkers(context: SlackContext, database: Database, newStarts: Handover<ClaimedStart>): Promise<Worker>[] {
  const { priority, timings, logger } = context;
  return [
    startStartsWorker(database, priority, startDependencies(context), timings.starts, newStarts),
    startConversationsWorker(database, startDependencies(context), timings.conversations, logger),
    startDeferredDeliveriesWorker(context),
    startJoinsWorker(context),
    startAdoptionWorker(context),
    startTimersWorker(database, intakeDependencies(context), timings.waits, logger),
    startMembershipWorker(context),
    startActivityWorker(context),
    startReminderWorker(context),
    startSweeper(context, [
      { work: releaseOverdue, postponed: 'messages about tasks of closed modals are sent later' },
      { work: deleteSuperseded, postponed: 'old pictures are deleted later' },
    ]),
    startHomeWorker(context),
    startDriftWorker(context),
    startPeopleWorker(context),
  ];
}

async function openCatalogue(
  engine: Engines,
  database: Database,
  logger: Logger,
): Promise<Pick<SlackContext, 'catalogue' | 'allProcesses' | 'catalogueChanged'>> {
  const read = async () => {
    const definitions = await engine.listProcessDefinitions();
    const off = await listSwitchedOff(database.db);
    const byEvents = (engine.library?.listStartedByEvents() ?? []).map((one) => withSwitch(one, off));
    const byHand = createCatalogue(definitions);
    return { byHand, all: byEvents.length === 0 ? byHand : createCatalogue([...byEvents, ...definitions]) };
  };
  let catalogues = await read();
  const readAgain = async () => {
    catalogues = await read();
    database.signal('drifts_due');
    await storeListeners(database.db, engine);
  };
  const readQuietly = () => {
    readAgain().catch((err) => logger.warn({ err }, 'process definitions could not be read again'));
  };
  engine.onProcessDefinitionsChange(readQuietly);
  await database.listen('catalogue_changed', readQuietly);
  return {
    catalogue: () => catalogues.byHand,
    allProcesses: () => catalogues.all,
    async catalogueChanged() {
      await readAgain();
      database.signalOthers('catalogue_changed', readQuietly);
    },
  };
}

/**
 * Readiness. An unavailable external engine is only a note: facts are still recorded and starts wait, whereas a Kickoff that is
 * not ready gets no deliveries, which Slack soon gives up.
 */
async function findReadiness(
  database: Database,
  engine: Engines,
  slackFault: () => string | undefined,
  patienceMs: number,
): Promise<Readiness> {
  try {
    await withTimeout(database.checkHealth(), patienceMs);
  } catch (error) {
    return { fault: `Database: ${reasonOf(error)}`, notes: [] };
  }
  const away = await engine.listAway(patienceMs);
  const broken = away.find(({ isElsewhere }) => !isElsewhere);
  return {
    fault: broken ? `Engine: ${broken.reason}` : slackFault(),
    notes: away.flatMap(({ isElsewhere, label, reason }) => (isElsewhere ? `${label} is away: ${reason}` : [])),
  };
}

/** Retries with doubling delays while `isTransient` says that waiting can help. */
async function untilAvailable<Result>(
  attempt: () => Promise<Result>,
  isTransient: (error: unknown) => boolean,
  { firstPauseMs, longestPauseMs, ending }: Timings['opening'] & { ending: AbortSignal },
  tell: (reason: string) => void,
): Promise<Result> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      return await attempt();
    } catch (error) {
      ending.throwIfAborted();
      if (!isTransient(error)) throw error;
      tell(reasonOf(error));
      await setTimeout(pauseMs, undefined, { signal: ending }).catch(() => ending.throwIfAborted());
    }
  }
}

/** Whether the database is unreachable, as opposed to reachable but refusing access. */
function isConnectionFailure(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  // 57P03: the server is starting up (PostgreSQL, appendix A: cannot_connect_now).
  return ['ECONNREFUSED', 'ECONNRESET', 'CONNECT_TIMEOUT', 'CONNECTION_CLOSED', 'EAI_AGAIN', '57P03'].includes(code);
}

function requireSlack(config: Config): SlackConfig {
  if (!config.slack)
    throw new ConfigError('SLACK_BOT_TOKEN is not set (the sandbox workspace is in a checkout: npm start)');
  return config.slack;
}
