import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { readHeldBack } from '../../src/bindings/kept-held-back.ts';
import { moveBinding } from '../../src/bindings/queries.ts';
import { bindings } from '../../src/bindings/tables.ts';
import { type IntakeDependencies, recordEvent } from '../../src/intake/record-event.ts';
import type { Author, SessionConversation, SessionEvent } from '../../src/intake/session-event.ts';
import { sessionEvents } from '../../src/intake/tables.ts';
import { messageReceived } from '../../src/intake/tell-processes.ts';
import type { LiveChat } from '../../src/live-chats/live-chat.ts';
import { sessions } from '../../src/sessions/tables.ts';
import { starts } from '../../src/starts/tables.ts';
import { aBinding, aConversation, aLiveChat, intakeOf } from '../helpers/builders.ts';
import { openTestDatabase, type TestDatabase } from '../helpers/database.ts';

let database: TestDatabase;
let liveChat: LiveChat;
let conversation: SessionConversation;
let intake: IntakeDependencies;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.db.delete(starts);
  await database.db.delete(sessions);
  liveChat = await aLiveChat(database.db);
  conversation = aConversation();
  intake = intakeOf(database, { U0CLIENT: { company: 'Acme' } });
  await recordEvent(intake, liveChat, conversation, { kind: 'created', at: new Date(1000) });
});

const message = (ts: string, author: Author = 'client', text = `message ${ts}`): SessionEvent => ({
  kind: 'message',
  at: new Date(Number(ts) * 1000),
  author,
  message: { ts, userId: author === 'client' ? 'U0CLIENT' : 'U0OPERATOR', text, files: [] },
});

async function deliver(...events: SessionEvent[]): Promise<void> {
  for (const event of events) await recordEvent(intake, liveChat, conversation, event);
}

const bind = (overrides: Parameters<typeof aBinding>[2]) => aBinding(database.db, liveChat, overrides);

/** The processes that each message started, in the order of messages. */
async function started(): Promise<string[]> {
  const rows = await database.db.select().from(starts).orderBy(sql`facts #>> '{message,ts}', created_at, key`);
  return rows.map(({ facts, processDefinitionId }) => `${facts.message?.ts} ${processDefinitionId}`);
}

/** The reasons why bindings did not start their process, by message. */
async function heldBack(): Promise<string[]> {
  const rows = await database.db.select().from(sessionEvents).orderBy(sessionEvents.slackTs);
  const held = await Promise.all(
    rows.map(async ({ slackTs, heldBack: kept }) =>
      (await readHeldBack(database.db, kept ?? [])).map((one) => `${slackTs} ${one.hindrance.kind}`),
    ),
  );
  return held.flat();
}

const finish = (status: 'completed' | 'failed') => database.db.update(starts).set({ status });

test('several bindings of an event are tried in their order, and nothing after one that stops', async () => {
  await bind({
    processDefinitionId: 'first',
    conditions: { kind: 'feel', expression: 'contains(message.text, "2.1")' },
  });
  await bind({ processDefinitionId: 'second', stops: true });
  await bind({ processDefinitionId: 'third' });
  await deliver(message('2.1'), message('2.2'));
  expect((await started()).toSorted()).toEqual(['2.1 first', '2.1 second', '2.2 second']);
  expect(await heldBack()).toEqual(['2.1 stopped', '2.2 expression', '2.2 stopped']);
});

test('a binding that is switched off is not tried, and does not stop others', async () => {
  await bind({ processDefinitionId: 'off', isOn: false, stops: true });
  await bind({ processDefinitionId: 'on' });
  await deliver(message('2.1'));
  expect(await started()).toEqual(['2.1 on']);
  expect(await heldBack()).toEqual([]);
});

test('a client’s first message is also a received message, whoever wrote before', async () => {
  await bind({ event: 'client_first_message', processDefinitionId: 'greet', mapping: { first: 'message.isFirst' } });
  await bind({ processDefinitionId: 'note', conditions: { kind: 'feel', expression: 'not(message.isFirst)' } });
  await deliver(message('2.1', 'staff'), message('2.2'), message('2.3'), message('2.2'));
  expect(await started()).toEqual(['2.2 greet', '2.3 note']);
});

test('once per session counts every start, including failed ones', async () => {
  const id = await bind({ policy: 'once_per_session' });
  await deliver(message('2.1'));
  await finish('failed');
  await deliver(message('2.2'));
  expect(await started()).toEqual(['2.1 create-lead']);
  const [event] = await database.db.select().from(sessionEvents).where(eq(sessionEvents.slackTs, '2.2'));
  const [start] = await database.db.select().from(starts);
  expect(event?.heldBack).toMatchObject([{ bindingId: id, hindrance: { kind: 'policy', startId: start?.id } }]);
  conversation = aConversation();
  await deliver(message('3.1'));
  expect(await started()).toEqual(['2.1 create-lead', '3.1 create-lead']);
});

test('two concurrent messages, on two connections, start once per session', async () => {
  await bind({ policy: 'once_per_session' });
  await Promise.all(
    Array.from({ length: 8 }, (_, index) => recordEvent(intake, liveChat, conversation, message(`2.${index + 1}`))),
  );
  expect(await started()).toHaveLength(1);
  expect(await heldBack()).toHaveLength(7);
});

test('not while it runs, whoever started it; again once it has ended', async () => {
  await bind({ policy: 'not_while_running' });
  await deliver(message('2.1'), message('2.2'));
  await finish('completed');
  await deliver(message('2.3'));
  expect(await started()).toEqual(['2.1 create-lead', '2.3 create-lead']);
});

test('at most once in a set time', async () => {
  await bind({ policy: 'at_most_once_in', policyMinutes: 10 });
  await deliver(message('2.1'), message('2.2'));
  await database.db.update(starts).set({ createdAt: sql`created_at - interval '10 minutes'` });
  await deliver(message('2.3'));
  expect(await started()).toEqual(['2.1 create-lead', '2.3 create-lead']);
});

test('not for a message that a process of the session waits for at that moment', async () => {
  await bind({ skipsAwaited: true });
  await deliver(message('2.1'));
  const [session] = await database.db.select().from(sessions);
  await database.db.execute(sql`with definition as (
      insert into engine_definitions (process_id, version, content_hash, xml, forms)
      values ('asking', 1, '', '', '{}') returning key),
    instance as (
      insert into engine_instances (definition_key, status, revision, state)
      select key, 'active', 1, '{}' from definition returning key)
    insert into engine_subscriptions (instance_key, token, element_id, kind, name, correlation_key, process_id)
    select key, 1, 'wait', 'message', ${messageReceived}, ${session?.id}, 'asking' from instance`);
  await deliver(message('2.2'));
  await database.db.execute(sql`delete from engine_subscriptions`);
  await deliver(message('2.3'));
  expect(await started()).toEqual(['2.1 create-lead', '2.3 create-lead']);
  expect(await heldBack()).toEqual(['2.2 awaited']);
});

test('a condition on a profile asks Slack once, outside the transaction; a hidden value does not hold', async () => {
  const row = { property: 'client.company', operator: 'is' as const, value: 'acme' };
  await bind({ conditions: { kind: 'rows', join: 'all', rows: [row] } });
  await deliver(message('2.1'));
  intake = intakeOf(database, { U0CLIENT: {} });
  await deliver(message('2.2'));
  intake = intakeOf(database);
  await deliver(message('2.3'));
  expect(await started()).toEqual(['2.1 create-lead']);
  expect(await heldBack()).toEqual(['2.2 rows', '2.3 rows']);
});

test('while Slack does not answer, nothing is recorded, and the delivery can be handled again', async () => {
  const row = { property: 'client.company', operator: 'is' as const, value: 'acme' };
  await bind({ conditions: { kind: 'rows', join: 'all', rows: [row] } });
  const away = { ...intake, people: { person: () => Promise.reject(new Error('Slack is away')) } };
  await expect(recordEvent(away, liveChat, conversation, message('2.1'))).rejects.toThrow('Slack is away');
  const recorded = await database.db.select().from(sessionEvents);
  expect(recorded.filter(({ kind }) => kind === 'message')).toEqual([]);
  await deliver(message('2.1'));
  expect(await started()).toEqual(['2.1 create-lead']);
});

test('the session has the times of the client’s and the staff’s last messages, in any order of delivery', async () => {
  await deliver(message('9.1'), message('2.1'), message('8.1', 'staff'), message('3.1', 'staff'));
  const [session] = await database.db.select().from(sessions);
  expect(session).toMatchObject({ lastClientMessageAt: new Date(9100), lastAnsweredAt: new Date(8100) });
});

test('bindings are moved within their event', async () => {
  const ids: string[] = [];
  for (const name of ['a', 'b', 'c', 'd']) ids.push(await bind({ processDefinitionId: name }));
  const order = async () => {
    const rows = await database.db.select().from(bindings).where(eq(bindings.liveChatId, liveChat.id));
    return rows
      .toSorted((one, other) => one.position - other.position)
      .map(({ processDefinitionId }) => processDefinitionId)
      .join('');
  };
  const move = (index: number, place: number) =>
    moveBinding(database.db, { id: ids[index] ?? '', liveChatId: liveChat.id, event: 'message_received' }, place);
  await move(3, 0);
  expect(await order()).toBe('dabc');
  await move(3, 2);
  expect(await order()).toBe('abdc');
  await move(0, 3);
  expect(await order()).toBe('bdca');
});
