import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signature } from '../../sandbox/delivery/http-transport.ts';
import type { Channel } from '../../sandbox/driver/channel.ts';
import { type Delivery, waitUntil } from '../../sandbox/traffic.ts';
import { type CrashWorld, type CrashWorldOptions, shortLeases, startCrashWorld } from '../helpers/crash-world.ts';
import { bothDeliveryModes } from '../helpers/kickoff.ts';
import { setUpByClicking } from '../helpers/set-up-by-clicking.ts';
import type { LiveChatSetUp } from '../helpers/set-up-live-chat.ts';
import { startTcpProxy, type TcpProxy } from '../helpers/tcp-proxy.ts';

let world: CrashWorld;
let channel: Channel;

/** Part of every text that a client writes here; must not be in any log line. */
const confidential = 'confidential';

const bindings = { 'Message received': { process: 'Post message' } };

/** A live chat with one channel, in which Gina the guest can write. */
async function startSupport(options: CrashWorldOptions = {}, setUp: LiveChatSetUp = { bindings }): Promise<void> {
  world = await startCrashWorld({ ...options, entry: shortLeases, sandbox: { timings: { patienceMs: 10_000 } } });
  await setUpByClicking(world, setUp);
  const { anna, gina } = world.sandbox.people;
  channel = await anna.createChannel('support-globex');
  await anna.invite(channel, gina);
  await world.sandbox.traffic.until(() => channel.hasApp);
  await world.sandbox.traffic.settled();
}

/** Closes everything, and checks that the log contains neither secrets nor people's messages. */
async function endSupport(): Promise<void> {
  const { sandbox, log } = world;
  await world.close();
  for (const secret of [sandbox.botToken, sandbox.appToken, sandbox.signingSecret, confidential]) {
    expect(log.lines.filter(({ text }) => text.includes(secret))).toEqual([]);
  }
}

const words = (text: string) => `${text} (${confidential})`;

async function post(text: string): Promise<Delivery> {
  const { traffic, people } = world.sandbox;
  await people.gina.post(channel, words(text));
  const delivery = await traffic.until(() =>
    traffic.deliveriesOf('message').find(({ body }) => JSON.stringify(body.event).includes(words(text))),
  );
  if (!delivery) throw new Error(text);
  return delivery;
}

/** Expects that one process instance posted each of these texts. */
async function postedOnce(texts: string[]): Promise<void> {
  await world.posted('/messages', texts.map(words), { timeoutMs: 40_000 });
  await world.sandbox.traffic.settled();
  expect(texts.filter((text) => world.posts('/messages', words(text)) !== 1)).toEqual([]);
}

async function readiness(port = world.kickoff.port): Promise<{ status: number; reason: string; ms: number }> {
  const from = performance.now();
  const response = await fetch(`http://127.0.0.1:${port}/readyz`);
  return { status: response.status, reason: await response.text(), ms: performance.now() - from };
}

const untilReadinessIs = (status: number, port?: number) =>
  waitUntil(world.sandbox.traffic.onChange, async () => (await readiness(port)).status === status, {
    timeoutMs: 40_000,
    describe: () => `readyz answers ${status}\n${world.log.text.slice(-3000)}`,
  });

const attemptsOf = (delivery: Delivery, count: number) =>
  world.sandbox.traffic.until(() => delivery.attempts.length >= count, { timeoutMs: 20_000 });

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe.skipIf(!process.env.TEST_DATABASE_URL).each(bothDeliveryModes)('the database (%s)', (mode) => {
  let proxy: TcpProxy;
  let port: number;
  beforeAll(async () => {
    port = await freePort();
    await startSupport({
      mode,
      environment: { PORT: String(port) },
      async databaseUrl(url) {
        proxy = await startTcpProxy(url);
        return proxy.url;
      },
    });
  });
  afterAll(async () => {
    await endSupport();
    await proxy.close();
  });

  test('is gone and comes back: people are told at once, and nothing is lost', async () => {
    const { anna, oleg } = world.sandbox.people;
    await anna.command('/livechat-config', { in: 'general' });
    await (await anna.modalShown('Live chats')).click('New live chat');
    const settings = await anna.modalShown('New live chat');
    await settings.fill('Name', 'Sales');
    await settings.fill('Name starts with', 'sales-');
    await settings.choose('Operators', ['Olga Operator']);

    await proxy.cut();
    const from = world.log.lines.length;
    expect(await readiness()).toMatchObject({ status: 503, reason: expect.stringContaining('Database') });
    const delivery = await post('in the outage');
    await attemptsOf(delivery, 2);
    expect(delivery.attempts.filter(({ acknowledged }) => acknowledged)).toEqual([]);
    // The entered text stays, with the error next to it.
    const { errors } = await settings.submit();
    expect(Object.values(errors ?? {})).toEqual([expect.stringContaining('Please try again in a moment.')]);
    expect(settings.field('Name').value).toBe('Sales');
    await anna.modal.closeAll();
    await anna.command('/livechat-config', { in: 'general' });
    await (await anna.modalShown('Live chats')).shows('Please try again in a moment.', { timeoutMs: 4000 });
    await anna.modal.closeAll();
    const refused = await oleg.command('/livechat-config', { in: 'general' });
    expect(refused.acknowledged).toBe(true);
    expect(await readiness()).toMatchObject({ status: 503, reason: expect.stringContaining('Database') });
    // The workers do not loop: each fails a few times, with growing pauses.
    const failures = world.log.lines.slice(from).filter(({ msg }) => msg === 'worker failed');
    expect(failures.length).toBeLessThan(80);

    await proxy.restore();
    const restored = performance.now();
    await postedOnce(['in the outage']);
    await untilReadinessIs(200);
    expect(performance.now() - restored).toBeLessThan(10_000);
    await anna.command('/livechat-config', { in: 'general' });
    await (await anna.modalShown('Live chats')).shows('Support');
    await anna.modal.closeAll();
    // A signal wakes the worker again; with polling alone this would take 5 s in the end.
    const began = performance.now();
    const after = ['after 1', 'after 2', 'after 3', 'after 4'];
    for (const text of after) {
      await post(text);
      await postedOnce([text]);
    }
    expect(performance.now() - began).toBeLessThan(10_000);
    expect([...anna.notices, ...oleg.notices]).toEqual([]);
  });

  test('accepts everything and answers nothing: people are told nevertheless', { timeout: 90_000 }, async () => {
    const { anna } = world.sandbox.people;
    await anna.command('/livechat-config', { in: 'general' });
    await (await anna.modalShown('Live chats')).click('New live chat');
    const settings = await anna.modalShown('New live chat');
    await settings.fill('Name', 'Sales');
    await settings.fill('Name starts with', 'sales-');
    await settings.choose('Operators', ['Olga Operator']);
    proxy.stall();
    const unready = await readiness();
    expect(unready).toMatchObject({ status: 503, reason: expect.stringContaining('Database') });
    expect(unready.ms).toBeLessThan(5000);
    const delivery = await post('in the dark');
    const { errors, banner } = await settings.submit();
    expect(banner).toBeUndefined();
    expect(Object.values(errors ?? {})).toEqual([expect.stringContaining('Please try again in a moment.')]);
    await anna.modal.closeAll();
    await anna.command('/livechat-config', { in: 'general' });
    await (await anna.modalShown('Live chats')).shows('Please try again in a moment.', { timeoutMs: 6000 });
    await anna.modal.closeAll();
    await attemptsOf(delivery, 1);
    expect(delivery.attempts.filter(({ acknowledged }) => acknowledged)).toEqual([]);
    await proxy.restore();
    await postedOnce(['in the dark']);
    await untilReadinessIs(200);
  });

  test('is not available when Kickoff starts: Kickoff waits, and logs the reason', async () => {
    await world.terminate();
    await proxy.cut();
    await world.start({ untilReady: false });
    await world.log.says('waiting for the database');
    expect(await readiness(port)).toMatchObject({ status: 503, reason: expect.stringContaining('Database') });
    const delivery = await post('too early');
    await proxy.restore();
    await untilReadinessIs(200, port);
    await postedOnce(['too early']);
    expect(delivery.attempts.length).toBeGreaterThan(1);
  });
});

describe('Slack', () => {
  const port = freePort();
  beforeAll(async () =>
    startSupport(
      { environment: { PORT: String(await port) } },
      {
        clients: 'Guests and people from other organisations',
        bindings: {
          'Session created': { process: 'Post channel' },
          'Message received': { process: 'Answer message' },
        },
      },
    ),
  );
  afterAll(endSupport);

  test('answers 429 and 500 for a while: everything is done once it answers', async () => {
    const { faults, people, traffic } = world.sandbox;
    const other = await people.anna.createChannel('globex-2');
    for (const method of ['users.info', 'conversations.info', 'conversations.join', 'chat.postMessage']) {
      faults.rateLimit(method, { retryAfterSeconds: 1 });
      faults.fail(method);
    }
    await people.anna.rename(other, 'support-globex-2');
    await people.anna.createChannel('support-globex-3');
    await post('while Slack is busy');
    await world.posted('/channels', ['support-globex-2', 'support-globex-3'], { timeoutMs: 40_000 });
    await traffic.until(
      () => ['support-globex-2', 'support-globex-3'].every((name) => world.sandbox.channel(name).hasApp),
      {
        timeoutMs: 40_000,
      },
    );
    await postedOnce(['while Slack is busy']);
    expect(channel.messagesOfApp().map(({ text }) => text)).toEqual([`We got: ${words('while Slack is busy')}`]);
    for (const method of ['users.info', 'conversations.info', 'conversations.join', 'chat.postMessage']) {
      expect(traffic.callsOf(method).filter(({ status }) => status === 429 || status === 500)).toHaveLength(2);
    }
  });

  test('does not answer in time: the delivery is acknowledged, deferred and processed later', async () => {
    const { faults, people, workspace } = world.sandbox;
    // Drops Gina's cached profile.
    workspace.changePerson(people.gina, { title: 'Chief buyer' });
    await world.sandbox.traffic.settled();
    faults.delay('users.info', 4000);
    faults.fail('users.info', { times: 2 });
    const delivery = await post('put aside');
    await attemptsOf(delivery, 1);
    expect(delivery.attempts.map(({ acknowledged }) => acknowledged)).toEqual([true]);
    expect(world.posts('/messages', words('put aside'))).toBe(0);
    await postedOnce(['put aside']);
    expect(delivery.attempts).toHaveLength(1);
  });

  test('opens no modal: the person is told to try again', async () => {
    const { faults, people } = world.sandbox;
    const opens = async () => {
      await people.anna.command('/livechat-config', { in: 'general' });
      await (await people.anna.modalShown('Live chats')).shows('Support');
      await people.anna.modal.closeAll();
    };
    // One 500 is retried, a second one is waited out.
    faults.fail('views.open');
    await opens();
    faults.rateLimit('views.open', { retryAfterSeconds: 1 });
    await opens();
    faults.rateLimit('views.open', { retryAfterSeconds: 2 });
    await people.anna.command('/livechat-config', { in: 'general' });
    await people.anna.receives('Please try again in a moment.');
    expect(people.anna.modal.isOpen).toBe(false);
  });

  test('drops the connection and refuses new ones for a while', async () => {
    const { faults } = world.sandbox;
    faults.refuseConnections(true);
    faults.dropConnections();
    const texts = ['unheard 1', 'unheard 2', 'unheard 3'];
    const deliveries = await Promise.all(texts.map(post));
    for (const delivery of deliveries) await attemptsOf(delivery, 3);
    expect(await readiness()).toMatchObject({ status: 503, reason: expect.stringContaining('Slack') });
    faults.refuseConnections(false);
    await untilReadinessIs(200);
    await postedOnce(texts);
  });

  test('renews the connection: there is always one, and deliveries of the old one are acknowledged', async () => {
    const { faults, people, traffic, timings } = world.sandbox;
    const opened = () => traffic.callsOf('apps.connections.open').length;
    const before = opened();
    // This delivery waits for Slack's answer about its author, and is still pending when the renewal is announced.
    const newcomer = world.sandbox.workspace.addPerson({
      handle: 'greta',
      realName: 'Greta Newcomer',
      isRestricted: true,
    });
    await people.anna.invite(channel, newcomer);
    faults.delay('users.info', 800);
    timings.renewalMs = 2000;
    const slow = newcomer.post(channel, words('by the old connection'));
    faults.requestReconnect();
    const clicks: string[] = [];
    while (opened() === before || world.sandbox.socketConnections !== 1) {
      const { acknowledged } = await people.anna.command('/livechat-config', { in: 'general' });
      clicks.push(acknowledged ? 'answered' : 'lost');
      await people.anna.modal.closeAll();
    }
    await slow;
    expect(new Set(clicks)).toEqual(new Set(['answered']));
    await postedOnce(['by the old connection']);
    expect(traffic.deliveriesOf('message').at(-1)?.attempts).toHaveLength(1);
  });

  test('is not available when Kickoff starts: Kickoff waits, and logs the reason', async () => {
    const { faults } = world.sandbox;
    await world.terminate();
    faults.fail('auth.test', { times: 4 });
    faults.fail('apps.connections.open', { times: 1 });
    await world.start({ untilReady: false });
    await world.log.says('waiting for Slack');
    expect(await readiness(await port)).toMatchObject({ status: 503, reason: expect.stringContaining('Slack') });
    const delivery = await post('too early');
    await untilReadinessIs(200, await port);
    await postedOnce(['too early']);
    expect(delivery.attempts.length).toBeGreaterThan(1);
  });
});

describe('over HTTP', () => {
  beforeAll(() => startSupport({ mode: 'http' }));
  afterAll(endSupport);

  interface Forgery {
    body: string;
    secret?: string;
    ageSeconds?: number;
    type?: string;
    headers?: Record<string, string>;
  }

  async function send({ body, secret, ageSeconds = 0, type, headers }: Forgery): Promise<number> {
    const timestamp = String(Math.floor(Date.now() / 1000) - ageSeconds);
    const response = await fetch(`http://127.0.0.1:${world.kickoff.port}/slack/events`, {
      method: 'POST',
      headers: headers ?? {
        'content-type': type ?? 'application/json',
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': signature(secret ?? world.sandbox.signingSecret, timestamp, body),
      },
      body,
    });
    return response.status;
  }

  const message = () => {
    const { teamId, appId, people } = world.sandbox;
    return JSON.stringify({
      token: 'anything',
      team_id: teamId,
      api_app_id: appId,
      type: 'event_callback',
      event_id: 'Ev0FORGED',
      authorizations: [{ team_id: teamId }],
      event: {
        type: 'message',
        channel: channel.id,
        channel_type: 'channel',
        user: people.gina.id,
        text: words('forged'),
        ts: '1700000000.000100',
        event_ts: '1700000000.000100',
      },
    });
  };

  test('forged and stale requests are refused, and malformed ones do no harm', async () => {
    const refused: Forgery[] = [
      { body: message(), secret: 'another-secret' },
      { body: message(), ageSeconds: 600 },
      { body: message(), headers: { 'content-type': 'application/json' } },
      {
        body: message(),
        headers: { 'content-type': 'application/json', 'x-slack-signature': 'v0=', 'x-slack-request-timestamp': 'x' },
      },
    ];
    for (const forgery of refused) expect(await send(forgery)).toBeGreaterThanOrEqual(400);
    const form = 'application/x-www-form-urlencoded';
    const malformed: Forgery[] = [
      { body: '{"type":"event_callback"' },
      { body: '' },
      { body: 'null' },
      { body: '[]' },
      { body: '"text"' },
      { body: JSON.stringify({ type: 'event_callback' }) },
      { body: JSON.stringify({ type: 'event_callback', event: { type: 'message' } }) },
      { body: JSON.stringify({ type: 'event_callback', event: { type: 'channel_created' } }) },
      { body: JSON.stringify({ type: 'event_callback', event: 7, authorizations: 'none' }) },
      { body: 'payload=%7B', type: form },
      { body: 'payload=null', type: form },
      { body: `payload=${encodeURIComponent(JSON.stringify({ type: 'view_submission' }))}`, type: form },
      { body: `payload=${encodeURIComponent(JSON.stringify({ type: 'block_actions', actions: [] }))}`, type: form },
      { body: 'command=%2Flivechat-config', type: form },
      { body: `text=${'x'.repeat(2_000_000)}`, type: form },
    ];
    for (const forgery of malformed) expect([forgery.body.slice(0, 80), await send(forgery)]).not.toContain(0);
    await post('genuine');
    await postedOnce(['genuine']);
    expect(world.posts('/messages', words('forged'))).toBe(0);
    expect((await fetch(`http://127.0.0.1:${world.kickoff.port}/healthz`)).status).toBe(200);
    // The refused request, signed: it was refused only for its signature.
    expect(await send({ body: message() })).toBe(200);
    await postedOnce(['forged']);
  });

  test('a CRM that fails for a while gets each lead once', async () => {
    world.crm.failNext(500, 3);
    await post('patience');
    const tries = () => world.crm.requests.filter(({ body }) => Object.values(body ?? {}).includes(words('patience')));
    await waitUntil(world.sandbox.traffic.onChange, () => tries().length >= 4, {
      timeoutMs: 20_000,
      describe: () => `${tries().length} tries\n${world.log.text.slice(-3000)}`,
    });
    await postedOnce(['patience']);
    expect(tries()).toHaveLength(4);
  });

  test('stopped during a burst, Kickoff finishes what it began, and the next one does the rest', async () => {
    const { people, traffic } = world.sandbox;
    traffic.clear();
    const from = world.log.lines.length;
    const texts = Array.from({ length: 12 }, (_, index) => `burst ${index}`);
    for (const text of texts) void people.gina.post(channel, words(text));
    await traffic.until(() => traffic.deliveriesOf('message').some(({ state }) => state === 'acknowledged'));
    expect(await world.terminate()).toBe(0);
    expect(world.log.lines.slice(from).filter(({ level }) => level >= 50)).toEqual([]);
    await world.start();
    await postedOnce(texts);
    const { instances } = await world.tally();
    expect(instances).toEqual({ 'post-message completed': texts.length + 3 });
  });
});
