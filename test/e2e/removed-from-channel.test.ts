import { afterEach, describe, expect, test } from 'vitest';
import type { Channel } from '../../sandbox/driver/channel.ts';
import { sessions } from '../../src/sessions/tables.ts';
import { anyDeliveryMode, startWorld, type World, type WorldOptions } from '../helpers/kickoff.ts';
import { writePostingProcesses } from '../helpers/posting-processes.ts';
import { setUpLiveChat } from '../helpers/set-up-live-chat.ts';

let world: World;
let tolerate = false;
afterEach(() => world.close({ tolerate }));

/** A live chat with an activity channel, and a session's channel with the app and a client. */
async function serve({ isPrivate = false, ...options }: WorldOptions & { isPrivate?: boolean } = {}): Promise<Channel> {
  tolerate = false;
  // Its processes have no pictures, each of which is drawn by a process of its own.
  world = await startWorld({ environment: { PROCESSES_DIR: await writePostingProcesses() }, ...options });
  const { anna, oleg, gina } = world.sandbox.people;
  await anna.createChannel('activity', { invite: [oleg] });
  await setUpLiveChat(world, {
    activityChannel: 'activity',
    operators: ['Oleg Operator'],
    bindings: { 'Message received': { process: 'Post message' } },
  });
  const channel = await anna.createChannel('support-acme', { isPrivate, invite: [oleg, gina] });
  if (isPrivate) await anna.invite(channel, 'app');
  await world.quiet();
  await gina.post(channel, 'Heard');
  await world.quiet();
  expect(channel.hasApp).toBe(true);
  return channel;
}

const heard = () => world.crm.requests.map(({ body }) => (body as { text: string }).text);
const lines = () =>
  world.sandbox
    .channel('activity')
    .messagesOfApp()
    .flatMap((message) => message.texts())
    .filter((text) => text.includes('/invite'));

async function cardOf(channel: Channel, person = world.sandbox.people.oleg) {
  await person.command('/livechat-session', { in: channel });
  const card = await person.modalShown('Live-chat session');
  await card.shows('Live chat *Support*');
  return card;
}

describe.each(anyDeliveryMode)('over %s', (mode) => {
  test.each([
    ['public', false],
    ['private', true],
  ])(
    'removed from a %s channel, the app says so once and does not come back',
    async (_, isPrivate) => {
      const channel = await serve({ mode, isPrivate });
      // Slack does not show a private channel to an app that is not a member.
      tolerate = isPrivate;
      const { faults, people } = world.sandbox;
      await people.anna.kick(channel, 'app');
      await world.quiet();
      expect(lines()).toEqual([expect.stringContaining('Anna Admin removed Kickoff from')]);
      await (await cardOf(channel)).shows('Anna Admin removed Kickoff from the channel');
      await people.oleg.modal.closeAll();

      // After Slack has withheld events, Kickoff checks everything again.
      await faults.tellOfWithheldEvents(Date.now() - 120_000);
      const unheard = await people.gina.post(channel, 'Not heard');
      await people.anna.archive(channel);
      await people.anna.unarchive(channel);
      await world.quiet();
      expect(channel.hasApp).toBe(false);
      await people.oleg.shortcut('why', unheard);
      await (await people.oleg.modalShown('Why (not) a process?')).shows('had been removed from the channel');
      await people.oleg.modal.closeAll();

      await people.anna.invite(channel, 'app');
      await people.gina.post(channel, 'Heard again');
      await world.quiet();
      expect(heard()).toEqual(['Heard', 'Heard again']);
      const card = await cardOf(channel);
      expect(card.describe()).not.toContain('/invite');
      expect(card.describe()).toContain('Not heard');
      expect(lines()).toHaveLength(1);
      await people.oleg.modal.closeAll();
    },
    90_000,
  );
});

/** Removes the app while Slack sends no event, and waits until Kickoff has noticed and said so. */
async function removeWithoutEvent(channel: Channel): Promise<void> {
  const { faults, people, traffic } = world.sandbox;
  faults.withholdEvents();
  await people.anna.kick(channel, 'app');
  faults.resumeEvents();
  await traffic.until(() => lines().length > 0, { timeoutMs: 20_000 });
  await world.quiet();
  expect(lines()).toEqual([expect.stringContaining('Kickoff is no longer in')]);
}

test('a removal without an event is noticed, although the private channel is no longer visible', async () => {
  const channel = await serve({ isPrivate: true, timings: { membership: { checkEveryMs: 300 } } });
  tolerate = true;
  const { faults, people, traffic } = world.sandbox;
  await removeWithoutEvent(channel);
  await (await cardOf(channel)).shows('Kickoff is no longer in the channel');
  await people.oleg.modal.closeAll();
  await people.gina.post(channel, 'Not heard');

  // The app is invited again, and Slack sends no event.
  faults.withholdEvents();
  await people.anna.invite(channel, 'app');
  faults.resumeEvents();
  await traffic.until(async () => (await world.database.db.select().from(sessions))[0]?.removedAt === null, {
    timeoutMs: 20_000,
  });
  await world.quiet();
  expect((await cardOf(channel)).describe()).toContain('Not heard');
});

test('a removal without an event is noticed in a session that was closed by hand', async () => {
  const channel = await serve({ isPrivate: true, timings: { membership: { checkEveryMs: 300 } } });
  tolerate = true;
  const card = await cardOf(channel);
  await card.click('Close session');
  await card.shows('Reopen session');
  await world.sandbox.people.oleg.modal.closeAll();
  await removeWithoutEvent(channel);
});

test.each([
  ['in their order', false],
  ['the last first', true],
])('messages from the time without the app are read if the events of its return arrive %s', async (_, reverse) => {
  const channel = await serve({ isPrivate: true });
  const { faults, people } = world.sandbox;
  faults.holdDeliveries();
  await people.anna.kick(channel, 'app');
  await people.gina.post(channel, 'Not heard');
  await people.anna.invite(channel, 'app');
  await people.gina.post(channel, 'Heard again');
  await faults.releaseDeliveries({ reverse });
  await world.quiet();
  expect(heard()).toEqual(['Heard', 'Heard again']);
  const card = await cardOf(channel);
  await card.shows('Not heard');
  expect(card.describe()).not.toContain('Kickoff is no longer');
  expect(lines()).toEqual([]);
});

test('messages from the time without the app are read if a later one arrives before the event of the invitation', async () => {
  const channel = await serve();
  const { faults, people } = world.sandbox;
  await people.anna.kick(channel, 'app');
  await people.gina.post(channel, 'Not heard');
  await world.quiet();
  faults.holdDeliveries();
  await people.anna.invite(channel, 'app');
  await people.gina.post(channel, 'Heard again');
  await faults.releaseDeliveries({ reverse: true });
  await world.quiet();
  expect(heard()).toEqual(['Heard', 'Heard again']);
  expect((await cardOf(channel)).describe()).toContain('Not heard');
});

test('a removal while membership is checked is reported once', async () => {
  const channel = await serve({ isPrivate: true, timings: { membership: { checkEveryMs: 300 } } });
  tolerate = true;
  const { faults, people, traffic } = world.sandbox;
  faults.delayAnswer('users.conversations', 1000);
  await traffic.until(() => traffic.callsOf('users.conversations').some(({ answer }) => !answer));
  await people.anna.kick(channel, 'app');
  await world.quiet();
  await traffic.until(() => traffic.callsOf('users.conversations').at(-1)?.answer);
  await world.quiet();
  expect(lines()).toEqual([expect.stringContaining('Anna Admin removed Kickoff from')]);
});

test('the app does not join again after a removal among withheld events', async () => {
  const channel = await serve();
  const { faults, people } = world.sandbox;
  faults.withholdEvents();
  await people.anna.kick(channel, 'app');
  faults.resumeEvents();
  await faults.tellOfWithheldEvents(Date.now() - 120_000);
  await world.sandbox.traffic.until(() => lines().length > 0, { timeoutMs: 20_000 });
  await world.quiet();
  expect(channel.hasApp).toBe(false);
});

test('the app does not join again if its removal is noticed by two at once', async () => {
  const channel = await serve();
  const { faults, people, traffic } = world.sandbox;
  faults.withholdEvents();
  await people.anna.kick(channel, 'app');
  faults.resumeEvents();
  // The check of membership and the reading of missed messages both ask for the channel, and get their answers together.
  faults.delay('conversations.info', 1000, 2);
  await faults.tellOfWithheldEvents(Date.now() - 120_000);
  await traffic.until(() => lines().length > 0, { timeoutMs: 20_000 });
  await world.quiet();
  expect(channel.hasApp).toBe(false);
});

test('only an administrator can bring the app back into a public channel', async () => {
  const channel = await serve();
  const { anna, oleg } = world.sandbox.people;
  await anna.kick(channel, 'app');
  await world.quiet();
  expect((await cardOf(channel)).describe()).not.toContain('Join again');
  await oleg.modal.closeAll();
  const card = await cardOf(channel, anna);
  await card.click('Join again');
  await expect.poll(() => channel.hasApp, { timeout: 20_000 }).toBe(true);
  await world.quiet();
  // The click's answer, so that it does not come to a closed modal.
  await expect.poll(() => card.describe(), { timeout: 20_000 }).not.toContain('Join again');
  await anna.modal.closeAll();
  expect((await cardOf(channel, anna)).describe()).not.toContain('/invite');
  await anna.modal.closeAll();
});

test('a late removal event, after the app was invited again, changes nothing', async () => {
  const channel = await serve();
  const { faults, people } = world.sandbox;
  faults.holdDeliveries();
  await people.anna.kick(channel, 'app');
  await people.anna.invite(channel, 'app');
  await faults.releaseDeliveries({ reverse: true });
  await people.gina.post(channel, 'Still heard');
  await world.quiet();
  expect(lines()).toEqual([]);
  expect(heard()).toEqual(['Heard', 'Still heard']);
});
