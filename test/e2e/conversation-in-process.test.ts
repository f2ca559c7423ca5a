import { sql } from 'drizzle-orm';
import { afterEach, describe, expect, test } from 'vitest';
import type { Channel } from '../../sandbox/driver/channel.ts';
import { selectRows } from '../../src/db/query.ts';
import { engineSubscriptions } from '../../src/engines/embedded/tables.ts';
import { starts } from '../../src/starts/tables.ts';
import { clientChannel } from '../helpers/client-channel.ts';
import { anyDeliveryMode, startWorld, type World } from '../helpers/kickoff.ts';
import { setUpLiveChat } from '../helpers/set-up-live-chat.ts';

let world: World;
afterEach(() => world.close());

const guestsOnly = { clients: 'Guests and people from other organisations' } as const;
const asking = { ...guestsOnly, bindings: { 'Session created': { process: 'Ask for order number' } } } as const;

const answers = (channel: Channel) => channel.messagesOfApp().map(({ text }) => text);
const instances = () =>
  selectRows<{ status: string; orderNumber: string | null; answer: string | null }>(
    world.database.db,
    sql`select status, state #>> '{tokens,1,local,orderNumber}' as "orderNumber",
      state #>> '{tokens,1,local,answer}' as answer from engine_instances order by key`,
  );

describe.each(anyDeliveryMode)('%s', (mode) => {
  test('a process asks the client for an order number, and continues with the answer', async () => {
    world = await startWorld({ mode });
    await setUpLiveChat(world, asking);
    const channel = await clientChannel(world, 'support-acme');
    expect(answers(channel)).toEqual([expect.stringContaining('Please send us its number')]);
    const { gina, oleg } = world.sandbox.people;
    await world.sandbox.people.anna.invite(channel, oleg);
    await oleg.post(channel, 'The number is 1234, isn’t it?');
    await gina.post(channel, 'It never came 😢');
    await world.quiet();
    expect(answers(channel).slice(1)).toEqual([expect.stringContaining('could not find a number')]);
    await gina.post(channel, 'Oh: 4711 & thanks');
    await world.quiet();
    expect(answers(channel).slice(2)).toEqual(['Thank you! We are looking at your order 4711.']);
    await gina.post(channel, 'Or was it 4712?');
    await world.quiet();
    expect(answers(channel)).toHaveLength(3);
    expect(await instances()).toEqual([{ status: 'completed', orderNumber: '4711', answer: 'Oh: 4711 & thanks' }]);
  });

  test('a process receives only messages of its own session, and none from before it', async () => {
    world = await startWorld({ mode });
    await setUpLiveChat(world, {
      ...guestsOnly,
      bindings: { 'Message received': { process: 'Ask for order number' } },
    });
    const { gina } = world.sandbox.people;
    const [acme, globex] = [await clientChannel(world, 'support-acme'), await clientChannel(world, 'support-globex')];
    await gina.post(acme, 'My order 1111 has not come');
    await world.quiet();
    expect(await instances()).toMatchObject([{ status: 'active', orderNumber: null }]);
    await gina.post(globex, 'Mine neither: 2222');
    await world.quiet();
    expect(await instances()).toMatchObject([{ orderNumber: null }, { orderNumber: null }]);
    // The running process receives the second message; the process started by that message does not.
    await gina.post(acme, 'As I said: 1111');
    await world.quiet();
    expect(await instances()).toMatchObject([
      { status: 'completed', orderNumber: '1111' },
      { status: 'active', orderNumber: null },
      { status: 'active', orderNumber: null },
    ]);
  });
});

test('the answer to a process that is bound to the client’s messages does not start it again', async () => {
  world = await startWorld();
  await setUpLiveChat(world, {
    ...guestsOnly,
    bindings: { 'Message received': { process: 'Ask for order number', isPreset: true } },
  });
  const { gina } = world.sandbox.people;
  const channel = await clientChannel(world, 'support-acme');
  await gina.post(channel, 'My order has not come');
  await world.quiet();
  await gina.post(channel, 'It is 4711');
  await world.quiet();
  expect(answers(channel)).toEqual([
    expect.stringContaining('Please send us its number'),
    'Thank you! We are looking at your order 4711.',
  ]);
  expect(await instances()).toMatchObject([{ status: 'completed', orderNumber: '4711' }]);
});

test('an answer to a process starts no other process either, unless its binding wants every message', async () => {
  world = await startWorld();
  await setUpLiveChat(world, {
    ...guestsOnly,
    bindings: {
      'Session created': { process: 'Ask for order number' },
      'Message received': { process: 'Handle request', isPreset: true },
    },
  });
  const { gina } = world.sandbox.people;
  const channel = await clientChannel(world, 'support-acme');
  await gina.post(channel, 'It is 4711');
  await world.quiet();
  const started = async () => (await world.database.db.select().from(starts)).map(({ processName }) => processName);
  expect(await started()).toEqual(['Ask for order number']);
  await gina.post(channel, 'And I need a chair');
  await world.quiet();
  expect(await started()).toEqual(['Ask for order number', 'Handle request']);
});

test('a message from before a process began does not answer it, but starts its own processes', async () => {
  world = await startWorld();
  await setUpLiveChat(world, {
    ...guestsOnly,
    bindings: { 'Message received': { process: 'Handle request', isPreset: true } },
  });
  const { gina, oleg } = world.sandbox.people;
  const channel = await clientChannel(world, 'support-acme');
  world.sandbox.faults.holdDeliveries();
  const late = await gina.post(channel, 'Order 4711 has not come');
  await oleg.shortcut('start_process', late);
  const modal = await oleg.modalShown('Start business process');
  await modal.choose('Business process', 'Ask for order number');
  await modal.submit();
  await world.sandbox.traffic.until(() => answers(channel).length === 1);
  await world.sandbox.traffic.until(
    async () => (await world.database.db.select().from(engineSubscriptions)).length > 0,
  );
  await world.sandbox.faults.releaseDeliveries();
  await world.quiet();
  const started = (await world.database.db.select().from(starts)).map(({ processName }) => processName);
  expect(started).toEqual(['Ask for order number', 'Handle request']);
  expect(answers(channel)).toHaveLength(1);
});

test('a message is not published if no process waits', async () => {
  world = await startWorld();
  await setUpLiveChat(world, {
    ...guestsOnly,
    bindings: { 'Session created': { process: 'Create lead', parameters: { Company: "Session's name" } } },
  });
  const channel = await clientChannel(world, 'support-acme');
  await world.sandbox.people.gina.post(channel, 'hello');
  await world.quiet();
  const [row] = await selectRows<{ drawn: boolean }>(
    world.database.db,
    sql`select is_called as drawn from pg_get_serial_sequence('conversation_events', 'id') seq,
      lateral (select last_value is not null as is_called from pg_sequences
        where schemaname || '.' || sequencename = seq) s`,
  );
  expect(row).toEqual({ drawn: false });
});
