import { readFile } from 'node:fs/promises';
import { afterEach, expect, test } from 'vitest';
import type { Channel } from '../../sandbox/driver/channel.ts';
import { clientChannel } from '../helpers/client-channel.ts';
import { startWorld, type World } from '../helpers/kickoff.ts';
import { writeNoteProcesses } from '../helpers/note-processes.ts';
import { setUpLiveChat } from '../helpers/set-up-live-chat.ts';

let world: World;
afterEach(() => world.close());

const guestsOnly = { clients: 'Guests and people from other organisations' } as const;

async function startNoting(): Promise<Channel> {
  world = await startWorld({ environment: { PROCESSES_DIR: await writeNoteProcesses() } });
  await setUpLiveChat(world, { ...guestsOnly, bindings: { 'Message received': { process: 'Note message' } } });
  return clientChannel(world, 'support-acme');
}

/** Start variables of the processes that the clients' messages started, oldest first. */
async function noted(): Promise<Record<string, unknown>[]> {
  await world.quiet();
  return world.crm.requests
    .filter(({ path }) => path === '/message')
    .map(({ body }) => body as Record<string, unknown>);
}

test('a forwarded message comes with the text, files and author of what was forwarded', async () => {
  const channel = await startNoting();
  const { anna, gina, oleg } = world.sandbox.people;
  const private_ = await anna.createChannel('plant', { invite: [gina, oleg] });
  const files = [{ name: 'pump.jpg', mimetype: 'image/jpeg', content: 'jpeg' }];
  const report = await oleg.post(private_, 'The pump in *hall 3* leaks', { files });
  await gina.forward(report, channel, 'Can you help?');
  const [note] = await noted();
  expect(note).toMatchObject({
    messageText: 'Can you help?\nOleg Operator: The pump in hall 3 leaks',
    messageFiles: [{ name: 'pump.jpg', type: 'image/jpeg' }],
    sessionTranscript: expect.stringMatching(/Gina Guest: Can you help\? Oleg Operator: The pump in hall 3 leaks$/),
  });
});

test('a forwarded message as Slack itself sends it', async () => {
  const channel = await startNoting();
  const { gina } = world.sandbox.people;
  const event = JSON.parse(await readFile('test/slack/message-text/forwarded-message.json', 'utf8'));
  const own = { channel: channel.id, user: gina.id, ts: '1895000000.000200', event_ts: '1895000000.000200' };
  await world.sandbox.faults.deliver({ event: { ...event, ...own } });
  const [note] = await noted();
  expect(note).toMatchObject({
    messageText: 'Site manager: The pump in hall 3 leaks',
    messageFiles: [{ name: 'pump.jpg', type: 'image/jpeg', size: 12345 }],
  });
});

test('the transcript shows what people read in the messages of other apps', async () => {
  const channel = await startNoting();
  const { gina } = world.sandbox.people;
  const { blocks, username } = JSON.parse(await readFile('test/slack/message-text/blocks-only-message.json', 'utf8'));
  world.sandbox.workspace.postAsAnotherApp(channel, { username, blocks });
  world.sandbox.workspace.postAsAnotherApp(channel, {
    username: 'Tickets',
    attachments: [{ fallback: 'Ticket 7', title: 'Ticket 7', text: '*urgent*' }],
  });
  await world.quiet();
  await gina.post(channel, 'see above');
  const [note] = await noted();
  expect(String(note?.sessionTranscript).split('\n')).toEqual([
    expect.stringMatching(/Shop: Invoice 12 Overdue since Monday Amount: 120 EUR$/),
    expect.stringMatching(/Tickets: Ticket 7 urgent$/),
    expect.stringMatching(/Gina Guest: see above$/),
  ]);
});

test('a process gets the text that people read', async () => {
  const channel = await startNoting();
  const { gina, oleg } = world.sandbox.people;
  const general = world.sandbox.channel('general').id;
  const support = world.sandbox.workspace.userGroup('support-team').id;
  const message = await gina.post(
    channel,
    `*Hi* <@${oleg.id}>, see <#${general}> & tell <!subteam^${support}>: \`2 < 3\` https://a.example/?a=1&b=2`,
  );
  await noted();
  await gina.edit(message, 'It was _edited_ & is shorter');
  // Two deliveries at once may be recorded in either order.
  await world.quiet();
  await gina.post(channel, 'the end');
  const notes = await noted();
  expect(notes[0]?.messageText).toBe(
    'Hi @Oleg Operator, see #general & tell @support-team: 2 < 3 https://a.example/?a=1&b=2',
  );
  expect(notes[1]?.sessionTranscript).toContain('Gina Guest: It was edited & is shorter');
});

test('a manual start from a forwarded message shows and uses the forwarded content', async () => {
  const channel = await startNoting();
  const { anna, gina, oleg } = world.sandbox.people;
  await anna.invite(channel, oleg);
  const elsewhere = await anna.createChannel('plant', { invite: [gina] });
  const report = await anna.post(elsewhere, 'The pump leaks');
  const forwarded = await gina.forward(report, channel);
  await world.quiet();
  await oleg.shortcut('start_process', forwarded);
  const modal = await oleg.modalShown('Start business process');
  await modal.choose('Business process', 'Note closed');
  await modal.submit();
  await (await oleg.modalShown('Note closed')).submit();
  await world.quiet();
  const note = world.crm.requests.find(({ path }) => path === '/closed')?.body;
  expect(note).toMatchObject({ messageText: 'Anna Admin: The pump leaks' });
});
