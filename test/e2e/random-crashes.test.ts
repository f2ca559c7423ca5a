import { setTimeout as moment } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Channel } from '../../sandbox/driver/channel.ts';
import { waitUntil } from '../../sandbox/traffic.ts';
import { type CrashWorld, startCrashWorld } from '../helpers/crash-world.ts';
import { setUpByClicking } from '../helpers/set-up-by-clicking.ts';

let world: CrashWorld;
const channels: Channel[] = [];

beforeAll(async () => {
  world = await startCrashWorld();
  await setUpByClicking(world, {
    bindings: { 'Message received': { process: 'Post message' }, 'Session created': { process: 'Post channel' } },
  });
  const { anna, gina } = world.sandbox.people;
  for (const name of ['support-a', 'support-b', 'support-c']) {
    const channel = await anna.createChannel(name);
    await anna.invite(channel, gina);
    await world.sandbox.traffic.until(() => channel.hasApp, { timeoutMs: 20_000 });
    channels.push(channel);
  }
});
afterAll(() => world.close());

test('killed at random moments: every message and every channel starts its process once', {
  timeout: 200_000,
}, async () => {
  const { anna, gina } = world.sandbox.people;
  const texts: string[] = [];
  const names = channels.map(({ name }) => name);
  // Work that is under way at three kills is set aside. It is done again ten seconds after a kill, its lease: a third attempt
  // begins after twenty.
  const end = Date.now() + 18_000;
  let round = 0;
  for (; round < 6 && Date.now() < end; round += 1) {
    for (const [index, channel] of [...channels, ...channels].entries()) {
      texts.push(`message ${round}.${index}`);
      void gina.post(channel, `message ${round}.${index}`);
    }
    names.push(`support-round-${round}`);
    void anna.createChannel(`support-round-${round}`);
    await moment(Math.random() * 500);
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

const isAnyActive = (instances: Record<string, number>) =>
  Object.keys(instances).some((what) => what.endsWith('active'));

const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, count) => total + count, 0);
