import { afterEach, expect, test } from 'vitest';
import { startWorld, type World } from '../helpers/kickoff.ts';
import { setUpLiveChat } from '../helpers/set-up-live-chat.ts';

let world: World;
afterEach(() => world.close({ tolerate: true }));

const bindings = { 'Message received': { process: 'Create lead' } };
const leads = () => world.crm.requests.map(({ body }) => (body as { message: string }).message);

test('a client’s message counts once even if the app cannot join the channel yet', async () => {
  world = await startWorld();
  const { anna, oleg, gina } = world.sandbox.people;
  const channel = await anna.createChannel('support-early', { invite: [gina] });
  await gina.post(channel, 'Before there was a live chat');
  await setUpLiveChat(world, { bindings });
  await world.quiet();
  await anna.archive(channel);
  await world.quiet();

  world.sandbox.faults.fail('conversations.join', { times: 3 });
  const late = await anna.createChannel('support-late', { invite: [oleg, gina] });
  await gina.post(late, 'While the app waits at the door');
  await oleg.post(late, 'I hear you');
  await anna.unarchive(channel);
  await gina.post(channel, 'Are you back?');
  await world.quiet();
  await gina.post(late, 'Now it is in');
  await gina.post(channel, 'You are');
  await world.quiet();
  expect(leads().toSorted()).toEqual(['Are you back?', 'Now it is in', 'While the app waits at the door', 'You are']);
});
