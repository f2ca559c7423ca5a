import { afterEach, expect, test } from 'vitest';
import type { Channel } from '../../sandbox/driver/channel.ts';
import { sessions } from '../../src/sessions/tables.ts';
import { readTranscript } from '../../src/sessions/transcript.ts';
import { anyDeliveryMode, startWorld, type World } from '../helpers/kickoff.ts';
import { type LiveChatSetUp, setUpLiveChat } from '../helpers/set-up-live-chat.ts';

let world: World;
afterEach(() => world.close());

async function serve(setUp: LiveChatSetUp = {}) {
  const [mode] = anyDeliveryMode;
  world = await startWorld(mode ? { mode } : {});
  await setUpLiveChat(world, { ...setUp, bindings: { 'Message received': { process: 'Create lead' } } });
}

/** A channel with Gina and the app. */
async function openChannel(name: string, { isPrivate = false } = {}) {
  const { anna, gina } = world.sandbox.people;
  const channel = await anna.createChannel(name, { isPrivate });
  for (const someone of [gina, 'app']) await anna.invite(channel, someone);
  await world.quiet();
  return channel;
}

async function say(channel: Channel, text: string) {
  await world.sandbox.people.gina.post(channel, text);
  await world.quiet();
}

/** Gina writes after the change, and her message is delivered before the event of the change. */
async function sayBeforeEventOf(change: () => Promise<void>, channel: Channel, text: string) {
  const { faults, people } = world.sandbox;
  faults.holdDeliveries();
  await change();
  await people.gina.post(channel, text);
  await faults.releaseDeliveries({ reverse: true });
  await world.quiet();
}

const leads = () => world.crm.requests.map(({ body }) => (body as { message: string }).message);

test('a message counts although it arrives before the event of the renaming by which the channel becomes a session', async () => {
  await serve();
  const { anna } = world.sandbox.people;
  const channel = await openChannel('acme', { isPrivate: true });
  await say(channel, 'In another channel');
  await sayBeforeEventOf(() => anna.rename(channel, 'support-acme'), channel, 'In the session');
  expect(leads()).toEqual(['In the session']);
  const { db } = world.database;
  const [session] = await db.select().from(sessions);
  // The transcript has no messages from before the renaming.
  expect(await readTranscript(db, session?.id ?? '')).toMatchObject([{ text: 'In the session' }]);
});

test('a message between two renamings does not count, however late the event of the first one is repeated', async () => {
  await serve();
  const { faults, people, traffic } = world.sandbox;
  const channel = await openChannel('support-acme');
  await people.anna.rename(channel, 'acme');
  await world.quiet();
  await say(channel, 'In another channel');
  await people.anna.rename(channel, 'support-acme');
  await world.quiet();
  const [away] = traffic.deliveriesOf('channel_rename');
  if (!away) throw new Error('there was no renaming');
  await faults.redeliver(away);
  await say(channel, 'In the session');
  expect(leads()).toEqual(['In the session']);
});

test('a message counts although it arrives before the event of the renaming by which the channel is a session again', async () => {
  await serve();
  const { anna } = world.sandbox.people;
  const channel = await openChannel('support-acme');
  await anna.rename(channel, 'acme');
  await world.quiet();
  await say(channel, 'In another channel');
  expect(await world.database.db.select().from(sessions)).toMatchObject([{ liveChatId: null }]);
  await sayBeforeEventOf(() => anna.rename(channel, 'support-acme'), channel, 'In the session');
  expect(leads()).toEqual(['In the session']);
});

test('a message counts although it arrives before the event by which the channel becomes a Slack Connect session', async () => {
  await serve({ connect: true });
  const { anna } = world.sandbox.people;
  const channel = await openChannel('acme');
  await say(channel, 'Not shared yet');
  await sayBeforeEventOf(() => anna.share(channel, 'Acme'), channel, 'Shared');
  expect(leads()).toEqual(['Shared']);
});
