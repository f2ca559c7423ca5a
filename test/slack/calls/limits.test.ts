import { afterEach, expect, test } from 'vitest';
import type { Person } from '../../../sandbox/driver/person.ts';
import { starts } from '../../../src/starts/tables.ts';
import { usualTimings } from '../../../src/timings.ts';
import * as b from '../../engines/diagram-builder.ts';
import { writeFolder } from '../../engines/embedded-world.ts';
import { startWorld, type World } from '../../helpers/kickoff.ts';
import { setUpLiveChat } from '../../helpers/set-up-live-chat.ts';

let world: World;
afterEach(() => world.close());

/** **Ask Oleg** and **Ask Olga** have a task for that person. */
const writeProcesses = () =>
  writeFolder(
    Object.fromEntries(
      [
        ['Oleg', 'U0OLEG00001'],
        ['Olga', 'U0OLGA00001'],
      ].map(([name, assignee = '']) => [
        `${name}.bpmn`,
        b.process(
          [b.start(), b.userTask('look', { name: `Look, ${name}`, assignee }), b.end(), b.flow('start -> look -> end')],
          {
            id: `ask-${name}`,
            name: `Ask ${name}`,
          },
        ),
      ]),
    ),
  );

/**
 * Live chats whose clients' messages make tasks for Oleg (`support-`) and for Olga (`vip-`), with Slack's rate limits. A minute
 * of these limits is shorter, so that a burst ends soon.
 */
async function startLimited(minuteMs = 15_000): Promise<void> {
  world = await startWorld({
    environment: { PROCESSES_DIR: await writeProcesses() },
    sandbox: { rateLimits: true, postIntervalMs: minuteMs / 60, timings: { minuteMs } },
    timings: { ...usualTimings, calls: { minuteMs } },
  });
  const bindings = (process: string) => ({ bindings: { 'Message received': { process } } });
  await setUpLiveChat(world, bindings('Ask Oleg'));
  await setUpLiveChat(world, { name: 'VIP', prefixes: 'vip-', ...bindings('Ask Olga') });
}

/** Maximum delay, in milliseconds. On an idle machine it is less than 2 s; without turns per channel and method it is 20 s. */
const promptMs = 5000;

const tasksOf = (person: Person) => person.inbox().filter(({ text }) => text.includes('Look, '));

async function channelWithClient(name: string) {
  const { anna, carl } = world.sandbox.people;
  const channel = await anna.createChannel(name, { sharedWith: 'Acme' });
  await anna.invite(channel, carl);
  return channel;
}

const refused = (method: string) => world.sandbox.traffic.callsOf(method).filter(({ status }) => status === 429);

test('forty tasks of one person take forty posts, and do not delay another person’s message', async () => {
  await startLimited();
  const { traffic, people } = world.sandbox;
  const { carl, oleg, olga } = people;
  const [support, vip] = [await channelWithClient('support-acme'), await channelWithClient('vip-acme')];
  await world.quiet();
  await Promise.all(Array.from({ length: 40 }, (_, nth) => carl.post(support, `Message ${nth}`)));
  // Measures the wait for Slack, not how fast this machine starts processes.
  const areRunning = async () =>
    (await world.database.db.select().from(starts)).filter(({ status }) => status === 'running').length === 40;
  await traffic.until(areRunning, { timeoutMs: 20_000 });
  const asked = performance.now();
  await carl.post(vip, 'And I?');
  await traffic.until(() => tasksOf(olga).length === 1, { timeoutMs: 20_000 });
  expect(performance.now() - asked).toBeLessThan(promptMs);
  expect(tasksOf(oleg).length).toBeLessThan(35);
  await traffic.until(() => tasksOf(oleg).length === 40, { timeoutMs: 60_000 });
  expect(traffic.callsOf('chat.postMessage').length).toBeLessThan(50);
  expect(refused('conversations.open')).toEqual([]);
}, 120_000);

test('adopting a hundred channels stays within Slack’s tiers, joins only where it must, and nobody waits for it', async () => {
  await startLimited(6000);
  const { traffic, people, state } = world.sandbox;
  const { anna, carl, olga } = people;
  const vip = await channelWithClient('vip-acme');
  const names = Array.from({ length: 100 }, (_, nth) => `client-${nth}`);
  const channels = await Promise.all(names.map((name) => anna.createChannel(name)));
  // The channels are older than the live chat, and the app is in most of them.
  for (const [nth, { id }] of channels.entries()) {
    const channel = state.channels[id];
    if (!channel) continue;
    channel.created -= 86_400;
    if (nth < 60) channel.members.push(state.app.botUserId);
  }
  await world.quiet();
  traffic.clear();
  await setUpLiveChat(world, { name: 'Clients', prefixes: 'client-' });
  const joined = () => traffic.callsOf('conversations.join').map(({ args }) => args.channel);
  await traffic.until(() => traffic.callsOf('conversations.history').length >= 20, { timeoutMs: 20_000 });
  const asked = performance.now();
  await carl.post(vip, 'And I?');
  await traffic.until(() => tasksOf(olga).length === 1, { timeoutMs: 20_000 });
  expect(performance.now() - asked).toBeLessThan(promptMs);
  await traffic.until(() => channels.every(({ hasApp }) => hasApp), { timeoutMs: 60_000 });
  await world.quiet();
  expect(new Set(joined())).toEqual(new Set(channels.slice(60).map(({ id }) => id)));
  expect(joined()).toHaveLength(40);
  expect(traffic.calls.filter(({ status }) => status === 429)).toEqual([]);
}, 120_000);

test('a 429 on joining and reading channels holds up no message', async () => {
  await startLimited();
  const { faults, traffic, people } = world.sandbox;
  const { carl, olga } = people;
  const vip = await channelWithClient('vip-acme');
  await world.quiet();
  faults.rateLimit('conversations.join', { retryAfterSeconds: 8 });
  await people.anna.createChannel('support-globex');
  await traffic.until(() => refused('conversations.join').length === 1, { timeoutMs: 20_000 });
  const asked = performance.now();
  await carl.post(vip, 'And I?');
  await traffic.until(() => tasksOf(olga).length === 1, { timeoutMs: 20_000 });
  expect(performance.now() - asked).toBeLessThan(promptMs);
  expect(world.sandbox.channel('support-globex').hasApp).toBe(false);
  await traffic.until(() => world.sandbox.channel('support-globex').hasApp, { timeoutMs: 20_000 });
}, 60_000);

test.each(['too_many_members', 'channel_is_limited_access'])(
  'a channel that refuses with %s is asked once',
  async (reason) => {
    await startLimited();
    const { faults, traffic, people } = world.sandbox;
    faults.error('conversations.join', reason, 100);
    await people.anna.createChannel('support-globex');
    await world.quiet();
    expect(traffic.callsOf('conversations.join')).toHaveLength(1);
    expect(world.log.filter(({ msg }) => msg === 'channel cannot be joined')).toMatchObject([{ reason }]);
  },
  60_000,
);
