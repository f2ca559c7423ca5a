import { readFile } from 'node:fs/promises';
import { pino } from 'pino';
import { expect } from 'vitest';
import type { Channel } from '../../../sandbox/driver/channel.ts';
import type { Message } from '../../../sandbox/driver/message.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import type { SlackConfig } from '../../../src/config.ts';
import { createClientMessageRecorder } from '../../../src/intake/record-client-message.ts';
import type { LiveChat, LiveChatSettings } from '../../../src/live-chats/live-chat.ts';
import { createLiveChatIndex } from '../../../src/live-chats/live-chat-index.ts';
import { insertLiveChat } from '../../../src/live-chats/queries.ts';
import { createPriority } from '../../../src/priority.ts';
import { createCatalogue } from '../../../src/processes/catalogue.ts';
import { startActivityWorker } from '../../../src/slack/activity/activity-worker.ts';
import { createSlackApp } from '../../../src/slack/app.ts';
import { createCallPace } from '../../../src/slack/calls/call-pace.ts';
import { createDirectory } from '../../../src/slack/directory.ts';
import { followDirectoryChanges } from '../../../src/slack/directory-changes.ts';
import { createHomeChanges } from '../../../src/slack/home/home-changes.ts';
import { startHomeWorker } from '../../../src/slack/home/home-worker.ts';
import { fetchIdentity } from '../../../src/slack/identity.ts';
import { intakeDependencies } from '../../../src/slack/intake-dependencies.ts';
import { createUnknownPeople } from '../../../src/slack/process-library/unknown-people.ts';
import { createReceiver } from '../../../src/slack/receiver.ts';
import type { SlackContext } from '../../../src/slack/slack-context.ts';
import { startDependencies } from '../../../src/slack/start-dependencies.ts';
import { reconcileInstance } from '../../../src/slack/task-form/notify-tasks.ts';
import { startReminderWorker } from '../../../src/slack/task-form/reminder-worker.ts';
import { createWebClients } from '../../../src/slack/web-clients.ts';
import { startStartsWorker } from '../../../src/starts/worker.ts';
import { openTestDatabase } from '../../helpers/database.ts';
import { keepShown } from '../../helpers/keep-shown.ts';
import { quickTimings } from '../../helpers/kickoff.ts';
import { pendingWork } from '../../helpers/quiet.ts';
import { createFakeEngine, type FakeEngine, type FakeProcess } from './fake-engine.ts';

/** Kickoff in a sandbox workspace, with an engine that does as the test says. */
export interface Office {
  sandbox: Sandbox;
  people: Sandbox['people'];
  engine: FakeEngine;
  context: SlackContext;
  liveChat: LiveChat;
  /** A session with Carl of Acme, in which he has asked `question`. */
  channel: Channel;
  question: Message;
  /** Picks the process in the shortcut's modal and presses Start. */
  start(person: 'oleg' | 'olga' | 'sam', processName: string): Promise<Sandbox['people']['oleg']['modal']>;
  /** Resolves when nothing is under way. */
  quiet(): Promise<void>;
  close(): Promise<void>;
}

/** Oleg and Olga operate the live chat, Sam supervises it. */
export async function openOffice(
  processes: FakeProcess[],
  settings: (sandbox: Sandbox) => Partial<LiveChatSettings> = () => ({}),
): Promise<Office> {
  const [manifest, database] = await Promise.all([readFile('manifest.yml', 'utf8'), openTestDatabase()]);
  const sandbox = await startSandbox({ manifest });
  const logger = pino({ level: process.env.TEST_LOG_LEVEL ?? 'silent' });
  const { people, teamId } = sandbox;
  const liveChat = await insertLiveChat(database.db, teamId, {
    name: 'Support',
    source: 'prefix',
    prefixes: ['support-'],
    channels: [],
    clients: 'everyone',
    operators: [people.oleg.id, people.olga.id],
    supervisors: [people.sam.id],
    operatorGroups: [],
    supervisorGroups: [],
    activityChannel: null,
    ...settings(sandbox),
  });
  if (!liveChat) throw new Error('the live chat was not made');
  const slack: SlackConfig = {
    botToken: sandbox.botToken,
    apiUrl: sandbox.apiUrl,
    delivery: { mode: 'socket', appToken: sandbox.appToken },
  };
  const clients = createWebClients(slack, logger, createCallPace(quickTimings.calls), database.metrics, quickTimings);
  const identity = await fetchIdentity(clients.client);
  const engine = createFakeEngine(processes);
  const catalogue = createCatalogue(await engine.listProcessDefinitions());
  const directory = createDirectory(clients, identity);
  await followDirectoryChanges(database, directory);
  const liveChats = await createLiveChatIndex(database, quickTimings.liveChats, logger);
  const homes = createHomeChanges(database, identity.teamId, quickTimings.home, logger);
  const context: SlackContext = {
    ...clients,
    priority: createPriority(),
    recordClientMessage: createClientMessageRecorder(intakeDependencies({ database, directory, identity })),
    homes,
    database,
    db: database.db,
    engine,
    library: undefined,
    unknownPeople: createUnknownPeople(),
    catalogue: () => catalogue,
    allProcesses: () => catalogue,
    catalogueChanged: async () => {},
    liveChats,
    directory,
    identity,
    admins: [],
    timings: quickTimings,
    logger,
  };
  engine.onProcessInstanceChange((key) => reconcileInstance(context, key));
  const workers = await Promise.all([
    startStartsWorker(database, context.priority, startDependencies(context), quickTimings.starts),
    startActivityWorker(context),
    startHomeWorker(context),
    startReminderWorker(context),
  ]);
  const { app, drain } = createSlackApp(context, createReceiver(slack, quickTimings.socket, logger), slack.botToken);
  await app.start();
  const channel = await people.anna.createChannel('support-acme', { sharedWith: 'Acme' });
  for (const member of ['app', people.carl, people.oleg, people.olga, people.sam, people.emma]) {
    await people.anna.invite(channel, member);
  }
  const question = await people.carl.post(channel, 'Do you have chairs?');
  const quiet = async () => {
    await sandbox.traffic.until(
      async () => {
        await sandbox.traffic.settled({ timeoutMs: 20_000 });
        // The office has no workers for joining and adopting channels.
        const pending = await pendingWork(database.db);
        return !pending.some((what) => what.startsWith('start') || what === 'activity line');
      },
      { timeoutMs: 20_000 },
    );
  };
  // What has happened so far is past when a test begins.
  await quiet();
  // Several events told of the new channel at once: none of them failed because of another.
  expect(sandbox.traffic.deliveries.filter(({ attempts }) => attempts.length > 1)).toEqual([]);
  return {
    sandbox,
    people,
    engine,
    context,
    liveChat,
    channel,
    question,
    quiet,
    async start(person, processName) {
      await people[person].shortcut('start_process', question);
      const modal = await people[person].modalShown('Start business process');
      await modal.choose('Business process', processName);
      await modal.submit();
      return modal;
    },
    async close() {
      await app.stop();
      await drain();
      await Promise.all(workers.map((worker) => worker.stop()));
      liveChats.stop();
      await Promise.all([keepShown(sandbox), sandbox.close(), database.close()]);
    },
  };
}
