import { setTimeout as moment } from 'node:timers/promises';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Channel } from '../../sandbox/driver/channel.ts';
import { type Delivery, waitUntil } from '../../sandbox/traffic.ts';
import { type CrashWorld, type CrashWorldOptions, startCrashWorld } from '../helpers/crash-world.ts';
import { bothDeliveryModes } from '../helpers/kickoff.ts';
import { type LiveChatSetUp, setUpLiveChat } from '../helpers/set-up-live-chat.ts';

let world: CrashWorld;

async function startSupport(options: CrashWorldOptions, setUps: LiveChatSetUp[]): Promise<void> {
  world = await startCrashWorld(options);
  for (const setUp of setUps) await setUpLiveChat(world, setUp);
}

/** A client channel with the app, in which Gina the guest can write. */
async function clientChannel(name: string): Promise<Channel> {
  const { anna, gina } = world.sandbox.people;
  const channel = await anna.createChannel(name);
  await anna.invite(channel, gina);
  await world.sandbox.traffic.until(() => channel.hasApp, { timeoutMs: 20_000 });
  return channel;
}

/** Waits for a call of the app that is not answered yet. */
const standing = (method: string) =>
  world.sandbox.traffic.until(() => world.sandbox.traffic.callsOf(method).some(({ answer }) => !answer));

const isAcknowledged = ({ attempts }: Delivery) => attempts.some(({ acknowledged }) => acknowledged);

async function deliveryOf(text: string): Promise<Delivery> {
  const { traffic } = world.sandbox;
  const found = await traffic.until(() =>
    traffic.deliveriesOf('message').find(({ body }) => JSON.stringify(body.event).includes(text)),
  );
  if (!found) throw new Error(text);
  return found;
}

describe.each(bothDeliveryModes)('killed around the acknowledgement (%s)', (mode) => {
  beforeAll(() =>
    startSupport({ mode }, [
      {
        clients: 'Guests and people from other organisations',
        bindings: { 'Message received': { process: 'Post message' } },
      },
    ]),
  );
  afterAll(() => world.close());

  test('before it: Slack redelivers, and the message counts once', async () => {
    // Gina joins without an event, so that Kickoff must still ask who she is when her message comes.
    const { anna, gina } = world.sandbox.people;
    const channel = await anna.createChannel('support-globex');
    await world.sandbox.traffic.until(() => channel.hasApp);
    await world.kill();
    world.sandbox.faults.stopRedelivery();
    await anna.invite(channel, gina);
    await world.sandbox.traffic.settled();
    world.sandbox.faults.resumeRedelivery();
    await world.start();
    world.sandbox.faults.delay('users.info', 5000);
    await gina.post(channel, 'unheard');
    const delivery = await deliveryOf('unheard');
    await standing('users.info');
    expect(delivery.attempts).toEqual([]);
    await world.kill();
    await world.start();
    await world.posted('/messages', ['unheard']);
    await world.sandbox.traffic.settled();
    expect(delivery.attempts.length).toBeGreaterThan(1);
    expect(isAcknowledged(delivery)).toBe(true);
    expect(world.posts('/messages', 'unheard')).toBe(1);
  });

  test('right after it: acknowledged and unacknowledged messages count once each', async () => {
    const { gina } = world.sandbox.people;
    const channel = await clientChannel('support-initech');
    const texts = ['one', 'two', 'three', 'four', 'five', 'six'];
    const { traffic } = world.sandbox;
    traffic.clear();
    for (const text of texts) void gina.post(channel, text);
    await traffic.until(() => traffic.deliveriesOf('message').some(isAcknowledged));
    await world.kill();
    await world.start();
    await world.posted('/messages', texts);
    await traffic.settled();
    expect(texts.map((text) => world.posts('/messages', text))).toEqual(texts.map(() => 1));
    const { starts, instances } = await world.tally();
    expect(sum(starts)).toBe(texts.length + 1);
    expect(sum(instances)).toBe(texts.length + 1);
  });
});

describe('killed during work', () => {
  let claimed: Delivery;
  let answered: Channel;

  // One kill for all these tests, because after each a lease has to expire.
  beforeAll(async () => {
    await startSupport({}, [
      { name: 'Posting', prefixes: 'post-', bindings: { 'Message received': { process: 'Post message' } } },
      { name: 'Answering', prefixes: 'answer-', bindings: { 'Message received': { process: 'Answer message' } } },
    ]);
    const { anna, gina, emma } = world.sandbox.people;
    const posted = await clientChannel('post-globex');
    answered = await clientChannel('answer-globex');
    const release = world.crm.hold();
    await gina.post(posted, 'in a job');
    await waitUntil(world.sandbox.traffic.onChange, () => world.posts('/messages', 'in a job') === 1);
    world.sandbox.faults.delayAnswer('chat.postMessage', 20_000);
    await gina.post(answered, 'in an answer');
    await world.sandbox.traffic.until(() => answered.messagesOfApp().length === 1);
    world.sandbox.faults.delay('users.info', 20_000);
    await anna.invite(posted, emma);
    await emma.post(posted, 'in a start');
    claimed = await deliveryOf('in a start');
    await standing('users.info');
    await world.sandbox.traffic.until(() => isAcknowledged(claimed));
    await world.kill();
    release();
    await world.start();
    await world.posted('/messages', ['in a start', 'in an answer']);
    // The first attempt was made before the kill.
    await waitUntil(world.sandbox.traffic.onChange, () => requests('in a job').length > 1, { timeoutMs: 25_000 });
  });
  afterAll(() => world.close());

  test('while a start is claimed: it is claimed again, without another delivery', () => {
    expect(claimed.attempts).toHaveLength(1);
    expect(world.posts('/messages', 'in a start')).toBe(1);
  });

  test('while a job runs: it is done again under the same key', () => {
    expect(requests('in a job')).toHaveLength(2);
    expect(world.posts('/messages', 'in a job')).toBe(1);
  });

  test('after an answer to the client, before that is recorded: the client gets it once', () => {
    expect(answered.messagesOfApp().map(({ text }) => text)).toEqual(['We got: in an answer']);
    expect(world.posts('/messages', 'in an answer')).toBe(1);
  });

  test('each process continued once', async () => {
    const { starts, instances } = await world.tally();
    expect(sum(starts)).toBe(3);
    expect(instances).toEqual({ 'post-message completed': 2, 'answer-message completed': 1 });
  });
});

/** Waits until a statement like this one waits for a lock. */
async function untilBlocked(sql: postgres.Sql, statement: string): Promise<void> {
  await waitUntil(
    world.sandbox.traffic.onChange,
    async () =>
      (
        await sql`select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
          and query ilike ${`%${statement}%`} and pid <> pg_backend_pid()`
      ).length > 0,
    { describe: () => `a statement with ${statement} waits` },
  );
}

describe.skipIf(!process.env.TEST_DATABASE_URL)('killed between two commits (Postgres)', () => {
  let sql: postgres.Sql;
  beforeAll(async () => {
    await startSupport({}, [{ bindings: { 'Message received': { process: 'Post message' } } }]);
    sql = postgres(world.databaseUrl ?? '', {
      max: 4,
      connection: { application_name: 'test' },
      onnotice: () => {},
    });
  });
  afterAll(async () => {
    await sql.end({ timeout: 1 });
    await world.close();
  });

  /** Ends other database sessions: statements of a killed client would still run once their lock is free. */
  const endOtherBackends = () =>
    sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name <> 'test'`;

  test('before the event’s own commit: nothing of it is stored, and Slack redelivers', async () => {
    const { gina } = world.sandbox.people;
    const channel = await clientChannel('support-globex');
    await world.sandbox.traffic.settled();
    const lock = await sql.reserve();
    await lock`begin`;
    await lock`select id from sessions where channel_id = ${channel.id} for update`;
    await gina.post(channel, 'uncommitted');
    const delivery = await deliveryOf('uncommitted');
    await untilBlocked(sql, 'sessions');
    expect(delivery.attempts).toEqual([]);
    await world.kill();
    await endOtherBackends();
    await lock`rollback`;
    lock.release();
    expect(await sql`select 1 from starts`).toHaveLength(0);
    await world.start();
    await world.posted('/messages', ['uncommitted']);
    expect(isAcknowledged(delivery)).toBe(true);
    expect(world.posts('/messages', 'uncommitted')).toBe(1);
  });

  test('after the engine’s commit, before the start’s: the start finds its instance', async () => {
    const { gina } = world.sandbox.people;
    const channel = await clientChannel('support-initech');
    const [engine, starts] = [await sql.reserve(), await sql.reserve()];
    await engine`begin`;
    await engine`lock table engine_instances in share mode`;
    await gina.post(channel, 'in between');
    await untilBlocked(sql, 'engine_instances');
    await starts`begin`;
    const [start] = await starts<{ id: string }[]>`select id from starts
      where facts #>> '{message,text}' = 'in between' for update`;
    await engine`rollback`;
    await untilBlocked(sql, 'update starts');
    const instances = () => sql`select key from engine_instances where start_id = ${start?.id ?? ''}`;
    expect(await instances()).toHaveLength(1);
    await world.kill();
    await endOtherBackends();
    await starts`rollback`;
    engine.release();
    starts.release();
    expect(await sql`select status, process_instance_key from starts where id = ${start?.id ?? ''}`).toEqual([
      { status: 'waiting', process_instance_key: null },
    ]);
    const before = await instances();
    await world.start();
    await world.posted('/messages', ['in between']);
    await waitUntil(
      world.sandbox.traffic.onChange,
      async () => (await sql`select 1 from starts where id = ${start?.id ?? ''} and status = 'completed'`).length > 0,
      { timeoutMs: 20_000 },
    );
    expect(await instances()).toEqual(before);
    expect(world.posts('/messages', 'in between')).toBe(1);
  });
});

describe('killed again and again', () => {
  const channels: Channel[] = [];
  beforeAll(async () => {
    await startSupport({}, [
      { bindings: { 'Message received': { process: 'Post message' }, 'Session created': { process: 'Post channel' } } },
    ]);
    for (const name of ['support-a', 'support-b', 'support-c']) channels.push(await clientChannel(name));
  });
  afterAll(() => world.close());

  test('at random moments: every message and every channel starts its process once', { timeout: 200_000 }, async () => {
    const { anna, gina } = world.sandbox.people;
    const texts: string[] = [];
    const names = channels.map(({ name }) => name);
    const end = Date.now() + 30_000;
    let round = 0;
    for (; round < 10 && Date.now() < end; round += 1) {
      for (const [index, channel] of [...channels, ...channels].entries()) {
        texts.push(`message ${round}.${index}`);
        void gina.post(channel, `message ${round}.${index}`);
      }
      names.push(`support-round-${round}`);
      void anna.createChannel(`support-round-${round}`);
      await moment(Math.random() * 1500);
      await world.kill();
      await world.start();
    }
    expect(round).toBeGreaterThan(2);
    await world.posted('/messages', texts, { timeoutMs: 40_000 });
    await world.posted('/channels', names, { timeoutMs: 40_000 });
    await world.sandbox.traffic.settled();
    const isJoined = () => names.every((name) => world.sandbox.channel(name).hasApp);
    await world.sandbox.traffic.until(isJoined, { timeoutMs: 40_000 });
    expect(texts.filter((text) => world.posts('/messages', text) !== 1)).toEqual([]);
    expect(names.filter((name) => world.posts('/channels', name) !== 1)).toEqual([]);
    let { starts, instances } = await world.tally();
    // A job whose worker was killed after its request to the CRM is repeated after its lease expires, in 10 s. A Kickoff that
    // is stopped as soon as it is ready would not begin it.
    while (isAnyActive(instances)) {
      const { length } = world.crm.requests;
      await world.start();
      await waitUntil(world.sandbox.traffic.onChange, () => world.crm.requests.length > length, {
        timeoutMs: 30_000,
        describe: () => `repeated a job; active: ${JSON.stringify(instances)}`,
      });
      ({ starts, instances } = await world.tally());
    }
    expect(sum(starts)).toBe(texts.length + names.length);
    expect(instances).toEqual({ 'post-message completed': texts.length, 'post-channel completed': names.length });
  });
});

const requests = (text: string) => world.crm.requests.filter(({ body }) => Object.values(body ?? {}).includes(text));

const isAnyActive = (instances: Record<string, number>) =>
  Object.keys(instances).some((what) => what.endsWith('active'));

const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, count) => total + count, 0);
