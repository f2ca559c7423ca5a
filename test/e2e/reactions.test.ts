import { afterEach, describe, expect, test } from 'vitest';
import { listBindings } from '../../src/bindings/queries.ts';
import type { ReactionTrigger } from '../../src/bindings/reactions.ts';
import { bindings } from '../../src/bindings/tables.ts';
import { listLiveChats } from '../../src/live-chats/queries.ts';
import { clientChannel } from '../helpers/client-channel.ts';
import { anyDeliveryMode, type DeliveryMode, startWorld, type World } from '../helpers/kickoff.ts';
import { writeNoteProcesses } from '../helpers/note-processes.ts';
import { setUpLiveChat } from '../helpers/set-up-live-chat.ts';

let world: World;
/** Slack refuses to show a deleted message. */
let isRefused = false;
afterEach(async () => {
  await world.close({ tolerate: isRefused });
  isRefused = false;
});

/** A live chat in which each reaction is reported to the CRM. */
async function startNoting(mode: DeliveryMode, reaction: ReactionTrigger = { emoji: ['ticket'], by: 'staff' }) {
  world = await startWorld({ mode, environment: { PROCESSES_DIR: await writeNoteProcesses() } });
  await setUpLiveChat(world, { bindings: { 'Reaction added': { process: 'Note message' } } });
  await world.database.db.update(bindings).set({ reaction });
}

/** Waits until everything is idle; returns the start variables of each reaction's process. */
async function notes(): Promise<Record<string, unknown>[]> {
  await world.quiet();
  return world.crm.requests.map(({ body }) => body as Record<string, unknown>);
}

describe.each(anyDeliveryMode)('%s', (mode) => {
  test('an emoji of the staff starts its process once, with the message that got it', async () => {
    await startNoting(mode);
    const { oleg, olga, gina } = world.sandbox.people;
    const channel = await clientChannel(world, 'support-acme');
    for (const person of [oleg, olga]) await person.join(channel);
    const first = await gina.post(channel, 'It is broken');
    // Two deliveries at once may be recorded in either order.
    await world.quiet();
    const message = await gina.post(channel, 'Since Monday', { thread: first });
    await gina.react(message, 'ticket');
    await oleg.react(message, 'eyes');
    expect(await notes()).toEqual([]);
    await oleg.react(message, 'ticket');
    const link = `https://northwind.slack.com/archives/${channel.id}/p${message.ts.replace('.', '')}`;
    expect(await notes()).toMatchObject([
      {
        messageText: 'Since Monday',
        messageLink: `${link}?thread_ts=${first.ts}&cid=${channel.id}`,
        messageReaction: 'ticket',
        messageIsFirst: false,
        clientUser: gina.id,
        operatorUser: oleg.id,
      },
    ]);
    await oleg.react(message, 'ticket', false);
    await oleg.react(message, 'ticket');
    await olga.react(message, 'ticket');
    for (const delivery of world.sandbox.traffic.deliveriesOf('reaction_added')) {
      await world.sandbox.faults.redeliver(delivery);
    }
    expect(await notes()).toHaveLength(1);
    await olga.react(first, 'ticket');
    expect((await notes())[1]).toMatchObject({ messageText: 'It is broken', messageIsFirst: true });
  });

  test('anybody’s emoji counts if so configured, in every skin tone and under every name', async () => {
    await startNoting(mode, { emoji: ['+1', 'our-logo'], by: 'anybody' });
    const { oleg, gina } = world.sandbox.people;
    const channel = await clientChannel(world, 'support-acme');
    await oleg.join(channel);
    const message = await gina.post(channel, 'hello');
    await gina.react(message, '+1::skin-tone-4');
    await oleg.react(message, '+1');
    await oleg.react(message, 'thumbsup');
    expect(await notes()).toMatchObject([{ messageReaction: '+1', clientUser: gina.id }]);
    await gina.react(message, 'our-logo');
    expect(await notes()).toHaveLength(2);
  });

  test('reactions that are delivered in the wrong order and three times are one start each', async () => {
    await startNoting(mode);
    const { anna, oleg, gina } = world.sandbox.people;
    world.sandbox.faults.holdDeliveries();
    const channel = await anna.createChannel('support-late');
    await anna.invite(channel, 'app');
    for (const person of [gina, oleg]) await anna.invite(channel, person);
    const message = await gina.post(channel, 'first words');
    await oleg.react(message, 'ticket');
    await oleg.react(message, 'ticket', false);
    await oleg.react(message, 'ticket');
    await world.sandbox.faults.releaseDeliveries({ reverse: true, times: 3 });
    expect(await notes()).toMatchObject([{ messageText: 'first words', messageReaction: 'ticket' }]);
  });

  test('a reaction starts its process later if Slack cannot show the message yet', async () => {
    await startNoting(mode);
    const { oleg, gina } = world.sandbox.people;
    const channel = await clientChannel(world, 'support-acme');
    await oleg.join(channel);
    const message = await gina.post(channel, 'hello');
    await world.quiet();
    world.sandbox.faults.fail('conversations.replies');
    await oleg.react(message, 'ticket');
    expect(await notes()).toMatchObject([{ messageText: 'hello' }]);
  });
});

test('the message may be the staff’s, or from before there was a live chat', async () => {
  await startNoting('socket');
  const { anna, oleg, gina } = world.sandbox.people;
  const channel = await anna.createChannel('elsewhere', { invite: [gina, oleg] });
  const old = await gina.post(channel, 'from before');
  const answer = await oleg.post(channel, 'How can I help?');
  await anna.rename(channel, 'support-acme');
  await world.quiet();
  await oleg.react(old, 'ticket');
  expect((await notes())[0]).toMatchObject({ messageText: 'from before', clientUser: gina.id });
  await oleg.react(answer, 'ticket');
  expect((await notes())[1]).toMatchObject({ messageText: 'How can I help?', operatorUser: oleg.id });
  expect((await notes())[1]).not.toHaveProperty('clientUser', oleg.id);
});

test('a reaction to a deleted message starts its process without the message', async () => {
  isRefused = true;
  await startNoting('socket');
  const { oleg, gina } = world.sandbox.people;
  const channel = await clientChannel(world, 'support-acme');
  await oleg.join(channel);
  world.sandbox.faults.holdDeliveries();
  const gone = await gina.post(channel, 'never mind');
  await oleg.react(gone, 'ticket');
  await gina.delete(gone);
  await world.sandbox.faults.releaseDeliveries();
  const [note] = await notes();
  expect(note).toMatchObject({ messageReaction: 'ticket' });
  expect(note).not.toHaveProperty('messageText');
});

test('one binding takes an emoji from anybody, another only from the staff', async () => {
  await startNoting('socket', { emoji: ['eyes'], by: 'anybody' });
  const { db } = world.database;
  const [liveChat] = await listLiveChats(db, world.sandbox.teamId);
  const [binding] = await listBindings(db, world.sandbox.teamId, liveChat?.id ?? '');
  if (!binding) throw new Error('nothing is bound');
  const { id: _, position, ...same } = binding;
  await db.insert(bindings).values({ ...same, position: position + 1, reaction: { emoji: ['eyes'], by: 'staff' } });
  const { oleg, gina } = world.sandbox.people;
  const channel = await clientChannel(world, 'support-acme');
  await oleg.join(channel);
  const message = await gina.post(channel, 'hello');
  await gina.react(message, 'eyes');
  expect(await notes()).toHaveLength(1);
  await oleg.react(message, 'eyes');
  expect(await notes()).toHaveLength(2);
  const other = await gina.post(channel, 'and again');
  await oleg.react(other, 'eyes');
  expect(await notes()).toHaveLength(4);
});
