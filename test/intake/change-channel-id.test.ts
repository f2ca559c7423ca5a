import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { changeChannelId } from '../../src/intake/change-channel-id.ts';
import { recordEvent } from '../../src/intake/record-event.ts';
import type { Author, SessionConversation, SessionEvent } from '../../src/intake/session-event.ts';
import { markSpam, unmarkSpam } from '../../src/intake/steer-session.ts';
import { conversationEvents, sessionEvents, sessionTimers } from '../../src/intake/tables.ts';
import type { LiveChat } from '../../src/live-chats/live-chat.ts';
import { liveChats } from '../../src/live-chats/tables.ts';
import { getSession, getSessionByChannel } from '../../src/sessions/queries.ts';
import { formerSessions, sessionMessages, sessions } from '../../src/sessions/tables.ts';
import { startQueue } from '../../src/starts/start-queue.ts';
import { starts } from '../../src/starts/tables.ts';
import { aBinding, aConversation, aLiveChat, intakeOf, teamId } from '../helpers/builders.ts';
import { openTestDatabase, type TestDatabase } from '../helpers/database.ts';

let database: TestDatabase;
let liveChat: LiveChat;
let old: SessionConversation;
let renewed: SessionConversation;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  const { db } = database;
  await db.delete(starts);
  await db.delete(sessions);
  liveChat = await aLiveChat(db, { activityChannel: 'C0ACTIVITY' });
  for (const event of ['session_created', 'client_first_message', 'message_received', 'session_closed'] as const) {
    await aBinding(db, liveChat, { event, policy: 'every_time' });
  }
  old = aConversation({ isPrivate: true });
  renewed = { ...aConversation({ isPrivate: true }), isShared: true };
});

const message = (ts: string, author: Author, userId = 'U0CLIENT'): SessionEvent => ({
  kind: 'message',
  at: new Date(Number(ts) * 1000),
  author,
  message: { ts, userId: author === 'app' ? null : userId, text: `message ${ts}`, files: [] },
});
const status = (kind: 'closed' | 'reopened', slackTs: string): SessionEvent => ({ kind, slackTs, at: new Date() });
const created: SessionEvent = { kind: 'created', at: new Date(1000) };

async function record(conversation: SessionConversation, ...events: SessionEvent[]) {
  for (const event of events) await recordEvent(intakeOf(database), liveChat, conversation, event);
}

const change = () => changeChannelId(database, teamId, old.channelId, renewed.channelId);

async function onlySession() {
  const [session, ...others] = await database.db.select().from(sessions);
  expect(others).toEqual([]);
  if (!session) throw new Error('there is no session');
  return session;
}

const startsOf = async (event: NonNullable<(typeof starts.$inferSelect)['event']>) =>
  (await database.db.select().from(starts).where(eq(starts.event, event))).map(({ status: standing, facts }) => [
    standing,
    facts.message?.ts,
  ]);

test('a known conversation keeps its session under the new id, and late events with the old id belong to it', async () => {
  await record(old, created, message('2.1', 'client'));
  const before = await onlySession();
  await change();
  await record(old, message('2.2', 'client'));
  await record(renewed, message('2.3', 'client'));
  await change();
  expect(await onlySession()).toMatchObject({ id: before.id, channelId: renewed.channelId, messageCount: 3 });
  expect(await getSessionByChannel(database.db, teamId, old.channelId)).toMatchObject({ id: before.id });
  expect(await startsOf('session_created')).toEqual([['waiting', undefined]]);
  const facts = (await database.db.select().from(starts)).map((start) => start.facts.channelId);
  expect(new Set(facts)).toEqual(new Set([renewed.channelId]));
});

test('split sessions are merged: an edit or a deletion in one changes the message in the other', async () => {
  const edit = (messageTs: string, text: string | null): SessionEvent => {
    return { kind: 'edited', at: new Date(9000), messageTs, edit: { editTs: '9.0', text } };
  };
  const said = ['2.1', '2.2', '2.3', '2.4'].map((ts) => message(ts, 'client'));
  await record(old, created, edit('2.1', 'edited'), edit('2.2', null), edit('2.7', null), ...said.slice(2));
  await record(renewed, ...said.slice(0, 2), edit('2.3', 'edited too'), edit('2.4', null), edit('2.8', 'unknown'));
  await change();
  const { earlyEdits } = await onlySession();
  expect(earlyEdits).toEqual({ '2.7': { editTs: '9.0', text: null }, '2.8': { editTs: '9.0', text: 'unknown' } });
  const stored = await database.db.select().from(sessionMessages).orderBy(sessionMessages.ts);
  expect(stored.map(({ ts, text }) => [ts, text])).toEqual([
    ['2.1', 'edited'],
    ['2.3', 'edited too'],
  ]);
});

test('split sessions are merged: messages, starts and people', async () => {
  await record(old, created, message('2.1', 'client'), message('2.2', 'staff', 'U0OPERATOR'));
  await record(renewed, message('3.1', 'client', 'U0OTHER'), message('3.2', 'app'), message('3.3', 'client'));
  const [kept] = await database.db.select().from(sessions).where(eq(sessions.channelId, old.channelId));
  const [lost] = await database.db.select().from(sessions).where(eq(sessions.channelId, renewed.channelId));
  await change();
  expect(await onlySession()).toMatchObject({
    id: kept?.id,
    channelId: renewed.channelId,
    isShared: true,
    status: 'open',
    messageCount: 4,
    clientUserId: 'U0CLIENT',
    operatorUserId: 'U0OPERATOR',
    lastClientMessageAt: new Date(3300),
  });
  expect(await database.db.select().from(sessionMessages)).toHaveLength(5);
  expect(await database.db.select().from(sessionEvents)).toHaveLength(6);
  expect(await startsOf('session_created')).toEqual(
    expect.arrayContaining([
      ['waiting', undefined],
      ['cancelled', undefined],
    ]),
  );
  expect(await startsOf('client_first_message')).toEqual(
    expect.arrayContaining([
      ['waiting', '2.1'],
      ['cancelled', '3.1'],
    ]),
  );
  expect(await startsOf('message_received')).toEqual(
    expect.arrayContaining([
      ['waiting', '2.1'],
      ['waiting', '3.1'],
      ['waiting', '3.3'],
    ]),
  );
  expect(await database.db.select().from(formerSessions)).toEqual([{ id: lost?.id, sessionId: kept?.id }]);
  expect(await getSession(database.db, lost?.id ?? '')).toMatchObject({ id: kept?.id });

  // Slack repeats earlier deliveries, under either id.
  await record(old, created, message('2.1', 'client'), message('3.1', 'client', 'U0OTHER'));
  await record(renewed, created, message('3.3', 'client'));
  expect(await database.db.select().from(starts)).toHaveLength(7);
});

test('a message that both sessions have counts once', async () => {
  await record(old, created, message('2.1', 'client'));
  await record(renewed, message('2.1', 'client'), message('2.2', 'client'));
  await change();
  expect(await onlySession()).toMatchObject({ messageCount: 2 });
  expect(await startsOf('message_received')).toEqual(
    expect.arrayContaining([
      ['waiting', '2.1'],
      ['cancelled', '2.1'],
      ['waiting', '2.2'],
    ]),
  );
});

test('a start that has begun is not cancelled', async () => {
  await record(old, created);
  await record(renewed, message('2.1', 'client'));
  await database.db.update(starts).set({ status: 'running', dueAt: null, processInstanceKey: '1' });
  await change();
  expect(await startsOf('session_created')).toEqual([
    ['running', undefined],
    ['running', undefined],
  ]);
  expect(await startsOf('client_first_message')).toEqual([['running', '2.1']]);
});

test('client messages under the new id reach the processes that wait in the session', async () => {
  const { db } = database;
  await record(old, created);
  const session = await onlySession();
  await db.execute(`insert into conversation_listeners values ('live-chat:message-received', 'create-lead')
    on conflict do nothing`);
  await record(renewed, message('2.1', 'client'), message('2.2', 'staff'));
  await db.delete(conversationEvents);
  await change();
  expect(await db.select().from(conversationEvents)).toMatchObject([
    { sessionId: session.id, kind: 'message', key: '2.1', message: { ts: '2.1', text: 'message 2.1' } },
  ]);
});

test.each([
  ['still to be published', true],
  ['that nothing there waited for', false],
])('messages under the new id, %s, do not reach processes of a session marked as spam', async (_, isListened) => {
  const { db } = database;
  await record(old, created);
  await markSpam(database, { sessionId: (await onlySession()).id, by: 'U0OPERATOR' });
  const listen = () =>
    db.execute(`insert into conversation_listeners values ('live-chat:message-received', 'create-lead')
      on conflict do nothing`);
  if (isListened) await listen();
  else await db.execute('delete from conversation_listeners');
  await record(renewed, message('2.1', 'client'));
  expect(await db.select().from(conversationEvents)).toHaveLength(isListened ? 1 : 0);
  await listen();
  await change();
  expect(await db.select().from(conversationEvents)).toEqual([]);
});

test('a closed session that continued under another id is open', async () => {
  await record(old, created, message('2.1', 'client'), status('closed', '3.1'));
  await record(renewed, message('4.1', 'client'));
  await change();
  expect(await onlySession()).toMatchObject({ status: 'open', closedAt: null, closings: 1 });
  await record(renewed, status('closed', '5.1'));
  expect(await onlySession()).toMatchObject({ status: 'closed', closings: 2 });
  expect(await startsOf('session_closed')).toHaveLength(2);
});

test('a session marked as spam starts nothing under its new id either', async () => {
  const { db } = database;
  await record(old, created);
  await markSpam(database, { sessionId: (await onlySession()).id, by: 'U0OPERATOR' });
  await record(renewed, message('2.1', 'client'));
  await change();
  const { id: sessionId } = await onlySession();
  const waiting = () => startQueue.claim(db, { limit: 10, leaseMs: 1 });
  expect(await waiting()).toEqual([]);
  await unmarkSpam(database, { sessionId, by: 'U0OPERATOR' });
  expect((await waiting()).map(({ event }) => event)).toContain('message_received');
});

test('a session under its former id starts nothing once the new one is marked as spam', async () => {
  await record(old, created);
  await record(renewed, message('2.1', 'client'));
  const spam = await getSessionByChannel(database.db, teamId, renewed.channelId);
  await markSpam(database, { sessionId: spam?.id ?? '', by: 'U0OPERATOR' });
  await change();
  expect(await startQueue.claim(database.db, { limit: 10, leaseMs: 1 })).toEqual([]);
});

test('chosen channels and activity channels follow', async () => {
  const chosen = await aLiveChat(database.db, {
    source: 'channels',
    channels: [old.channelId],
    activityChannel: old.channelId,
  });
  await change();
  const [found] = await database.db.select().from(liveChats).where(eq(liveChats.id, chosen.id));
  expect(found).toMatchObject({ channels: [renewed.channelId], activityChannel: renewed.channelId });
});

test('two changes in a row lead to the same session from each of the ids', async () => {
  await record(old, created);
  await change();
  await changeChannelId(database, teamId, renewed.channelId, 'C0THIRD');
  const { id } = await onlySession();
  for (const channelId of [old.channelId, renewed.channelId, 'C0THIRD']) {
    expect(await getSessionByChannel(database.db, teamId, channelId)).toMatchObject({ id, channelId: 'C0THIRD' });
  }
});

test('an answer of the client under the new id ends the wait', async () => {
  const { db } = database;
  await record(old, created, message('2.1', 'staff', 'U0OPERATOR'));
  const kept = await onlySession();
  await db
    .insert(sessionTimers)
    .values({ sessionId: kept.id, event: 'client_silent', since: new Date(2100), ts: '2.1' });
  await record(renewed, message('3.1', 'client'));
  const lost = await getSessionByChannel(db, teamId, renewed.channelId);
  const since = new Date(3100);
  await db.insert(sessionTimers).values({ sessionId: lost?.id ?? '', event: 'client_waiting', since, ts: '3.1' });
  await change();
  expect(await db.select().from(sessionTimers)).toMatchObject([
    { sessionId: kept.id, event: 'client_waiting', ts: '3.1' },
  ]);
});

test('an id that stays the same changes nothing', async () => {
  await record(old, created, message('2.1', 'client'));
  const before = await onlySession();
  await changeChannelId(database, teamId, old.channelId, old.channelId);
  expect(await onlySession()).toEqual(before);
});
