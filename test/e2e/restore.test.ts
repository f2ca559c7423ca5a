import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Channel } from '../../sandbox/driver/channel.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { waitUntil } from '../../sandbox/traffic.ts';
import { readConfig } from '../../src/config.ts';
import type { Db } from '../../src/db/client.ts';
import { createKickoff, type Kickoff } from '../../src/kickoff.ts';
import { end, flow, job, process, start } from '../engines/diagram-builder.ts';
import { writeFolder } from '../engines/embedded-world.ts';
import { type BackedUpDatabase, createBackedUpDatabase } from '../helpers/backed-up-database.ts';
import { pendingWork } from '../helpers/quiet.ts';
import { setUpByClicking } from '../helpers/set-up-by-clicking.ts';

let directory: string;
let database: BackedUpDatabase;
let sandbox: Sandbox;
let processesDir: string;
let kickoff: Kickoff | undefined;
let db: Db;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kickoff-restore-'));
  database = await createBackedUpDatabase(directory);
  sandbox = await startSandbox({ manifest: await readFile('manifest.yml', 'utf8') });
  const step = job('step', { type: 'live-chat:send-response', inputs: { text: '="We are on it"' } });
  const answer = process([start('start'), step, end(), flow('start -> step -> end')], { id: 'Answer', name: 'Answer' });
  processesDir = await writeFolder({ 'answer.bpmn': answer });
});
afterEach(async () => {
  await kickoff?.stop();
  await sandbox.close();
  await database.drop();
  await rm(directory, { recursive: true, force: true });
});

async function startOn(): Promise<void> {
  const config = readConfig({
    SLACK_BOT_TOKEN: sandbox.botToken,
    SLACK_APP_TOKEN: sandbox.appToken,
    SLACK_API_URL: sandbox.apiUrl,
    ...database.environment(),
    PROCESSES_DIR: processesDir,
    PORT: '0',
  });
  kickoff = await createKickoff({
    config,
    logger: pino({ level: 'silent' }),
    timings: { calls: { minuteMs: 0 } },
    async prepare(context) {
      db = context.db;
    },
  });
  await kickoff.ready;
}

/** Waits until everything is idle. */
async function quiet(): Promise<void> {
  await sandbox.traffic.settled();
  await waitUntil(sandbox.traffic.onChange, async () => (await pendingWork(db)).length === 0, {
    timeoutMs: 20_000,
    describe: () => 'quiet',
  });
}

/** Creates a client's channel, and waits until Kickoff hears what is said there. */
async function openFor(name: string): Promise<Channel> {
  const { anna, carl } = sandbox.people;
  const channel = await anna.createChannel(name, { sharedWith: 'Acme' });
  await anna.invite(channel, carl);
  await sandbox.traffic.until(() => channel.hasApp, { timeoutMs: 20_000 });
  await quiet();
  return channel;
}

/** Kickoff's messages to the client, by the key of the job that wrote them. */
const answersIn = (channel: Channel) =>
  sandbox.traffic
    .callsOf('chat.postMessage')
    .map(({ args }) => args as { channel?: string; metadata?: string | object })
    .filter((posted) => posted.channel === channel.id)
    .map(({ metadata }) => (typeof metadata === 'string' ? metadata : JSON.stringify(metadata)));

test('after a restore, answers given since the backup are not repeated, and new messages are answered', async () => {
  await startOn();
  const { carl } = sandbox.people;
  await setUpByClicking({ sandbox }, { bindings: { 'Message received': { process: 'Answer' } } });
  const patience = {
    name: 'Patience',
    prefixes: 'patience-',
    bindings: { 'Client is waiting': { process: 'Answer' } },
  };
  await setUpByClicking({ sandbox }, patience);
  const channel = await openFor('support-acme');
  const waiting = await openFor('patience-acme');
  await carl.post(waiting, 'Is anybody there?');
  await quiet();
  await kickoff?.stop();
  await database.backUp();

  await startOn();
  await carl.post(channel, 'Where is my order?');
  await sandbox.traffic.until(() => answersIn(channel).length === 1, { timeoutMs: 20_000 });
  await quiet();
  await kickoff?.stop();

  await database.restore();
  const message = sandbox.traffic.deliveriesOf('message').find(({ body }) => JSON.stringify(body).includes('my order'));
  await database.change(async (run) => {
    // As if the backup had been made while the app was joining the channels, so that it reads what was said since.
    await run("update sessions set unheard_since = now() - interval '1 hour', join_due_at = now()");
    // While the message was deferred by an outage.
    const defer = "insert into deferred_deliveries (event_id, body, due_at) values ('EvDeferred', $1, now())";
    await run(defer, [message?.body]);
    // And before a client had waited long enough.
    await run("update session_timers set since = since - interval '1 hour', due_at = now()");
    await run("update bindings set armed_at = armed_at - interval '2 hours'");
    await run(await readFile('deploy/after-restore.sql', 'utf8'));
  });
  await startOn();
  await carl.post(channel, 'And my invoice?');
  // A second answer to the first question would come before the answer to the second question.
  await sandbox.traffic.until(() => answersIn(channel).length === 2, { timeoutMs: 20_000 });
  await quiet();
  expect(answersIn(channel)).toHaveLength(2);
  // An attempt that searches for its posted answer must not find the other job's answer.
  expect(new Set(answersIn(channel)).size).toBe(2);
  expect(answersIn(waiting)).toEqual([]);
}, 120_000);
