import { afterEach, expect, test } from 'vitest';
import { sessions } from '../../src/sessions/tables.ts';
import { starts } from '../../src/starts/tables.ts';
import { deliveryModes, startWorld, type World } from '../helpers/kickoff.ts';
import { setUpLiveChat } from '../helpers/set-up-live-chat.ts';

let world: World;
afterEach(() => world.close());

test.each(deliveryModes)(
  'over %s, facts of withheld events are recorded later, and one log line reports it',
  async (mode) => {
    world = await startWorld({ mode });
    const { database, log, sandbox } = world;
    const { faults, people, traffic } = sandbox;
    const { anna, carl } = people;
    await setUpLiveChat(world, { bindings: { 'Message received': { process: 'Handle request' } } });
    const open = async (name: string) => {
      const channel = await anna.createChannel(name, { sharedWith: 'Acme' });
      await anna.invite(channel, carl);
      return channel;
    };
    const [known, closed] = [await open('support-known'), await open('support-closed')];
    await carl.post(known, 'Heard');
    await world.quiet();
    const countStarts = async () => (await database.db.select().from(starts)).length;
    expect(await countStarts()).toBe(1);

    faults.withholdEvents();
    await carl.post(known, 'Withheld');
    await open('support-new');
    await anna.archive(closed);
    faults.resumeEvents();
    // A minute in the past.
    expect(await faults.tellOfWithheldEvents(Date.now() - 120_000)).toMatchObject({ acknowledged: true });

    const listSessions = async () =>
      (await database.db.select().from(sessions)).map(({ name, status }) => `${name} ${status}`).toSorted();
    const caughtUp = ['support-closed closed', 'support-known open', 'support-new open'].join();
    await traffic.until(async () => (await listSessions()).join() === caughtUp, { timeoutMs: 20_000 });
    await traffic.until(() => sandbox.channel('support-new').hasApp, { timeoutMs: 20_000 });
    await traffic.until(async () => (await countStarts()) === 2, { timeoutMs: 20_000 });
    await world.quiet();
    expect(await countStarts()).toBe(2);
    expect(log.filter(({ level }) => level >= 40)).toMatchObject([
      { msg: expect.stringContaining('Slack withholds events') },
    ]);
  },
  90_000,
);

test('a withheld message of the client reopens a session that was closed by hand', async () => {
  world = await startWorld();
  const { database, sandbox } = world;
  const { faults, people, traffic } = sandbox;
  const { anna, oleg, carl } = people;
  await setUpLiveChat(world, { bindings: { 'Message received': { process: 'Handle request' } } });
  const channel = await anna.createChannel('support-closed', { sharedWith: 'Acme' });
  for (const person of [oleg, carl]) await anna.invite(channel, person);
  await world.quiet();
  await oleg.command('/livechat-session', { in: channel });
  await (await oleg.modalShown('Live-chat session')).click('Close session');
  await oleg.modal.shows('Reopen session');
  faults.withholdEvents();
  await carl.post(channel, 'Withheld');
  faults.resumeEvents();
  await faults.tellOfWithheldEvents(Date.now() - 120_000);
  await traffic.until(async () => (await database.db.select().from(starts)).length === 1, { timeoutMs: 20_000 });
  expect(await database.db.select().from(sessions)).toMatchObject([{ status: 'open' }]);
  await world.quiet();
}, 60_000);
