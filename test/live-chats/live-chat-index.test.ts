import { eq } from 'drizzle-orm';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLiveChatIndex, type LiveChatIndex } from '../../src/live-chats/live-chat-index.ts';
import { liveChats } from '../../src/live-chats/tables.ts';
import { aConversation, aLiveChat } from '../helpers/builders.ts';
import { openTestDatabase, type TestDatabase } from '../helpers/database.ts';

let database: TestDatabase;
let index: LiveChatIndex;

beforeEach(async () => {
  database = await openTestDatabase();
});
afterEach(async () => {
  index.stop();
  await database.close();
});

const ours = aConversation({ name: 'support-acme' });
const another = aConversation({ name: 'random' });
const recall = ({ teamId, channelId }: typeof ours) => index.recall(teamId, channelId);
/** An index that looks every few milliseconds for changes that it was not told of. */
const openIndex = async () => {
  index = await createLiveChatIndex(database, { refreshEveryMs: 5 }, pino({ level: 'silent' }));
};
/** Waits until the index has looked: it then has forgotten which conversations belong to no live chat. */
const looked = async () => {
  index.find(another.teamId, another);
  await vi.waitUntil(() => recall(another) === undefined);
};
/** The first look may have begun earlier. */
const lookedAgain = async () => {
  await looked();
  await looked();
};

test('a conversation stays known to belong to its live chat while live chats do not change their sources', async () => {
  const liveChat = await aLiveChat(database.db, { source: 'prefix', prefixes: ['support-'] });
  await openIndex();
  index.find(ours.teamId, ours);
  await database.db
    .update(liveChats)
    .set({ operators: ['U0NEW'] })
    .where(eq(liveChats.id, liveChat.id));
  await lookedAgain();
  expect(recall(ours)).toMatchObject({ id: liveChat.id, operators: ['U0NEW'] });
});

test('a change of a live chat’s source that nobody reported is noticed', async () => {
  const liveChat = await aLiveChat(database.db, { source: 'prefix', prefixes: ['support-'] });
  await openIndex();
  index.find(ours.teamId, ours);
  await database.db
    .update(liveChats)
    .set({ prefixes: ['clients-'] })
    .where(eq(liveChats.id, liveChat.id));
  await lookedAgain();
  expect(recall(ours)).toBeUndefined();
  expect(index.find(ours.teamId, ours)).toBeUndefined();
});

test('a conversation that was renamed is forgotten', async () => {
  await aLiveChat(database.db, { source: 'prefix', prefixes: ['support-'] });
  await openIndex();
  index.find(ours.teamId, ours);
  index.forgetConversation(ours.teamId, ours.channelId);
  expect(recall(ours)).toBeUndefined();
});
