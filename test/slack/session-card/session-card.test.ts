import { writeFile } from 'node:fs/promises';
import { asc } from 'drizzle-orm';
import { afterEach, expect, test } from 'vitest';
import type { Channel } from '../../../sandbox/driver/channel.ts';
import type { Message } from '../../../sandbox/driver/message.ts';
import type { ModalDriver } from '../../../sandbox/driver/modal.ts';
import { sessions } from '../../../src/sessions/tables.ts';
import { starts } from '../../../src/starts/tables.ts';
import { startWorld, type World } from '../../helpers/kickoff.ts';
import { type LiveChatSetUp, setUpLiveChat } from '../../helpers/set-up-live-chat.ts';

let world: World;
let channel: Channel;
let question: Message;
afterEach(async () => {
  await world.quiet();
  await world.close();
});

/** A session with Carl and Dora of Acme, in which Carl has asked a question. */
async function startAsked(setUp: LiveChatSetUp = {}) {
  world = await startWorld();
  if (setUp.activityChannel) await world.sandbox.people.anna.invite(setUp.activityChannel, 'app');
  await setUpLiveChat(world, setUp);
  const { people } = world.sandbox;
  channel = await people.anna.createChannel('support-acme', { sharedWith: 'Acme' });
  for (const person of [people.oleg, people.sam, people.emma]) {
    await people.anna.invite(channel, person);
  }
  await people.anna.invite(channel, people.carl);
  await world.quiet();
  question = await people.carl.post(channel, 'We need *five* chairs & a <table>');
  await world.quiet();
  await people.anna.invite(channel, people.gina);
  await world.quiet();
  return people;
}

async function cardOf(person: World['sandbox']['people']['oleg']): Promise<ModalDriver> {
  await person.command('/livechat-session', { in: channel });
  const card = await person.modalShown('Live-chat session');
  await card.shows('support-acme');
  return card;
}

const onlySession = async () => (await world.database.db.select().from(sessions))[0];

const startsNow = () => world.database.db.select().from(starts).orderBy(asc(starts.createdAt));

test('the card shows the session, the origin of its data and its processes, and starts one', async () => {
  const { oleg, carl } = await startAsked();
  await oleg.shortcut('session', question);
  const card = await oleg.modalShown('Live-chat session');
  await card.shows(`<@${carl.id}> — _the first to write who is no operator or supervisor_`);
  expect(card.describe()).toContain('carl.client@acme.example — _Slack profile_');
  expect(card.describe()).toContain('the message that you chose');
  expect(card.describe()).toContain('No process was started from this session yet.');
  await card.click('Start a process');
  const search = await oleg.modalShown('Start business process');
  expect(search.depth).toBe(1);
  await search.choose('Business process', 'Handle request');
  await search.submit();
  await search.shows('Register request');
  await search.closeAll();
  await world.quiet();
  await (await cardOf(oleg)).shows('“Register request” waits for Oleg Operator');
  expect((await startsNow())[0]?.facts.message?.ts).toBe(question.ts);
  await oleg.modal.click('Diagram', { near: 'Handle request' });
  const diagram = await oleg.modalShown('Diagram');
  await diagram.shows('where it stands', { timeoutMs: 10_000 });
  const [picture] = Object.values(world.sandbox.state.files);
  expect(picture).toMatchObject({ mimetype: 'image/png', channels: [] });
  expect(JSON.stringify(diagram.raw)).toContain(`"slack_file":{"id":"${picture?.id}"}`);
  if (process.env.PICTURE) await writeFile(process.env.PICTURE, Buffer.from(picture?.content ?? '', 'base64'));
});

test('from the command, a process starts from the session itself, without a message', async () => {
  const { oleg } = await startAsked();
  const card = await cardOf(oleg);
  expect(card.describe()).not.toContain('the message that you chose');
  await card.click('Start a process');
  const search = await oleg.modalShown('Start business process');
  await search.choose('Business process', 'Create lead');
  await search.submit();
  expect(search.field('Name').value).toBe('Carl Client');
  await search.closeAll();
});

test.each([
  ['unarchived', 'open'],
  ['archived', 'closed'],
] as const)(
  'a spam session whose channel was %s while no events came is %s once it is unmarked',
  async (what, status) => {
    const { anna, oleg, sam } = await startAsked();
    const card = await cardOf(sam);
    await card.click('Mark as spam');
    await card.shows('Not spam');
    if (what === 'unarchived') await anna.archive(channel);
    await world.quiet();
    const { faults, traffic } = world.sandbox;
    faults.withholdEvents();
    await (what === 'unarchived' ? anna.unarchive(channel) : anna.archive(channel));
    faults.resumeEvents();
    await faults.tellOfWithheldEvents(Date.now() - 120_000);
    await traffic.until(async () => ((await onlySession())?.closedAt === null) === (status === 'open'), {
      timeoutMs: 20_000,
    });
    expect(await onlySession()).toMatchObject({ status: 'spam' });
    await card.click('Not spam');
    await card.shows('Mark as spam');
    expect(await onlySession()).toMatchObject({ status });
    await oleg.modal.closeAll();
  },
);

test('a spam session starts nothing, automatically or manually, and waiting starts continue once it is unmarked', async () => {
  const { oleg, sam, carl } = await startAsked({
    activityChannel: 'leadership',
    bindings: { 'Message received': { process: 'Create lead' } },
  });
  world.crm.requests.length = 0;
  await world.database.db.execute(
    `insert into starts (team_id, key, session_id, live_chat_id, event, process_definition_id, process_name, facts, mapping, status, due_at)
     select team_id, 'waits', session_id, live_chat_id, event, process_definition_id, process_name, facts, mapping, 'waiting', now() + interval '1 hour' from starts`,
  );
  await (await cardOf(oleg)).click('Start a process');
  const search = await oleg.modalShown('Start business process');
  await search.choose('Business process', 'Create lead');
  const card = await cardOf(sam);
  await card.click('Mark as spam');
  await card.shows('spam');
  await card.shows('⏸️ Held: the session is marked as spam');
  await world.database.db.execute("update starts set due_at = now() where key = 'waits'");
  expect(card.buttons()).not.toContain('Start a process');
  await carl.post(channel, 'Buy my watches');
  expect(JSON.stringify(await search.submit())).toContain('marked as spam');
  await world.quiet();
  expect(await startsNow()).toHaveLength(2);
  expect(world.crm.requests).toEqual([]);
  await card.click('Not spam');
  await card.shows('Mark as spam');
  await world.quiet();
  expect(world.crm.requests).toHaveLength(1);
  await carl.post(channel, 'But really');
  await world.quiet();
  expect(await startsNow()).toHaveLength(3);
  expect(world.crm.requests).toHaveLength(2);
});

test('closing by hand counts once, archiving is no second closing, and the client reopens by writing', async () => {
  const { oleg, anna, carl } = await startAsked({ bindings: { 'Session closed': { process: 'Ask for feedback' } } });
  const closings = async () => (await startsNow()).filter(({ event }) => event === 'session_closed').length;
  const card = await cardOf(oleg);
  const stale = await cardOf(anna);
  await card.click('Close session');
  await card.shows('Reopen session');
  await card.shows(`closed by <@${oleg.id}>`);
  await stale.click('Close session');
  await stale.shows('Reopen session');
  await oleg.post(channel, 'For the record');
  await world.quiet();
  expect(await closings()).toBe(1);
  expect((await onlySession())?.status).toBe('closed');
  await carl.post(channel, 'One more thing');
  await world.quiet();
  expect(await onlySession()).toMatchObject({ status: 'open', closedAt: null });
  expect(await closings()).toBe(1);
  await (await cardOf(oleg)).click('Close session');
  await oleg.modal.shows('Reopen session');
  await anna.archive(channel);
  await world.quiet();
  expect(await closings()).toBe(2);
});

test('a client chosen by hand stays whoever writes, and a start that failed for the wrong one can be retried', async () => {
  const { oleg, carl, gina } = await startAsked({ bindings: { 'Message received': { process: 'Create lead' } } });
  world.crm.requests.length = 0;
  const card = await cardOf(oleg);
  await card.click('Correct the client');
  const edit = await oleg.modalShown('Correct the client');
  expect(JSON.stringify(await edit.options('Client'))).not.toContain('Oleg');
  await edit.choose('Client', gina.name);
  await edit.submit();
  await card.shows(`<@${gina.id}> — _chosen by <@${oleg.id}>_`);
  await carl.post(channel, 'I write for her');
  await world.quiet();
  expect(world.crm.requests).toMatchObject([{ body: { name: gina.name } }]);
});

test('the name that staff give stays in Kickoff, also when the channel is renamed', async () => {
  const { oleg, anna } = await startAsked();
  const card = await cardOf(oleg);
  await card.click('Edit the name');
  const edit = await oleg.modalShown('Edit the name');
  await edit.fill('Name', 'Five chairs 🪑');
  await edit.submit();
  await card.shows('*Five chairs 🪑*');
  await anna.rename(channel, 'support-acme-2');
  await world.quiet();
  await oleg.command('/livechat-session', { in: channel });
  await (await oleg.modalShown('Live-chat session')).shows('*Five chairs 🪑*');
  expect(channel.messagesOfApp()).toEqual([]);
});

test('a person without the right is told why, on opening and after losing the right', async () => {
  const { emma, anna, oleg } = await startAsked();
  await emma.command('/livechat-session', { in: channel });
  await (await emma.modalShown()).shows('Only operators and supervisors of this live chat, and administrators');
  await oleg.command('/livechat-session', { in: 'general' });
  await (await oleg.modalShown()).shows('This conversation belongs to no live chat');
  const ofAdministrator = await cardOf(anna);
  expect(ofAdministrator.buttons()).not.toContain('Start a process');
  const card = await cardOf(oleg);
  await world.database.db.execute("update live_chats set operators = '{}'");
  await card.click('Mark as spam');
  await card.shows('Only operators and supervisors of this live chat');
  expect((await onlySession())?.status).toBe('open');
});
