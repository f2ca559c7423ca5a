import { afterEach, expect, test } from 'vitest';
import type { Channel } from '../../sandbox/driver/channel.ts';
import type { Message } from '../../sandbox/driver/message.ts';
import { startWorld, type World } from '../helpers/kickoff.ts';
import { writeNoteProcesses } from '../helpers/note-processes.ts';
import { setUpLiveChat } from '../helpers/set-up-live-chat.ts';
import { whyOf } from '../helpers/why.ts';

let world: World;
let channel: Channel;
afterEach(() => world.close());

/** A shared channel of a live chat for outsiders, with Carl of Acme in it, whose profile Slack hides. */
async function start(): Promise<void> {
  world = await startWorld({ environment: { PROCESSES_DIR: await writeNoteProcesses() } });
  const { anna, oleg, carl, emma } = world.sandbox.people;
  world.sandbox.workspace.changePerson(carl, { isHidden: true });
  await setUpLiveChat(world, {
    clients: 'Guests and people from other organisations',
    bindings: { 'Message received': { process: 'Note message' } },
  });
  channel = await anna.createChannel('support-acme', { sharedWith: 'Acme' });
  await world.quiet();
  for (const person of [oleg, emma, carl]) await anna.invite(channel, person);
  await world.quiet();
}

async function noted(): Promise<Record<string, unknown>[]> {
  await world.quiet();
  return world.crm.requests.map(({ body }) => body as Record<string, unknown>);
}

const why = (message: Pick<Message, 'channel' | 'ts'>) => whyOf(world.sandbox.people.oleg, message);

test('a person whom Slack hides is a client if their message is from another organisation', async () => {
  await start();
  const { carl, oleg, emma } = world.sandbox.people;
  const message = await carl.post(channel, 'We need chairs');
  expect(await noted()).toMatchObject([{ messageText: 'We need chairs', clientUser: carl.id, clientIsExternal: true }]);
  const told = await why(message);
  expect(told).toContain('✅ It started *Note message*');
  expect(told).toContain(
    `<@${carl.id}>: a client, being from another organisation; Slack shows Kickoff nothing else of them`,
  );
  expect(told).not.toContain('Today they would count as');
  // No member of our workspace is taken for a client.
  await emma.post(channel, 'Just looking');
  await oleg.post(channel, 'Which ones?');
  expect(await noted()).toHaveLength(1);
});

test('a person whom Slack hides is the session’s client once they have joined', async () => {
  await start();
  const { carl, oleg } = world.sandbox.people;
  const message = await oleg.post(channel, 'Welcome');
  await world.quiet();
  await oleg.shortcut('start_process', message);
  const modal = await oleg.modalShown('Start business process');
  await modal.shows(`<@${carl.id}>`);
});

test('a process that is started manually from their message has them as its client', async () => {
  await start();
  const { carl, oleg } = world.sandbox.people;
  const message = await carl.post(channel, 'We need chairs');
  await world.quiet();
  await oleg.shortcut('start_process', message);
  const modal = await oleg.modalShown('Start business process');
  await modal.choose('Business process', 'Note created');
  await modal.submit();
  const form = await oleg.modalShown('Note created');
  await form.shows('Client is from outside');
  await form.submit();
  expect(await noted()).toMatchObject([{}, { clientUser: carl.id, clientIsExternal: true }]);
});

test('if neither profile nor message tells, Why does not call them a member', async () => {
  await start();
  const { carl } = world.sandbox.people;
  const ts = '1895000000.000200';
  const event = { type: 'message', channel: channel.id, channel_type: 'channel', user: carl.id, text: 'Hm', ts };
  await world.sandbox.faults.deliver({ event: { ...event, event_ts: ts } });
  expect(await noted()).toEqual([]);
  channel.record.messages.push({ ts, user: carl.id, text: 'Hm', channel: channel.id, revision: 1 });
  const told = await why({ channel: channel.id, ts });
  expect(told).toContain('Slack does not show Kickoff whether its author is');
  expect(told).not.toContain('its author is neither');
  expect(told).not.toContain('neither a guest nor');
});
