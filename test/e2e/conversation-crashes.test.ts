import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Channel } from '../../sandbox/driver/channel.ts';
import { waitUntil } from '../../sandbox/traffic.ts';
import { type CrashWorld, type CrashWorldOptions, shortLeases, startCrashWorld } from '../helpers/crash-world.ts';
import { setUpByClicking } from '../helpers/set-up-by-clicking.ts';

let world: CrashWorld;

async function startHearing(options: CrashWorldOptions = {}): Promise<void> {
  world = await startCrashWorld(options);
  await setUpByClicking(world, {
    clients: 'Guests and people from other organisations',
    bindings: { 'Session created': { process: 'Hear messages' } },
  });
}

/** A channel in which Gina the guest can write, with a process that waits for her messages. */
async function clientChannel(name: string): Promise<Channel> {
  const { anna, gina } = world.sandbox.people;
  const channel = await anna.createChannel(name);
  await anna.invite(channel, gina);
  await world.sandbox.traffic.until(() => channel.hasApp, { timeoutMs: 20_000 });
  await gina.post(channel, `first in ${name}`);
  await world.posted('/heard', [`first in ${name}`]);
  return channel;
}

const expectOnce = (texts: string[]) =>
  expect(texts.map((text) => [text, world.posts('/heard', text)])).toEqual(texts.map((text) => [text, 1]));

describe('a client’s messages while Kickoff is killed again and again', () => {
  // With short leases, the same work could be under way at all three kills, after which Kickoff sets it aside.
  beforeAll(() => startHearing());
  afterAll(() => world.close());

  test('the waiting process receives each once, in order', async () => {
    const { gina } = world.sandbox.people;
    const channel = await clientChannel('support-globex');
    const texts = Array.from({ length: 9 }, (_, number) => `message ${number}`);
    for (const [number, text] of texts.entries()) {
      await gina.post(channel, text);
      if (number % 3 !== 1) continue;
      await world.kill();
      await world.start();
    }
    await world.posted('/heard', texts);
    expectOnce(texts);
  }, 120_000);
});

describe.skipIf(!process.env.TEST_DATABASE_URL)('killed between two commits (Postgres)', () => {
  let sql: postgres.Sql;
  beforeAll(async () => {
    await startHearing({ entry: shortLeases });
    const connection = { application_name: 'test' };
    sql = postgres(world.databaseUrl ?? '', { max: 2, connection, onnotice: () => {} });
  });
  afterAll(async () => {
    await sql.end({ timeout: 1 });
    await world.close();
  });

  /** Kills Kickoff while it waits to write to the table, and restarts it. */
  async function killWhileWriting(table: string, write: () => Promise<unknown>): Promise<void> {
    const lock = await sql.reserve();
    await lock`begin`;
    await lock`lock table ${sql(table)} in share mode`;
    await write();
    await waitUntil(
      world.sandbox.traffic.onChange,
      async () =>
        (
          await sql`select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
            and query ilike ${`%${table}%`} and pid <> pg_backend_pid()`
        ).length > 0,
      { describe: () => `${table} is written to` },
    );
    await world.kill();
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name <> 'test'`;
    await lock`rollback`;
    lock.release();
    await world.start();
  }

  test.each([
    ['after it was recorded, before it was published', 'engine_messages'],
    ['after it was published, before a process had it', 'engine_correlations'],
  ])(
    '%s: a message is received once',
    async (_, table) => {
      const { gina } = world.sandbox.people;
      const channel = await clientChannel(`support-${table.replace('engine_', '')}`);
      const text = `before ${table}`;
      await killWhileWriting(table, () => gina.post(channel, text));
      await gina.post(channel, `after ${table}`);
      await world.posted('/heard', [text, `after ${table}`]);
      expectOnce([text, `after ${table}`]);
    },
    120_000,
  );
});
