import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { recordEvent } from '../../src/intake/record-event.ts';
import type { Author, SessionConversation, SessionEvent } from '../../src/intake/session-event.ts';
import type { LiveChat } from '../../src/live-chats/live-chat.ts';
import { sessionMessages, sessions } from '../../src/sessions/tables.ts';
import { starts } from '../../src/starts/tables.ts';
import { aBinding, aConversation, aLiveChat, intakeOf } from '../helpers/builders.ts';
import { openTestDatabase, type TestDatabase } from '../helpers/database.ts';

let database: TestDatabase;
let liveChat: LiveChat;
let conversation: SessionConversation;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.db.delete(starts);
  await database.db.delete(sessions);
  liveChat = await aLiveChat(database.db);
  for (const event of ['session_created', 'message_received', 'session_closed'] as const) {
    await aBinding(database.db, liveChat, { event, mapping: { text: 'session.transcript' } });
  }
  conversation = aConversation();
});

const message = (ts: string, author: Author, userId = 'U0CLIENT'): SessionEvent => ({
  kind: 'message',
  at: new Date(Number(ts) * 1000),
  author,
  message: { ts, userId: author === 'app' ? null : userId, text: `message ${ts}`, files: [] },
});
const created: SessionEvent = { kind: 'created', at: new Date(1000) };
const status = (kind: 'closed' | 'reopened', slackTs: string): SessionEvent => ({ kind, slackTs, at: new Date() });

async function deliver(...events: SessionEvent[]): Promise<string[]> {
  for (const event of events) await recordEvent(intakeOf(database), liveChat, conversation, event);
  const rows = await database.db.select().from(starts);
  // Starts made together are ordered by their events.
  const order = ['session_created', 'message_received', 'session_closed'];
  return rows.map((start) => start.event ?? '').toSorted((one, other) => order.indexOf(one) - order.indexOf(other));
}

test('a creation delivered three times is one session and one start', async () => {
  expect(await deliver(created, created, created)).toEqual(['session_created']);
  expect(await database.db.select().from(sessions)).toHaveLength(1);
});

test('a message that comes before the creation opens the session', async () => {
  expect(await deliver(message('2.1', 'client'), created, message('2.1', 'client'))).toEqual([
    'session_created',
    'message_received',
  ]);
});

test('concurrent deliveries of the same facts are one start each', async () => {
  const facts = [created, message('2.1', 'client'), status('closed', '3.1')];
  await Promise.all(
    [...facts, ...facts, ...facts].map((fact) => recordEvent(intakeOf(database), liveChat, conversation, fact)),
  );
  expect(await deliver()).toEqual(['session_created', 'message_received', 'session_closed']);
});

test('only clients’ messages start processes; people’s messages are counted, and all are in the transcript', async () => {
  expect(
    await deliver(
      created,
      message('2.1', 'staff', 'U0OPERATOR'),
      message('2.2', 'bystander'),
      message('2.3', 'app'),
      message('2.4', 'client'),
    ),
  ).toEqual(['session_created', 'message_received']);
  const [session] = await database.db.select().from(sessions);
  expect(session).toMatchObject({ messageCount: 3, clientUserId: 'U0CLIENT', operatorUserId: 'U0OPERATOR' });
  const start = (await database.db.select().from(starts)).find(({ event }) => event === 'message_received');
  expect(start?.facts).toMatchObject({ messageCount: 3, clientUserId: 'U0CLIENT', message: { ts: '2.4' } });
  expect(start?.facts.transcript.map(({ ts }) => ts)).toEqual(['2.1', '2.2', '2.3', '2.4']);
});

test('messages of apps beyond the last 50 are deleted, though nobody else writes', async () => {
  await deliver(created, message('2.1', 'client'));
  await deliver(...Array.from({ length: 60 }, (_, index) => message(`3.${100 + index}`, 'app')));
  const kept = await database.db.select().from(sessionMessages);
  expect(kept.map(({ ts }) => ts).toSorted()).toEqual(Array.from({ length: 50 }, (_, index) => `3.${110 + index}`));
});

test('the transcript keeps the last 50 messages', async () => {
  const many = Array.from({ length: 120 }, (_, index) => message(`${100 + index}.1`, 'bystander'));
  await deliver(created, ...many, message('300.1', 'client'));
  const start = (await database.db.select().from(starts)).find(({ event }) => event === 'message_received');
  expect(start?.facts.transcript).toHaveLength(50);
  expect(start?.facts.transcript.at(-1)?.ts).toBe('300.1');
});

test('archiving closes, deleting the archived channel closes nothing, unarchiving reopens without a creation', async () => {
  const archived = status('closed', '10.1');
  expect(await deliver(created, archived, archived, status('closed', '20.1'))).toEqual([
    'session_created',
    'session_closed',
  ]);
  expect((await database.db.select().from(sessions))[0]).toMatchObject({ status: 'closed' });
  const reopened = await deliver(status('reopened', '15.1'));
  // The deletion at 20 was a second closing: the channel had been open again before it.
  expect(reopened.filter((event) => event === 'session_closed')).toHaveLength(2);
  expect(await deliver(status('reopened', '30.1'))).toHaveLength(3);
  expect((await database.db.select().from(sessions))[0]).toMatchObject({ status: 'open', closedAt: null });
});

test('closings that are delivered in the wrong order are all counted', async () => {
  expect(
    await deliver(created, status('closed', '30.1'), status('closed', '10.1'), status('reopened', '20.1')),
  ).toEqual(['session_created', 'session_closed', 'session_closed']);
});

test('an adopted conversation and a spam session start nothing', async () => {
  expect(await deliver({ kind: 'adopted', at: new Date() }, created)).toEqual([]);
  await database.db.update(sessions).set({ status: 'spam' });
  expect(await deliver(message('2.1', 'client'), status('closed', '3.1'))).toEqual([]);
  expect((await database.db.select().from(sessions))[0]).toMatchObject({ status: 'spam' });
});
