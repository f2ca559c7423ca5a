import { afterEach, expect, test } from 'vitest';
import type { Channel } from '../../../sandbox/driver/channel.ts';
import type { Message } from '../../../sandbox/driver/message.ts';
import { startWorld, type World } from '../../helpers/kickoff.ts';
import { setUpLiveChat } from '../../helpers/set-up-live-chat.ts';

let world: World;
let channel: Channel;
let question: Message;
afterEach(async () => {
  await world.quiet();
  await world.close();
});

/** A live chat with a session in which Carl, of another organisation, has asked a question. */
async function startAsked(): Promise<World['sandbox']['people']> {
  world = await startWorld();
  await setUpLiveChat(world);
  const { people } = world.sandbox;
  channel = await people.anna.createChannel('support-acme', { sharedWith: 'Acme' });
  for (const person of [people.carl, people.oleg, people.sam, people.emma]) await people.anna.invite(channel, person);
  question = await people.carl.post(channel, 'We need *five* chairs & a <table>');
  await world.quiet();
  return people;
}

test('a start form is filled in from the session, and its mistakes are shown at their fields', async () => {
  const { oleg, anna } = await startAsked();
  await oleg.shortcut('start_process', question);
  const modal = await oleg.modalShown('Start business process');
  await modal.choose('Business process', 'Create lead');
  await modal.submit();
  expect(modal.title).toBe('Create lead');
  expect(modal.field('Name').value).toBe('Carl Client');
  expect(modal.field('E-mail').value).toBe('carl.client@acme.example');
  expect(modal.field('Message').value).toContain('five');
  await modal.fill('E-mail', 'carl@nowhere');
  expect((await modal.submit()).errors).toHaveProperty('E-mail');
  expect(world.crm.requests).toEqual([]);
  await modal.fill('E-mail', 'carl@acme.example');
  await modal.submit();
  await modal.shows('Qualify lead');
  expect(world.crm.requests).toMatchObject([{ path: '/leads', body: { email: 'carl@acme.example' } }]);
  expect(anna.inbox()).toEqual([]);
});

test('the answer goes to the client, once, and the modal tells that the process has completed', async () => {
  const { oleg } = await startAsked();
  await oleg.shortcut('start_process', question);
  const modal = await oleg.modalShown('Start business process');
  await modal.choose('Business process', 'Handle request');
  await modal.submit();
  await modal.fill('Subject', 'Five chairs');
  await modal.choose('Who works on it first', 'Oleg Operator');
  await modal.submit();
  await modal.shows('Work on request');
  await modal.fill('Findings', 'In stock');
  await modal.submit();
  await modal.shows('Answer the client');
  await modal.fill('Answer', 'They come <!channel> tomorrow.');
  await modal.submit();
  await modal.shows('The process has completed.');
  await world.quiet();
  expect(channel.messagesOfApp().map(({ text }) => text)).toEqual(['They come @channel tomorrow.']);
  expect(oleg.inbox()).toEqual([]);
});

test('a task that is left in a closed modal reaches its person as a message', async () => {
  const { oleg } = await startAsked();
  await oleg.shortcut('start_process', question);
  const modal = await oleg.modalShown('Start business process');
  await modal.choose('Business process', 'Handle request');
  await modal.submit();
  await modal.shows('Register request');
  await world.quiet();
  expect(oleg.inbox()).toEqual([]);
  await modal.close();
  await (await oleg.receives('Register request')).click('Open task');
  await (await oleg.modalShown('Register request')).shows('Subject');
});

test('a person who is no operator is told so, at the shortcut and at a submission', async () => {
  const { emma, anna, oleg, sam } = await startAsked();
  await emma.shortcut('start_process', question);
  await (await emma.modalShown()).shows('Only operators and supervisors of this live chat can start processes here.');
  await sam.shortcut('start_process', question);
  await (await sam.modalShown()).shows('Carl Client');

  await oleg.shortcut('start_process', question);
  const modal = await oleg.modalShown('Start business process');
  await modal.choose('Business process', 'Handle request');
  await anna.command('/livechat-config', { in: 'general' });
  await (await anna.modalShown('Live chats')).menu('Support', 'Settings');
  const settings = await anna.modalShown('Live chat settings');
  await settings.choose('Operators', ['Olga Operator']);
  await settings.submit();
  expect(JSON.stringify(await modal.submit())).toContain('Only operators and supervisors');
  await world.quiet();
  expect(oleg.inbox()).toEqual([]);
});

test('in a conversation of no live chat an administrator is told where to change that', async () => {
  const { oleg, anna } = await startAsked();
  const message = await oleg.post('team-lunch', 'Pizza?');
  await oleg.shortcut('start_process', message);
  await (await oleg.modalShown()).shows('This conversation belongs to no live chat');
  expect(oleg.modal.describe()).not.toContain('/livechat-config');
  await anna.shortcut('start_process', message);
  await (await anna.modalShown()).shows('/livechat-config');
});

test('a conversation without any new message is a session nevertheless', async () => {
  world = await startWorld();
  const { anna, oleg } = world.sandbox.people;
  channel = await anna.createChannel('support-old');
  await anna.invite(channel, oleg);
  const old = await oleg.post(channel, 'From before');
  await setUpLiveChat(world);
  await oleg.shortcut('start_process', old);
  await (await oleg.modalShown()).shows('#support-old');
});
