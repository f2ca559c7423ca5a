import { readFile } from 'node:fs/promises';
import { pino } from 'pino';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import type { SlackConfig } from '../../../src/config.ts';
import { createClientMessageRecorder } from '../../../src/intake/record-client-message.ts';
import { createLiveChatIndex } from '../../../src/live-chats/live-chat-index.ts';
import { createPriority } from '../../../src/priority.ts';
import { createCatalogue } from '../../../src/processes/catalogue.ts';
import type { ProcessDefinition } from '../../../src/processes/process-definition.ts';
import { startAdoptionWorker } from '../../../src/slack/adopt-channels.ts';
import { createSlackApp, type SlackApp } from '../../../src/slack/app.ts';
import { createCallPace } from '../../../src/slack/calls/call-pace.ts';
import { createDirectory } from '../../../src/slack/directory.ts';
import { followDirectoryChanges } from '../../../src/slack/directory-changes.ts';
import { createHomeChanges } from '../../../src/slack/home/home-changes.ts';
import { fetchIdentity } from '../../../src/slack/identity.ts';
import { intakeDependencies } from '../../../src/slack/intake-dependencies.ts';
import { startJoinsWorker } from '../../../src/slack/join-channels.ts';
import { createUnknownPeople } from '../../../src/slack/process-library/unknown-people.ts';
import { createReceiver } from '../../../src/slack/receiver.ts';
import type { SlackContext } from '../../../src/slack/slack-context.ts';
import { createWebClients } from '../../../src/slack/web-clients.ts';
import { openTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { keepShown } from '../../helpers/keep-shown.ts';
import { quickTimings } from '../../helpers/kickoff.ts';

/** Kickoff's Slack side without an engine: its database can be looked into, its process definitions changed. */
export interface Office {
  sandbox: Sandbox;
  database: TestDatabase;
  context: SlackContext;
  /** Replaces all process definitions. */
  define(definitions: ProcessDefinition[]): void;
  /** Starts the workers that take channels in and join them, and listens to Slack. */
  open(): Promise<void>;
  /** Stops what open() started, as if Kickoff went down. */
  shut(): Promise<void>;
  close(): Promise<void>;
}

export async function makeOffice(
  options: { admins?: string[]; definitions?: ProcessDefinition[] } = {},
): Promise<Office> {
  const [sandbox, database] = await Promise.all([
    startSandbox({ manifest: await readFile('manifest.yml', 'utf8'), timings: { patienceMs: 10_000 } }),
    openTestDatabase(),
  ]);
  const logger = pino({ level: process.env.TEST_LOG_LEVEL ?? 'silent' });
  const config: SlackConfig = {
    botToken: sandbox.botToken,
    apiUrl: sandbox.apiUrl,
    delivery: { mode: 'socket', appToken: sandbox.appToken },
  };
  const clients = createWebClients(config, logger, createCallPace(quickTimings.calls), database.metrics, quickTimings);
  const identity = await fetchIdentity(clients.client);
  const directory = createDirectory(clients, identity);
  await followDirectoryChanges(database, directory);
  const liveChats = await createLiveChatIndex(database, quickTimings.liveChats, logger);
  let catalogue = createCatalogue(options.definitions ?? []);
  const homes = createHomeChanges(database, identity.teamId, quickTimings.home, logger);
  const context: SlackContext = {
    ...clients,
    priority: createPriority(),
    recordClientMessage: createClientMessageRecorder(intakeDependencies({ database, directory, identity })),
    homes,
    database,
    db: database.db,
    get engine(): never {
      throw new Error('there is no engine here');
    },
    library: undefined,
    unknownPeople: createUnknownPeople(),
    catalogue: () => catalogue,
    allProcesses: () => catalogue,
    catalogueChanged: async () => {},
    liveChats,
    directory,
    identity,
    admins: options.admins ?? [],
    timings: quickTimings,
    logger,
  };
  let slack: SlackApp | undefined;
  let workers: { stop(): Promise<void> }[] = [];
  const shut = async () => {
    await slack?.app.stop();
    await slack?.drain();
    await Promise.all(workers.map((worker) => worker.stop()));
    slack = undefined;
    workers = [];
  };
  return {
    sandbox,
    database,
    context,
    define(definitions) {
      catalogue = createCatalogue(definitions);
    },
    async open() {
      workers = await Promise.all([startAdoptionWorker(context), startJoinsWorker(context)]);
      slack = createSlackApp(context, createReceiver(config, quickTimings.socket, logger), config.botToken);
      await slack.app.start();
    },
    shut,
    async close() {
      await shut();
      liveChats.stop();
      await keepShown(sandbox);
      await sandbox.close();
      await database.close();
    },
  };
}
