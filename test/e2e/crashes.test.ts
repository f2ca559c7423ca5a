import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Channel } from '../../sandbox/driver/channel.ts';
import { type Delivery, waitUntil } from '../../sandbox/traffic.ts';
import { type CrashWorld, type CrashWorldOptions, shortLeases, startCrashWorld } from '../helpers/crash-world.ts';
import { bothDeliveryModes } from '../helpers/kickoff.ts';
import { setUpByClicking } from '../helpers/set-up-by-clicking.ts';
import type { LiveChatSetUp } from '../helpers/set-up-live-chat.ts';

let world: CrashWorld;

async function startSupport(options: CrashWorldOptions, setUps: LiveChatSetUp[]): Promise<void> {
  world = await startCrashWorld(options);
  for (const setUp of setUps) await setUpByClicking(world, setUp);
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
  const heard = ['one', 'two', 'three', 'four', 'five', 'six'];
  let unheard: Delivery;

  // One kill for both tests.
  beforeAll(async () => {
    await startSupport({ mode, entry: shortLeases }, [
      {
        clients: 'Guests and people from other organisations',
        bindings: { 'Message received': { process: 'Post message' } },
      },
    ]);
    const { sandbox } = world;
    const { anna, gina } = sandbox.people;
    const newcomer = sandbox.workspace.addPerson({ handle: 'greta', realName: 'Greta Newcomer', isRestricted: true });
    const [hers, ours] = [await clientChannel('support-globex'), await clientChannel('support-initech')];
    await anna.invite(hers, newcomer);
    await gina.post(ours, 'first');
    await world.posted('/messages', ['first']);
    // Kickoff must ask again who Greta is when her message comes.
    sandbox.workspace.changePerson(newcomer, { title: 'Chief buyer' });
    await sandbox.traffic.settled();
    sandbox.traffic.clear();
    sandbox.faults.delay('users.info', 5000);
    void newcomer.post(hers, 'unheard');
    for (const text of heard) void gina.post(ours, text);
    unheard = await deliveryOf('unheard');
    await standing('users.info');
    await sandbox.traffic.until(() => sandbox.traffic.deliveriesOf('message').some(isAcknowledged));
    expect(unheard.attempts).toEqual([]);
    await world.kill();
    await world.start();
    await world.posted('/messages', ['unheard', ...heard]);
    await sandbox.traffic.settled();
  });
  afterAll(() => world.close());

  test('before it: Slack redelivers, and the message counts once', () => {
    expect(unheard.attempts.length).toBeGreaterThan(1);
    expect(isAcknowledged(unheard)).toBe(true);
    expect(world.posts('/messages', 'unheard')).toBe(1);
  });

  test('right after it: acknowledged and unacknowledged messages count once each', async () => {
    expect(heard.map((text) => world.posts('/messages', text))).toEqual(heard.map(() => 1));
    const { starts, instances } = await world.tally();
    expect(sum(starts)).toBe(heard.length + 2);
    expect(sum(instances)).toBe(heard.length + 2);
  });
});

describe('killed during work', () => {
  let claimed: Delivery;
  let answered: Channel;

  // One kill for all these tests, because after each a lease has to expire.
  beforeAll(async () => {
    await startSupport({ entry: shortLeases }, [
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
    await startSupport({ entry: shortLeases }, [{ bindings: { 'Message received': { process: 'Post message' } } }]);
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

const requests = (text: string) => world.crm.requests.filter(({ body }) => Object.values(body ?? {}).includes(text));

const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, count) => total + count, 0);
