import { afterEach, describe, expect, test } from 'vitest';
import { sessions } from '../../src/sessions/tables.ts';
import { anyDeliveryMode, startWorld, type World } from '../helpers/kickoff.ts';
import { setUpLiveChat } from '../helpers/set-up-live-chat.ts';

let world: World;
afterEach(() => world.close());

const leads = () => world.crm.requests.map(({ body }) => (body as { message: string }).message);
const session = async () => (await world.database.db.select().from(sessions))[0];

async function serve(isPrivate: boolean) {
  await setUpLiveChat(world, { bindings: { 'Message received': { process: 'Create lead' } } });
  const { anna, oleg, gina } = world.sandbox.people;
  const channel = await anna.createChannel('support-acme', { isPrivate, invite: [oleg, gina] });
  if (isPrivate) await anna.invite(channel, 'app');
  await world.quiet();
  return channel;
}

describe.each(anyDeliveryMode)('over %s', (mode) => {
  test('a private channel that was made public is joined again after it was archived and unarchived', async () => {
    world = await startWorld({ mode });
    const channel = await serve(true);
    const { anna, gina } = world.sandbox.people;
    await anna.convert(channel, 'public');
    await world.quiet();
    expect(await session()).toMatchObject({ isPrivate: false, messageCount: 0 });
    await anna.archive(channel);
    await world.quiet();
    await anna.unarchive(channel);
    await gina.post(channel, 'Hello again');
    await world.quiet();
    expect(channel.hasApp).toBe(true);
    expect(leads()).toEqual(['Hello again']);
  }, 90_000);
});

test('a public channel that was made private is not joined again until somebody invites the app', async () => {
  world = await startWorld();
  const channel = await serve(false);
  const { anna, oleg, gina } = world.sandbox.people;
  await anna.convert(channel, 'private');
  await gina.post(channel, 'Still heard');
  await world.quiet();
  expect(await session()).toMatchObject({ isPrivate: true });
  expect(leads()).toEqual(['Still heard']);
  await anna.archive(channel);
  await world.quiet();
  await anna.unarchive(channel);
  await world.quiet();
  expect(channel.hasApp).toBe(false);
  await anna.invite(channel, 'app');
  await gina.post(channel, 'Back');
  await world.quiet();
  expect(leads()).toEqual(['Still heard', 'Back']);
  await oleg.command('/livechat-session', { in: channel });
  const card = await oleg.modalShown('Live-chat session');
  await card.shows('Live chat *Support*');
  expect(card.describe()).not.toContain('not in this private channel');
  await oleg.modal.closeAll();
});

test('a conversion without an event is noticed later', async () => {
  world = await startWorld({ timings: { membership: { checkEveryMs: 300 } } });
  const channel = await serve(true);
  const { faults, people, traffic } = world.sandbox;
  faults.withholdEvents();
  await people.anna.convert(channel, 'public');
  faults.resumeEvents();
  await traffic.until(async () => (await session())?.isPrivate === false, { timeoutMs: 20_000 });
});
