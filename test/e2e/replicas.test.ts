import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Channel } from '../../sandbox/driver/channel.ts';
import { waitUntil } from '../../sandbox/traffic.ts';
import { selectRows } from '../../src/db/query.ts';
import type { Kickoff } from '../../src/kickoff.ts';
import { bothDeliveryModes, startWorld, type World } from '../helpers/kickoff.ts';
import { writePostingProcesses } from '../helpers/posting-processes.ts';
import { requestUrlsOf } from '../helpers/request-urls.ts';
import { setUpByClicking } from '../helpers/set-up-by-clicking.ts';

/** The CRM's requests; repeated requests of one process instance count once. */
const posted = ({ crm }: World, path: string) =>
  [
    ...new Map(
      crm.requests
        .filter((request) => request.path === path)
        .map(({ headers, body }) => [headers['idempotency-key'], Object.values(body ?? {})[0]]),
    ).values(),
  ].toSorted();

describe.skipIf(!process.env.TEST_DATABASE_URL).each(bothDeliveryModes)('two replicas on one database (%s)', (mode) => {
  let world: World;
  let replica: Kickoff;

  // Deliveries go to the replicas in turn, including those of clicks during setup.
  beforeEach(async () => {
    world = await startWorld({ mode, environment: { PROCESSES_DIR: await writePostingProcesses() } });
    replica = await world.startReplica();
    const { sandbox } = world;
    if (mode === 'http') sandbox.deliverOverHttp(requestUrlsOf(world.kickoff), requestUrlsOf(replica));
    else await sandbox.traffic.until(() => sandbox.socketConnections === 2);
    await setUpByClicking(world, {
      bindings: {
        'Session created': { process: 'Post channel' },
        'Message received': { process: 'Post message' },
        'Session closed': { process: 'Post closing' },
      },
    });
  });
  afterEach(() => world.close());

  async function clientChannel(name: string): Promise<Channel> {
    const { anna, gina } = world.sandbox.people;
    const channel = await anna.createChannel(name);
    await anna.invite(channel, gina);
    await world.quiet();
    expect(channel.hasApp).toBe(true);
    return channel;
  }

  test('a live chat set up at one replica is known to the other at once', async () => {
    const channels = await Promise.all(['support-a', 'support-b', 'support-c', 'support-d'].map(clientChannel));
    expect(posted(world, '/channels')).toEqual(['support-a', 'support-b', 'support-c', 'support-d']);
    // Each replica gets a message of the next channel, then of the same ones again.
    const { gina } = world.sandbox.people;
    for (const channel of [...channels, ...channels.toReversed()]) await gina.post(channel, `to ${channel.name}`);
    await world.quiet();
    expect(posted(world, '/messages')).toHaveLength(8);
  });

  test('facts delivered three times, in the wrong order and to both replicas, start one process each', async () => {
    const { sandbox } = world;
    const { anna, gina } = sandbox.people;
    sandbox.faults.holdDeliveries();
    const channel = await anna.createChannel('support-late');
    await anna.invite(channel, 'app');
    await anna.invite(channel, gina);
    await gina.post(channel, 'first words');
    await gina.post(channel, 'second words');
    await anna.archive(channel);
    await sandbox.faults.releaseDeliveries({ reverse: true, times: 3 });
    const once = {
      '/channels': ['support-late'],
      '/messages': ['first words', 'second words'],
      '/closings': ['support-late'],
    };
    const all = () => Object.fromEntries(Object.keys(once).map((path) => [path, posted(world, path)]));
    await world.quiet();
    expect(all()).toEqual(once);
    const events = sandbox.traffic.deliveries.filter(({ kind }) => kind === 'event');
    await Promise.all([...events, ...events, ...events].map((delivery) => sandbox.faults.redeliver(delivery)));
    await world.quiet();
    expect(all()).toEqual(once);
  });

  test('a new channel that all replicas receive events of at the same time becomes one session', async () => {
    const { sandbox } = world;
    const { anna, gina } = sandbox.people;
    sandbox.faults.holdDeliveries();
    const channel = await anna.createChannel('support-new');
    await anna.invite(channel, 'app');
    await anna.invite(channel, gina);
    await gina.post(channel, 'first words');
    const held = sandbox.traffic.deliveries.filter(({ state }) => state === 'held');
    expect(held.length).toBeGreaterThan(2);
    await Promise.all([...held, ...held, ...held].map((delivery) => sandbox.faults.redeliver(delivery)));
    await sandbox.faults.releaseDeliveries();
    await world.quiet();
    expect(posted(world, '/channels')).toEqual(['support-new']);
    expect(posted(world, '/messages')).toEqual(['first words']);
  });

  test('the policy of a binding holds for concurrent messages at both replicas', async () => {
    const { gina } = world.sandbox.people;
    const { db } = world.database;
    for (const policy of ['once_per_session', 'not_while_running', 'at_most_once_in']) {
      await db.execute(sql`update bindings set revision = revision + 1, policy = ${policy}, policy_minutes = 60
        where event = 'message_received'`);
      const channel = await clientChannel(`support-${policy.replaceAll('_', '-')}`);
      const texts = Array.from({ length: 8 }, (_, index) => `${policy} ${index}`);
      await Promise.all(texts.map((text) => gina.post(channel, text)));
      await world.sandbox.traffic.settled();
      const [counted] = await selectRows<{ started: number; held: number }>(
        db,
        sql`select (select count(*)::int from starts where session_id = s.id and event = 'message_received') as started,
          (select count(*)::int from session_events where session_id = s.id and kind = 'message'
            and held_back is not null) as held
          from sessions s where channel_id = ${channel.id}`,
      );
      if (policy === 'not_while_running') {
        // It may have ended in between.
        expect(counted?.started).toBeGreaterThan(0);
        expect((counted?.started ?? 0) + (counted?.held ?? 0)).toBe(8);
      } else {
        expect(counted).toEqual({ started: 1, held: 7 });
      }
    }
  });

  test('a burst is shared: each message starts its process once', async () => {
    const { gina } = world.sandbox.people;
    const channel = await clientChannel('support-busy');
    const texts = Array.from({ length: 40 }, (_, index) => `message ${String(index).padStart(2, '0')}`);
    await Promise.all(texts.map((text) => gina.post(channel, text)));
    await world.quiet();
    expect(posted(world, '/messages')).toEqual(texts);
    // Nothing failed, so no job was repeated.
    expect(world.crm.requests.filter(({ path }) => path === '/messages')).toHaveLength(texts.length);
  });

  test('a long job stays with the replica that has it', async () => {
    const { gina } = world.sandbox.people;
    const channel = await clientChannel('support-slow');
    const release = world.crm.hold();
    await gina.post(channel, 'slow');
    const lease = async () =>
      (await selectRows<{ due: string }>(world.database.db, sql`select due_at::text as due from engine_jobs`))[0]?.due;
    await waitUntil(world.sandbox.traffic.onChange, () => world.crm.requests.some(({ path }) => path === '/messages'));
    const first = await lease();
    expect(first).toBeDefined();
    await waitUntil(world.sandbox.traffic.onChange, async () => (await lease()) !== first);
    release();
    await world.quiet();
    expect(world.crm.requests.filter(({ path }) => path === '/messages')).toHaveLength(1);
  });

  test('one replica stops during a burst, and the other continues', async () => {
    const { sandbox } = world;
    const { gina } = sandbox.people;
    sandbox.timings.retryDelaysMs = Array.from({ length: 50 }, () => 100);
    const channel = await clientChannel('support-steady');
    const texts = Array.from({ length: 12 }, (_, index) => `message ${String(index).padStart(2, '0')}`);
    for (const text of texts) void gina.post(channel, text);
    await sandbox.traffic.until(() =>
      sandbox.traffic.deliveriesOf('message').some((one) => one.state === 'acknowledged'),
    );
    if (mode === 'http') sandbox.deliverOverHttp(requestUrlsOf(replica));
    await world.kickoff.stop();
    await world.quiet();
    expect(posted(world, '/messages')).toEqual(texts);
  });
});
