import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createHandover } from '../../src/db/handover.ts';
import { selectRows } from '../../src/db/query.ts';
import type { ClientMessage } from '../../src/intake/judge-message.ts';
import { createClientMessageRecorder, type RecordClientMessage } from '../../src/intake/record-client-message.ts';
import { recordEvent } from '../../src/intake/record-event.ts';
import type { LiveChat } from '../../src/live-chats/live-chat.ts';
import { sessions } from '../../src/sessions/tables.ts';
import { starts } from '../../src/starts/tables.ts';
import { aBinding, aConversation, aLiveChat, intakeOf } from '../helpers/builders.ts';
import { openTestDatabase, type TestDatabase } from '../helpers/database.ts';

let database: TestDatabase;
let liveChat: LiveChat;
let record: RecordClientMessage;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.db.delete(starts);
  await database.db.delete(sessions);
  liveChat = await aLiveChat(database.db);
  await aBinding(database.db, liveChat, { event: 'message_received', mapping: { text: 'message.text' } });
  record = createClientMessageRecorder(intakeOf(database), createHandover());
});

async function openSession(): Promise<string> {
  const conversation = aConversation();
  await recordEvent(intakeOf(database), liveChat, conversation, { kind: 'created', at: new Date(1000) });
  return conversation.channelId;
}

const message = (channelId: string, ts: string, text = `message ${ts}`) => ({
  liveChat,
  channelId,
  message: { ts, userId: 'U0CLIENT', text, files: [] },
  at: new Date(Number(ts) * 1000),
});

const startedBy = async () =>
  selectRows<{ channel: string; ts: string; count: number; text: string }>(
    database.db,
    sql`select facts ->> 'channelId' as channel, facts #>> '{message,ts}' as ts, (facts ->> 'messageCount')::int as count,
        facts #>> '{message,text}' as text
      from starts where event = 'message_received' order by channel, count`,
  );

test('concurrent messages of many sessions are recorded and start once each, counted within their session', async () => {
  const channels = await Promise.all(Array.from({ length: 20 }, openSession));
  const deliveries = channels.flatMap((channel) => ['2.1', '2.2', '2.3'].map((ts) => message(channel, ts)));
  const recorded = await Promise.all([...deliveries, ...deliveries].map(record));
  expect(new Set(recorded)).toEqual(new Set([true]));
  expect(await startedBy()).toEqual(
    channels
      .toSorted()
      .flatMap((channel) =>
        ['2.1', '2.2', '2.3'].map((ts, index) => ({ channel, ts, count: index + 1, text: `message ${ts}` })),
      ),
  );
});

/** Like a delivery: recordEvent takes what the fast path leaves, such as sessions that a failed batch has not released yet. */
const deliver = async ({ channelId, message, at }: ClientMessage) =>
  (await record({ liveChat, channelId, message, at })) ||
  recordEvent(intakeOf(database), liveChat, aConversation({ channelId }), {
    kind: 'message',
    author: 'client',
    message,
    at,
  });

test('only the message that the database cannot store fails', async () => {
  const channels = await Promise.all([openSession(), openSession(), openSession()]);
  const [first, ...others] = channels;
  const deliveries = channels.map((channel, index) => ({
    ...message(channel, '2.1'),
    ...(index === 1 && { at: new Date(Number.NaN) }),
  }));
  // While the first is being recorded, the others are batched.
  const outcomes = await Promise.allSettled([deliver(message(first ?? '', '1.9')), ...deliveries.map(deliver)]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  expect((await startedBy()).map(({ channel }) => channel)).toEqual([first, first, others[1]].toSorted());
});

test('messages that the fast path cannot record are left to recordEvent, whatever else is in the batch', async () => {
  const [known, other] = [await openSession(), await openSession()];
  const elsewhere = await aLiveChat(database.db);
  const outcomes = await Promise.all([
    record(message(known, '2.1')),
    record(message(known, '2.2')),
    record(message('C0UNKNOWN', '2.1')),
    record({ ...message(other, '2.1'), liveChat: elsewhere }),
  ]);
  expect(outcomes).toEqual([true, true, false, false]);
});

test.skipIf(!process.env.TEST_DATABASE_URL)('a locked session does not delay the others', async () => {
  const [locked, free] = [await openSession(), await openSession()];
  await database.db.transaction(async (tx) => {
    await tx.execute(sql`select from sessions where channel_id = ${locked} for update`);
    expect(await Promise.all([record(message(locked, '2.1')), record(message(free, '2.1'))])).toEqual([false, true]);
  });
  expect(await record(message(locked, '2.1'))).toBe(true);
});
