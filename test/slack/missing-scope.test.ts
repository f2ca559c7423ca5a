import { afterEach, expect, test } from 'vitest';
import { startWorld, type World } from '../helpers/kickoff.ts';
import { setUpLiveChat } from '../helpers/set-up-live-chat.ts';

let world: World;
afterEach(() => world.close({ tolerate: true }));

const told = () => world.log.filter(({ msg }) => msg.startsWith('the app lacks a scope')).map(({ scope }) => scope);

test('a person reads which scope the app lacks, and so does the log, once', async () => {
  world = await startWorld();
  const { people, workspace, traffic } = world.sandbox;
  workspace.removeScope('users:read');
  for (const time of [1, 2]) {
    await people.sam.command('/livechat-config', { in: 'general' });
    const said = () => people.sam.sees('general').filter(({ text }) => text.includes('lacks the scope users:read'));
    await traffic.until(() => said().length === time);
  }
  expect(told()).toEqual(['users:read']);
});

test('a diagram that cannot be uploaded says which scope the app lacks', async () => {
  world = await startWorld({ sandbox: { timings: { patienceMs: 20_000 } } });
  const { people, workspace } = world.sandbox;
  const { anna, oleg, carl } = people;
  await setUpLiveChat(world, { bindings: { 'Message received': { process: 'Create lead' } } });
  const channel = await anna.createChannel('support-acme', { sharedWith: 'Acme' });
  for (const person of [oleg, carl]) await anna.invite(channel, person);
  const question = await carl.post(channel, 'We need chairs');
  await world.quiet();
  workspace.removeScope('files:write');
  await oleg.shortcut('session', question);
  await (await oleg.modalShown('Live-chat session')).click('Diagram', { near: 'Create lead' });
  await (await oleg.modalShown('Diagram')).shows('lacks the scope files:write');
  expect(told()).toEqual(['files:write']);
}, 60_000);
