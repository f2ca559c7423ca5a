import { sql } from 'drizzle-orm';
import { afterEach, describe, expect, test } from 'vitest';
import type { Channel } from '../../../sandbox/driver/channel.ts';
import type { Message } from '../../../sandbox/driver/message.ts';
import type { Person } from '../../../sandbox/driver/person.ts';
import { maskValue } from '../../../src/slack/why/mask-value.ts';
import { starts } from '../../../src/starts/tables.ts';
import { anyDeliveryMode, type DeliveryMode, startWorld, type World } from '../../helpers/kickoff.ts';
import { writeRequiringProcess } from '../../helpers/requiring-process.ts';
import { type LiveChatSetUp, setUpLiveChat } from '../../helpers/set-up-live-chat.ts';

let world: World;
let channel: Channel;

async function start(setUp: LiveChatSetUp = {}, mode: DeliveryMode = 'socket', environment = {}) {
  world = await startWorld({ mode, environment });
  await setUpLiveChat(world, setUp);
  const { people } = world.sandbox;
  channel = await people.anna.createChannel('support-acme', { sharedWith: 'Acme' });
  for (const person of [people.oleg, people.sam, people.emma, people.carl]) await people.anna.invite(channel, person);
  await world.quiet();
  return people;
}

/** The text that the shortcut shows. */
async function why(person: Person, message: Pick<Message, 'channel' | 'ts'>): Promise<string> {
  await person.shortcut('why', message);
  const modal = await person.modalShown('Why (not) a process?');
  await world.sandbox.traffic.until(() => !modal.describe().includes('Loading…'));
  const text = modal.describe();
  await modal.closeAll();
  return text;
}

describe('of a message', () => {
  afterEach(async () => {
    await world.quiet();
    await world.close();
  });

  test.each(anyDeliveryMode)('that started a process: from its delivery to the engine (%s)', async (mode) => {
    const { oleg, carl } = await start({ bindings: { 'Message received': { process: 'Create lead' } } }, mode);
    const message = await carl.post(channel, 'We need chairs');
    await world.quiet();
    const told = await why(oleg, message);
    expect(told).toContain('▶️ It started *Create lead*, which runs.');
    expect(told).toContain('First recorded:');
    expect(told).toContain(`<@${carl.id}>: a client, being neither operator nor supervisor`);
    expect(told).toContain('Message received: *Create lead*');
    expect(told).toContain("E-mail ← Client's e-mail: c•••@acme.example");
    expect(told).not.toContain('carl.client@acme.example');
    expect(told).toContain('1 attempt');
    expect(told).toContain('“Qualify lead” waits for');
  });

  test('that opened the session, and from which somebody started a process: the headline names both', async () => {
    world = await startWorld();
    const { anna, oleg, carl } = world.sandbox.people;
    const bindings = { 'Session created': { process: 'Create lead', parameters: { Company: "Session's name" } } };
    await setUpLiveChat(world, { bindings });
    world.sandbox.faults.holdDeliveries();
    channel = await anna.createChannel('support-first', { isPrivate: true, sharedWith: 'Acme' });
    for (const person of ['app', oleg, carl]) await anna.invite(channel, person);
    const message = await carl.post(channel, 'Is anybody here?');
    await world.sandbox.faults.releaseDeliveries({ reverse: true });
    await world.quiet();
    expect(await why(oleg, message)).toMatch(/==\n▶️ It started \*Create lead\*/);
    const later = await carl.post(channel, 'Anybody?');
    await world.quiet();
    await oleg.shortcut('start_process', later);
    const modal = await oleg.modalShown('Start business process');
    await modal.choose('Business process', 'Handle request');
    await modal.submit();
    await modal.shows('Register request');
    await modal.closeAll();
    const told = await why(oleg, later);
    expect(told).toContain(`By itself it started nothing: no process was bound`);
    expect(told).toContain(`🙋 <@${oleg.id}> started *Handle request* from it.`);
  });

  test('after which a client waits: the coming starts, until somebody answers', async () => {
    const { oleg, carl } = await start({ bindings: { 'Client is waiting': { process: 'Create lead' } } });
    const message = await carl.post(channel, 'Are you there?');
    await world.quiet();
    expect(await why(oleg, message)).toMatch(
      /Client is waiting: \*Create lead\* is tried on .+, unless somebody answers before\./,
    );
    await oleg.post(channel, 'Yes!');
    await world.quiet();
    const told = await why(oleg, message);
    expect(told).not.toContain('is tried on');
    expect(told).toContain('Client is waiting: *Create lead* did not start. There was an answer on');
  });

  test('that was delivered again: it counts once', async () => {
    const { oleg, carl } = await start({ bindings: { 'Message received': { process: 'Create lead' } } });
    world.sandbox.faults.holdDeliveries();
    const message = await carl.post(channel, 'Again and again');
    await world.sandbox.faults.releaseDeliveries({ times: 3 });
    await world.quiet();
    const told = await why(oleg, message);
    expect(told).toContain('▶️ It started *Create lead*');
    expect(told).toMatch(/It arrived 3 times, last: .*it counts once/);
    expect(await world.database.db.select().from(starts)).toHaveLength(1);
  });

  test('without a bound process, of an operator, of an app, or edited', async () => {
    const { oleg, carl, emma } = await start();
    const asked = await carl.post(channel, 'Hello?');
    const answer = await oleg.post(channel, 'Hello!');
    await carl.edit(asked, 'Hello again?');
    await world.quiet();
    expect(await why(oleg, asked)).toContain('no process was bound to clients’ messages');
    expect(await why(oleg, asked)).toContain('Edited since. Edits start nothing');
    const told = await why(oleg, answer);
    expect(told).toContain('it is an operator’s or supervisor’s message');
    expect(told).toContain('no client, but an operator of the live chat');
    expect(await why(emma, answer)).toContain('Only operators and supervisors');
  });

  test('in a spam session, and with a missing required parameter, with every attempt', async () => {
    const parameters = { Title: "Operator's name", 'E-mail': "Client's e-mail" };
    const { oleg, sam, carl } = await start(
      { bindings: { 'Message received': { process: 'Call the client', parameters } } },
      'socket',
      { PROCESSES_DIR: await writeRequiringProcess() },
    );
    const missing = await carl.post(channel, 'Who am I?');
    const failure = await sam.receives('❌ Failed');
    await failure.click('Retry');
    await world.sandbox.traffic.until(() => sam.inbox().length === 2);
    const told = await why(oleg, missing);
    expect(told).toContain(
      "❌ It was to start *Call the client*, which failed: “Title” is required, but “Operator's name” is not known",
    );
    expect(told).toContain("Title ← Operator's name: —");
    expect(told).toContain('2 attempts');
    expect(told).toContain('Attempt 1,');
    expect(told).toContain('Attempt 2,');
    await oleg.command('/livechat-session', { in: channel });
    const card = await oleg.modalShown('Live-chat session');
    await card.click('Mark as spam');
    await card.shows('Not spam');
    const spam = await carl.post(channel, 'Buy watches');
    await world.quiet();
    expect(await why(oleg, spam)).toContain('the session was marked as spam');
    await world.quiet();
  });

  test('from before Kickoff was there, and in a conversation of no live chat', async () => {
    world = await startWorld();
    const { anna, oleg, carl, emma } = world.sandbox.people;
    channel = await anna.createChannel('support-old', { sharedWith: 'Acme' });
    for (const person of [oleg, carl]) await anna.invite(channel, person);
    const old = await carl.post(channel, 'From before');
    await setUpLiveChat(world, {
      bindings: {
        "Client's first message": { process: 'Create lead' },
        'Message received': { process: 'Handle request' },
      },
    });
    await world.quiet();
    const told = await why(oleg, old);
    expect(told).toContain('Nothing was tried: Kickoff has not recorded it as a client’s message.');
    expect(told).toContain("Bound today: Client's first message: *Create lead*; Message received: *Handle request*.");
    expect(told).toContain('Kickoff was no member of the conversation then');
    expect(told).toContain('Never recorded');
    const elsewhere = await emma.post('team-lunch', 'Pizza?');
    expect(await why(oleg, elsewhere)).toContain('belongs to no live chat');
    await oleg.post(channel, 'Now');
  });
});

test('sensitive values are masked, text from the conversation is not', () => {
  expect(maskValue('carl@acme.example', 'email', 'E-mail')).toBe('c•••@acme.example');
  expect(maskValue('not an address', 'email', 'E-mail')).toBe('n•••');
  expect(maskValue('+1 (202) 555-0142', 'phone', 'Phone')).toBe('+• (•••) •••-••42');
  expect(maskValue('12', 'phone', 'Phone')).toBe('12');
  expect(maskValue('hunter2', 'text', 'Password')).toBe('•••');
  expect(maskValue('We need chairs', 'text', 'Message')).toBe('We need chairs');
  expect(maskValue(undefined, 'email', 'E-mail')).toBeUndefined();
});

test('a message whose bindings were held back: which condition with which value, and which start', async () => {
  const { oleg, carl } = await start({ bindings: { 'Message received': { process: 'Create lead' } } });
  const { db } = world.database;
  const row = { property: 'message.text', operator: 'contains', value: 'price' };
  const hidden = { property: 'client.phone', operator: 'is', value: '+1' };
  const change = (conditions: unknown, policy: string) =>
    db.execute(sql`update bindings set revision = revision + 1, policy = ${policy},
      conditions = ${JSON.stringify(conditions)}::jsonb`);
  await change({ kind: 'rows', join: 'any', rows: [row, hidden] }, 'once_per_session');
  const hello = await carl.post(channel, 'Hello *you*');
  const price = await carl.post(channel, 'Which price?');
  await world.quiet();
  const again = await carl.post(channel, 'That price again?');
  await world.quiet();
  await change({ kind: 'feel', expression: 'session.messageCount + 1' }, 'every_time');
  const faulty = await carl.post(channel, 'And now?');
  await world.quiet();
  const told = await why(oleg, hello);
  expect(told).toContain('By itself it started nothing: conditions or settings of the bound processes held them back');
  expect(told).toContain("*Message's text* contains *price*; it was “Hello");
  expect(told).toContain("*Client's phone* is *+1*; it was “+• ••• ••• ••06”");
  expect(await why(oleg, price)).toContain('It started *Create lead*');
  expect(await why(oleg, again)).toContain('It starts once per session, and had started on');
  expect(await why(oleg, faulty)).toContain('could not be evaluated, so it does not hold: neither true nor false');
});

test('a reaction to the message, and the session’s creation and closing, say what they held back', async () => {
  world = await startWorld();
  await setUpLiveChat(world, {
    bindings: {
      'Session created': { process: 'Create lead' },
      'Reaction added': { process: 'Create lead' },
      'Session closed': { process: 'Create lead' },
    },
  });
  await world.database.db.execute(
    sql`update bindings set conditions = ${JSON.stringify({
      kind: 'rows',
      join: 'all',
      rows: [{ property: 'session.name', operator: 'is', value: 'vip' }],
    })}::jsonb`,
  );
  const { anna, oleg, carl } = world.sandbox.people;
  channel = await anna.createChannel('support-acme', { sharedWith: 'Acme' });
  for (const person of [oleg, carl]) await anna.invite(channel, person);
  await world.quiet();
  const message = await carl.post(channel, 'Hello');
  const other = await carl.post(channel, 'And another thing');
  await oleg.react(message, 'ticket');
  await world.quiet();
  await anna.archive(channel);
  await world.quiet();
  await anna.unarchive(channel);
  await world.quiet();
  const told = await why(oleg, message);
  expect(told).toMatch(/What was bound[\s\S]*: :ticket: Reaction added: \*Create lead\* did not start\./);
  expect(told).toMatch(
    /Held back at other events[\s\S]*Session closed: \*Create lead\* did not start\.[\s\S]*Session created: \*Create lead\* did not/,
  );
  expect(told).toContain("*Session's name* is *vip*; it was “support-acme”");
  const ofOther = await why(oleg, other);
  expect(ofOther).not.toContain('Reaction added');
  expect(ofOther).toContain('Session closed: *Create lead*');
});
