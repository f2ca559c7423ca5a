import { afterAll, beforeAll, expect, test } from 'vitest';
import { keepEarlierMessages } from '../../src/intake/keep-earlier-messages.ts';
import { recordEvent } from '../../src/intake/record-event.ts';
import type { SessionConversation } from '../../src/intake/session-event.ts';
import type { LiveChat } from '../../src/live-chats/live-chat.ts';
import { getSessionByChannel } from '../../src/sessions/queries.ts';
import { readTranscript } from '../../src/sessions/transcript.ts';
import { aConversation, aLiveChat, intakeOf, teamId } from '../helpers/builders.ts';
import { openTestDatabase, type TestDatabase } from '../helpers/database.ts';

let database: TestDatabase;
let liveChat: LiveChat;
beforeAll(async () => {
  database = await openTestDatabase();
  liveChat = await aLiveChat(database.db);
});
afterAll(() => database.close());

const ts = (second: number) => `${1_700_000_000 + second}.000100`;

async function edit(conversation: SessionConversation, second: number, text: string | null, editSecond = 1000) {
  await recordEvent(intakeOf(database), liveChat, conversation, {
    kind: 'edited',
    at: new Date(),
    messageTs: ts(second),
    edit: { editTs: ts(editSecond), text },
  });
}

async function sessionOf({ channelId }: SessionConversation) {
  const session = await getSessionByChannel(database.db, teamId, channelId);
  if (!session) throw new Error('there is no session');
  return session;
}

test('edits of messages that never come are kept for the newest 50 messages', async () => {
  const conversation = aConversation();
  for (let second = 0; second < 60; second += 1) await edit(conversation, (second * 7) % 60, 'edited');
  const { earlyEdits } = await sessionOf(conversation);
  expect(Object.keys(earlyEdits ?? {}).sort()).toEqual(Array.from({ length: 50 }, (_, second) => ts(second + 10)));
});

test('the newest edit is kept, and a deletion outlasts every edit', async () => {
  const conversation = aConversation();
  await edit(conversation, 1, 'newest', 1002);
  await edit(conversation, 1, 'older', 1001);
  await edit(conversation, 2, null, 1001);
  await edit(conversation, 2, 'edited', 1002);
  expect((await sessionOf(conversation)).earlyEdits).toEqual({
    [ts(1)]: { editTs: ts(1002), text: 'newest' },
    [ts(2)]: { editTs: ts(1001), text: null },
  });
});

test('an edit that comes while the history is read changes the transcript, and an older one does not', async () => {
  const conversation = aConversation();
  await edit(conversation, 1, 'newest', 1002);
  const { id } = await sessionOf(conversation);
  const history = [{ ts: ts(1), userId: 'U0CLIENT', authorName: null, text: 'first' }];
  await keepEarlierMessages(database.db, id, history);
  await edit(conversation, 1, 'older', 1001);
  expect((await readTranscript(database.db, id)).map(({ text }) => text)).toEqual(['newest']);
  expect((await sessionOf(conversation)).earlyEdits).toEqual({ [ts(1)]: { editTs: ts(1002), text: 'newest' } });
});

test('edits of messages that come no more are not kept for long', async () => {
  const conversation = aConversation();
  await edit(conversation, 1, 'edited', 1000);
  await edit(conversation, 100_000, 'edited', 100_001);
  expect(Object.keys((await sessionOf(conversation)).earlyEdits ?? {})).toEqual([ts(100_000)]);
});

test('a message that is deleted while its history is read stays out of the transcript', async () => {
  const conversation = aConversation();
  await edit(conversation, 1, null);
  const { id } = await sessionOf(conversation);
  const history = [1, 2].map((second) => ({
    ts: ts(second),
    userId: 'U0CLIENT',
    authorName: null,
    text: `message ${second}`,
  }));
  await keepEarlierMessages(database.db, id, history);
  expect((await readTranscript(database.db, id)).map(({ text }) => text)).toEqual(['message 2']);
});
