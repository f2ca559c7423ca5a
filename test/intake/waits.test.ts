import { sql } from 'drizzle-orm';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listBindings, switchBinding } from '../../src/bindings/queries.ts';
import { createHandover } from '../../src/db/handover.ts';
import { selectRows } from '../../src/db/query.ts';
import type { QueueWorker } from '../../src/db/queue-worker.ts';
import { getMessageRecord } from '../../src/intake/message-trace.ts';
import { recordAnswer } from '../../src/intake/record-answer.ts';
import { createClientMessageRecorder } from '../../src/intake/record-client-message.ts';
import { recordEvent } from '../../src/intake/record-event.ts';
import type { SessionConversation } from '../../src/intake/session-event.ts';
import { markSpam } from '../../src/intake/steer-session.ts';
import { armWaits } from '../../src/intake/waits/arm-waits.ts';
import { startTimersWorker } from '../../src/intake/waits/timers-worker.ts';
import type { LiveChat } from '../../src/live-chats/live-chat.ts';
import { instantOf } from '../../src/sessions/properties.ts';
import { getSessionByChannel } from '../../src/sessions/queries.ts';
import { usualTimings } from '../../src/timings.ts';
import { aBinding, aConversation, aLiveChat, intakeOf, teamId } from '../helpers/builders.ts';
import { type ClockedDatabase, openClockedDatabase } from '../helpers/database.ts';

const minute = 60_000;
const logger = pino({ level: process.env.TEST_LOG_LEVEL ?? 'silent' });

let database: ClockedDatabase;
let replicas: QueueWorker[];
let conversation: SessionConversation;
let liveChat: LiveChat;
let clock: number;

beforeEach(async () => {
  database = await openClockedDatabase();
  replicas = [];
  clock = Date.now();
  liveChat = await aLiveChat(database.db);
  conversation = aConversation();
  // A Friday noon in Berlin, two days before daylight saving time begins.
  await moveTo('2030-03-29T11:00:00Z');
});

afterEach(async () => {
  await Promise.all(replicas.map((replica) => replica.stop()));
  await database.close();
});

/** Moves the clock, and makes two replicas do the work that is due by then. */
async function moveTo(iso: string): Promise<void> {
  await Promise.all(replicas.map((replica) => replica.stop()));
  const to = Date.parse(iso);
  await database.advance(to - clock);
  clock = to;
  const start = () => startTimersWorker(database, intakeOf(database), usualTimings.waits, logger);
  replicas = await Promise.all([start(), start()]);
  const dueTimers = () =>
    selectRows(database.db, sql`select session_id from session_timers where due_at <= now() or unfinished > 0`);
  await expect.poll(dueTimers, { timeout: 20_000 }).toEqual([]);
}

const move = (ms: number) => moveTo(new Date(clock + ms).toISOString());

const tsOf = (at: number) => `${Math.floor(at / 1000)}.${String(at % 1000).padStart(3, '0')}100`;

/** Delivers a message with this time. */
async function say(author: 'client' | 'staff', at = clock): Promise<string> {
  const ts = tsOf(at);
  const message = { ts, userId: author === 'client' ? 'U0CLIENT' : 'U0OPERATOR', text: 'Hello', files: [] };
  const fact = { channelId: conversation.channelId, message, at: instantOf(ts) };
  const record = createClientMessageRecorder(intakeOf(database), createHandover());
  if (author === 'client' && (await record({ liveChat, ...fact }))) return ts;
  await recordEvent(intakeOf(database), liveChat, conversation, {
    kind: 'message',
    author,
    message,
    at: instantOf(ts),
  });
  return ts;
}

async function started(): Promise<string[]> {
  const rows = await selectRows<{ name: string }>(
    database.db,
    sql`select process_name as name from starts order by created_at, process_name`,
  );
  return rows.map(({ name }) => name);
}

const sessionOf = async () => {
  const session = await getSessionByChannel(database.db, teamId, conversation.channelId);
  if (!session) throw new Error('there is no session');
  return session;
};

const escalate = (overrides = {}) =>
  aBinding(database.db, liveChat, { event: 'client_waiting', processName: 'Escalate', waitMinutes: 15, ...overrides });
const nudge = (overrides = {}) =>
  aBinding(database.db, liveChat, { event: 'client_silent', processName: 'Nudge', waitMinutes: 60, ...overrides });

async function setHours(holidays: string[] = []): Promise<void> {
  const day: [number, number][] = [[540, 1080]];
  const businessHours = { timeZone: 'Europe/Berlin', weekdays: [day, day, day, day, day, [], []], holidays };
  await database.db.execute(
    sql`update live_chats set business_hours = ${JSON.stringify(businessHours)}::jsonb where id = ${liveChat.id}`,
  );
  liveChat = { ...liveChat, businessHours };
}

test('a client whom nobody answers in time makes one start, however often they write again', async () => {
  await escalate();
  await say('client');
  await move(14 * minute);
  await say('client');
  await move(minute - 1000);
  expect(await started()).toEqual([]);
  await move(12_000);
  expect(await started()).toEqual(['Escalate']);
  await say('client');
  await move(60 * minute);
  expect(await started()).toEqual(['Escalate']);
  await say('staff');
  await move(minute);
  await say('client');
  await move(16 * minute);
  expect(await started()).toEqual(['Escalate', 'Escalate']);
});

test('an answer one second before the time counts although Slack delivers it later', async () => {
  await escalate();
  const ts = await say('client');
  const over = clock + 15 * minute;
  await move(15 * minute + 5000);
  await say('staff', over - 1000);
  await move(60 * minute);
  expect(await started()).toEqual([]);
  const record = await getMessageRecord(database.db, (await sessionOf()).id, ts);
  expect(record?.heldBack?.map(({ hindrance }) => hindrance)).toEqual([
    { kind: 'answered', at: new Date(over - 1000).toISOString() },
  ]);
});

test('an answer one second after the time is too late', async () => {
  await escalate();
  await say('client');
  const over = clock + 15 * minute;
  await move(15 * minute + 5000);
  await say('staff', over + 1000);
  expect(await started()).toEqual(['Escalate']);
});

test('a late delivery of an answer to an earlier message does not end the wait of a later one', async () => {
  await escalate();
  const first = clock;
  await say('client', first);
  await move(10 * minute);
  await say('client');
  await say('staff', first + 5 * minute);
  await move(10 * minute);
  expect(await started()).toEqual([]);
  await move(5 * minute + 11_000);
  expect(await started()).toEqual(['Escalate']);
});

test('messages delivered in any order after an outage start no wait for an answered client', async () => {
  await escalate();
  const then = clock - 120 * minute;
  await say('client', then);
  await say('staff', then + minute);
  await move(60 * minute);
  expect(await started()).toEqual([]);
  await say('client', then + 30_000);
  await move(60 * minute);
  expect(await started()).toEqual([]);
});

test('closing, spam, and switching off or removing the binding end the wait', async () => {
  const id = await escalate();
  const which = { id, liveChatId: liveChat.id };
  await say('client');
  const closedTs = tsOf(clock + 1);
  await recordEvent(intakeOf(database), liveChat, conversation, {
    kind: 'closed',
    at: instantOf(closedTs),
    slackTs: closedTs,
  });
  await move(20 * minute);
  expect(await started()).toEqual([]);

  conversation = aConversation();
  await say('client');
  await markSpam(database, { sessionId: (await sessionOf()).id, by: 'U0OPERATOR' });
  await move(20 * minute);
  expect(await started()).toEqual([]);

  conversation = aConversation();
  await say('client');
  await switchBinding(database.db, teamId, { ...which, isOn: false });
  await move(20 * minute);
  await switchBinding(database.db, teamId, { ...which, isOn: true });
  const [binding] = await listBindings(database.db, teamId, liveChat.id);
  if (binding) await database.db.transaction((tx) => armWaits(tx, liveChat, binding));
  await move(20 * minute);
  expect(await started()).toEqual([]);
});

test('a changed time applies to current waits, and a new process to those whose time is not over', async () => {
  const id = await escalate({ waitMinutes: 60 });
  await say('client');
  await move(20 * minute);
  await database.db.execute(sql`update bindings set wait_minutes = 15 where id = ${id}`);
  const arm = async () => {
    for (const binding of await listBindings(database.db, teamId, liveChat.id)) {
      await database.db.transaction((tx) => armWaits(tx, liveChat, binding));
    }
  };
  await arm();
  await move(1000);
  expect(await started()).toEqual(['Escalate']);
  await escalate({ processName: 'Too late', waitMinutes: 10 });
  await escalate({ processName: 'In time', waitMinutes: 30 });
  await arm();
  await move(30 * minute);
  expect(await started()).toEqual(['Escalate', 'In time']);
});

test('waits that began without a binding are found when one is made', async () => {
  await say('client');
  await move(5 * minute);
  await escalate();
  const [binding] = await listBindings(database.db, teamId, liveChat.id);
  if (binding) await database.db.transaction((tx) => armWaits(tx, liveChat, binding));
  await move(11 * minute);
  expect(await started()).toEqual(['Escalate']);
});

test('a binding made later counts from the last answer of the staff or a process, not from an app’s message', async () => {
  await say('client');
  await move(minute);
  const by = async (author: 'process' | 'app') => {
    const ts = tsOf(clock);
    const message = { ts, userId: null, text: 'Hello', files: [] };
    await recordEvent(intakeOf(database), liveChat, conversation, {
      kind: 'message',
      author,
      message,
      at: instantOf(ts),
    });
    return ts;
  };
  const answer = await by('process');
  await recordAnswer(intakeOf(database), liveChat, (await sessionOf()).id, answer);
  await move(minute);
  await by('app');
  await nudge();
  const [binding] = await listBindings(database.db, teamId, liveChat.id);
  if (binding) await database.db.transaction((tx) => armWaits(tx, liveChat, binding));
  expect(await selectRows(database.db, sql`select event, ts from session_timers`)).toEqual([
    { event: 'client_silent', ts: answer },
  ]);
});

test('a client who does not answer the last message is silent once, until they write', async () => {
  await nudge();
  await say('client');
  await move(minute);
  await say('staff');
  await move(50 * minute);
  await say('staff');
  await move(50 * minute);
  expect(await started()).toEqual([]);
  await move(11 * minute);
  expect(await started()).toEqual(['Nudge']);
  await say('staff');
  await move(120 * minute);
  expect(await started()).toEqual(['Nudge']);
  await say('client');
  await move(minute);
  await say('staff');
  await move(61 * minute);
  expect(await started()).toEqual(['Nudge', 'Nudge']);
});

test('a process’s message to the client is an answer, and begins a wait for the client', async () => {
  await escalate();
  await nudge();
  await say('client');
  await move(minute);
  const { id } = await sessionOf();
  await recordAnswer(intakeOf(database), liveChat, id, tsOf(clock));
  await recordAnswer(intakeOf(database), liveChat, id, tsOf(clock));
  await move(50 * minute);
  expect(await started()).toEqual([]);
  await move(11 * minute);
  expect(await started()).toEqual(['Nudge']);
  // The process's own answer is no new reason to nudge.
  await recordAnswer(intakeOf(database), liveChat, id, tsOf(clock));
  await move(120 * minute);
  expect(await started()).toEqual(['Nudge']);
});

test('with business hours, the last second of Friday waits until Monday, across the change of clocks', async () => {
  await setHours();
  await escalate({ waitsInHours: true });
  await moveTo('2030-03-29T16:59:59Z');
  await say('client');
  await moveTo('2030-04-01T07:14:58Z');
  expect(await started()).toEqual([]);
  await moveTo('2030-04-01T07:15:10Z');
  expect(await started()).toEqual(['Escalate']);
});

test('a holiday does not count, and conditions see that it was outside business hours', async () => {
  await setHours(['2030-03-29']);
  await escalate({ waitsInHours: true });
  const within = {
    kind: 'rows',
    join: 'all',
    rows: [{ property: 'session.isBusinessHours', operator: 'is', value: 'true' }],
  };
  await aBinding(database.db, liveChat, { processName: 'By day', conditions: within as never });
  const outside = { kind: 'feel', expression: 'not(session.isBusinessHours)' };
  await aBinding(database.db, liveChat, { processName: 'By night', conditions: outside as never });
  await say('client');
  expect(await started()).toEqual(['By night']);
  await moveTo('2030-04-01T07:14:59Z');
  expect(await started()).toEqual(['By night']);
  await moveTo('2030-04-01T07:15:11Z');
  expect(await started()).toEqual(['By night', 'Escalate']);
});

test('bindings with the same time are tried in their order, and the first can stop the others', async () => {
  await escalate({ processName: 'Second', waitMinutes: 30 });
  await escalate({ processName: 'First', stops: true });
  await escalate({ processName: 'Stopped' });
  await say('client');
  await move(16 * minute);
  expect(await started()).toEqual(['First']);
  await move(16 * minute);
  expect(await started()).toEqual(['First', 'Second']);
});
