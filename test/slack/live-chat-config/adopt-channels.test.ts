import { eq, sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addBinding } from '../../../src/bindings/queries.ts';
import type { LiveChat, LiveChatSettings } from '../../../src/live-chats/live-chat.ts';
import { updateLiveChat } from '../../../src/live-chats/queries.ts';
import { liveChats } from '../../../src/live-chats/tables.ts';
import { sessions } from '../../../src/sessions/tables.ts';
import { discoveryOf } from '../../../src/slack/discovered-channel.ts';
import { starts } from '../../../src/starts/tables.ts';
import { addLiveChat } from '../../helpers/builders.ts';
import { type Office, prepareOffice, salesSettings } from '../../helpers/office.ts';

let office: Office;
beforeEach(async () => {
  office = await prepareOffice();
});
afterEach(() => office.close());

const hour = 60 * 60_000;
const db = () => office.database.db;
const team = () => office.sandbox.teamId;
const until = <T>(condition: () => Promise<T>) => office.sandbox.traffic.until(condition, { timeoutMs: 25_000 });

/** A live chat that binds a process to *Session created*. */
async function aLiveChat(overrides: Partial<LiveChatSettings> = {}): Promise<LiveChat> {
  const liveChat = await addLiveChat(db(), team(), { ...salesSettings, ...overrides });
  await addBinding(db(), {
    liveChatId: liveChat.id,
    event: 'session_created',
    processDefinitionId: 'create-lead',
    processName: 'Create lead',
    parameters: [],
    mapping: {},
  });
  return liveChat;
}

/** Adds channels that are older than all live chats of the test. */
function oldChannels(names: string[], options: { withApp?: boolean; isPrivate?: boolean } = {}) {
  const channels = office.sandbox.workspace.seedChannels(names, { creator: office.sandbox.people.anna, ...options });
  for (const { record } of channels) record.created -= 24 * 60 * 60;
  return channels;
}

/** Adds more channels than one page of Slack's list has (200), of which only the first and the last match. Returns those. */
function matchingOnTwoPages(): string[] {
  const names = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}-${i}`);
  const matching = names('client', 60);
  oldChannels(matching.slice(0, 30));
  oldChannels(names('other', 200));
  oldChannels(matching.slice(30));
  return matching;
}

const sessionNames = async (liveChatId: string) =>
  (await db().select().from(sessions).where(eq(sessions.liveChatId, liveChatId))).map(({ name }) => name).toSorted();

const adoptionOf = async ({ id }: LiveChat) => {
  const [row] = await db().select().from(liveChats).where(eq(liveChats.id, id));
  return row && { dueAt: row.adoptionDueAt, total: row.adoptionTotal, done: row.adoptionDone };
};

const adopted = (liveChat: LiveChat) =>
  until(async () => ((await adoptionOf(liveChat))?.dueAt === null ? true : undefined));

const startCount = async () => (await db().select().from(starts)).length;

test('channels that match already become open sessions and are joined, and nothing is started', async () => {
  const names = matchingOnTwoPages();
  oldChannels(['client-private'], { isPrivate: true, withApp: true });
  oldChannels(['client-secret'], { isPrivate: true });
  oldChannels(['another']);
  const liveChat = await aLiveChat();
  await office.open();
  await adopted(liveChat);
  expect(await sessionNames(liveChat.id)).toEqual([...names, 'client-private'].toSorted());
  expect(await adoptionOf(liveChat)).toEqual({ dueAt: null, total: 61, done: 61 });
  expect(await startCount()).toBe(0);
  const [session] = await db().select().from(sessions).where(eq(sessions.name, 'client-7'));
  expect(session?.status).toBe('open');
  expect(Math.abs((session?.openedAt.getTime() ?? 0) - (Date.now() - 25 * hour))).toBeLessThan(60_000);
  await until(async () => office.sandbox.channel('client-59').hasApp || undefined);
  expect(office.sandbox.channel('another').hasApp).toBe(false);
  expect(office.sandbox.violations).toEqual([]);
}, 60_000);

test('the list shows the progress while Slack limits the rate, and a crash in between loses nothing', async () => {
  const names = matchingOnTwoPages();
  const liveChat = await aLiveChat();
  office.sandbox.faults.delay('conversations.list', 1500, 2);
  await office.open();
  const { anna } = office.sandbox.people;
  await anna.command('/livechat-config', { in: 'general' });
  const list = await anna.modalShown('Live chats');
  await list.shows('Taking in channels');
  await office.shut();
  expect((await adoptionOf(liveChat))?.dueAt).not.toBeNull();
  await office.open();
  await adopted(liveChat);
  expect(await sessionNames(liveChat.id)).toEqual(names.toSorted());
  await list.click('Refresh');
  expect(list.texts().join('\n')).not.toContain('Taking in channels');
});

test('a lease that ran out is taken over', async () => {
  oldChannels(['client-acme']);
  const liveChat = await aLiveChat();
  // The state that a worker leaves if it was killed a while ago.
  await db()
    .update(liveChats)
    .set({ adoptionDueAt: new Date(Date.now() - 1000), adoptionTotal: 5, adoptionDone: 2 });
  await office.open();
  await adopted(liveChat);
  expect(await adoptionOf(liveChat)).toEqual({ dueAt: null, total: 1, done: 1 });
});

test('an adoption that keeps failing is set aside until the live chat is saved again, and others go on', async () => {
  oldChannels(['client-acme', 'guest-acme']);
  await db().execute(sql`create function poison() returns trigger language plpgsql as
    $$ begin if new.name = 'client-acme' then raise exception 'poison'; end if; return new; end $$`);
  await db().execute(sql`create trigger poison before insert on sessions for each row execute function poison()`);
  const liveChat = await aLiveChat();
  const other = await aLiveChat({ name: 'Guests', prefixes: ['guest-'] });
  await db().update(liveChats).set({ adoptionAttempts: 9 });
  await office.open();
  await adopted(other);
  expect(await sessionNames(other.id)).toEqual(['guest-acme']);
  const { anna } = office.sandbox.people;
  await anna.command('/livechat-config', { in: 'general' });
  const list = await anna.modalShown('Live chats');
  await list.shows('Save the live chat to try again');
  expect(list.texts().join('\n')).not.toContain('Refresh');
  await db().execute(sql`drop trigger poison on sessions`);
  await updateLiveChat(db(), team(), liveChat.id, salesSettings);
  await office.context.liveChats.changed();
  await adopted(liveChat);
  expect(await sessionNames(liveChat.id)).toEqual(['client-acme']);
});

test('answers 429 and 500 by Slack only delay it', async () => {
  oldChannels(['client-acme']);
  const liveChat = await aLiveChat();
  office.sandbox.faults.rateLimit('conversations.list', { retryAfterSeconds: 1 });
  office.sandbox.faults.error('conversations.list', 'internal_error', 1);
  await office.open();
  await adopted(liveChat);
  expect(await sessionNames(liveChat.id)).toEqual(['client-acme']);
});

test('sessions move when a live chat gets another source, and when a better match is created', async () => {
  oldChannels(['client-acme', 'client-vip-acme', 'vip-acme']);
  const sales = await aLiveChat();
  await office.open();
  await adopted(sales);
  expect(await sessionNames(sales.id)).toEqual(['client-acme', 'client-vip-acme']);
  const vip = await aLiveChat({ name: 'VIP', prefixes: ['client-vip-'] });
  await office.context.liveChats.changed();
  await adopted(vip);
  expect(await sessionNames(sales.id)).toEqual(['client-acme']);
  expect(await sessionNames(vip.id)).toEqual(['client-vip-acme']);
  await updateLiveChat(db(), team(), sales.id, { ...salesSettings, prefixes: ['vip-'] });
  await office.context.liveChats.changed();
  await adopted(sales);
  expect(await sessionNames(sales.id)).toEqual(['vip-acme']);
  const [left] = await db().select().from(sessions).where(eq(sessions.name, 'client-acme'));
  expect(left?.liveChatId).toBeNull();
  expect(await startCount()).toBe(0);
});

test('a session that was closed by hand stays closed after a restart, until the client writes', async () => {
  const { anna, oleg, gina } = office.people;
  await aLiveChat();
  await office.open();
  const channel = await anna.createChannel('client-closed');
  const archived = await anna.createChannel('client-archived');
  for (const person of [oleg, gina]) await anna.invite(channel, person);
  await office.quiet();
  await oleg.command('/livechat-session', { in: channel });
  await (await oleg.modalShown('Live-chat session')).click('Close session');
  const statusOf = async ({ id }: { id: string }) =>
    (await db().select().from(sessions).where(eq(sessions.channelId, id)))[0]?.status;
  await until(async () => (await statusOf(channel)) === 'closed');
  await office.shut();
  await anna.archive(archived);
  await office.open();
  await until(async () => (await statusOf(archived)) === 'closed');
  expect(await statusOf(channel)).toBe('closed');
  await gina.post(channel, 'One more thing');
  await until(async () => (await statusOf(channel)) === 'open');
});

test('sessions of a deleted live chat stay, and go to the live chat that matches them now', async () => {
  oldChannels(['client-acme', 'client-vip-acme']);
  const sales = await aLiveChat();
  const vip = await aLiveChat({ name: 'VIP', prefixes: ['client-vip-'] });
  await office.open();
  await adopted(sales);
  await adopted(vip);
  const { anna } = office.sandbox.people;
  const remove = async (name: string) => {
    await anna.command('/livechat-config', { in: 'general' });
    await (await anna.modalShown('Live chats')).menu(`*${name}*`, 'Delete');
    const question = await anna.modalShown('Delete live chat');
    await question.shows(name);
    await question.submit();
    await anna.modal.closeAll();
  };
  await remove('VIP');
  await until(async () => (await sessionNames(sales.id)).length === 2 || undefined);
  await remove('Sales');
  expect((await db().select().from(sessions)).map(({ liveChatId }) => liveChatId)).toEqual([null, null]);
});

test.each([
  ['nobody listened', 0],
  ['nobody listened and Slack does not say where the app is', 20],
])('a channel created while the live chat was there has its start, though %s', async (_, refusals) => {
  const liveChat = await aLiveChat();
  await office.open();
  await adopted(liveChat);
  await office.shut();
  await db()
    .update(liveChats)
    .set({ createdAt: new Date(Date.now() - hour) });
  office.sandbox.faults.error('users.conversations', 'unknown_method', refusals);
  office.sandbox.faults.holdDeliveries();
  await office.sandbox.people.anna.createChannel('client-new');
  oldChannels(['client-old']);
  await office.open();
  await until(async () => (await sessionNames(liveChat.id)).length === 2 || undefined);
  expect(await startCount()).toBe(1);
  // Slack's late event for the channel is the same fact.
  await office.sandbox.faults.releaseDeliveries();
  await office.sandbox.traffic.settled();
  expect(await startCount()).toBe(1);
  await until(async () => office.sandbox.channel('client-new').hasApp || undefined);
});

test('a channel that is created while channels are adopted still has its start', async () => {
  oldChannels(['client-old']);
  office.sandbox.faults.delay('conversations.list', 500);
  office.sandbox.faults.holdDeliveries();
  const liveChat = await aLiveChat();
  await office.open();
  await office.sandbox.people.anna.createChannel('client-new');
  await until(async () => (await sessionNames(liveChat.id)).includes('client-old') || undefined);
  await office.sandbox.faults.releaseDeliveries();
  await adopted(liveChat);
  expect(await sessionNames(liveChat.id)).toEqual(['client-new', 'client-old']);
  expect(await startCount()).toBe(1);
});

describe('a channel that is found without a session', () => {
  const now = new Date('2026-01-31T12:00:00Z');
  const at = (offsetMs: number) => new Date(now.getTime() + offsetMs);
  const found = (
    createdAt: number,
    savedAt: number | undefined,
    options: { isPrivate?: boolean; liveChatAt?: number } = {},
  ) =>
    discoveryOf(
      { createdAt: at(createdAt), isPrivate: options.isPrivate ?? false },
      at(options.liveChatAt ?? -48 * hour),
      savedAt === undefined ? undefined : at(savedAt),
      now,
    );

  test('of a live chat that was just saved counts as adopted if it is older, else as created', () => {
    expect(found(-hour, -5000)).toBe('adopted');
    expect(found(-1000, -5000)).toBe('created');
    // Slack's times are whole seconds, so it may be newer than it seems.
    expect(found(-6000, -5000)).toBe('created');
    expect(found(-hour, -5000, { isPrivate: true })).toBe('unsettled');
  });

  test('of a fully adopted live chat counts as created if its event can just have been missed', () => {
    expect(found(-hour, undefined)).toBe('created');
    expect(found(-25 * hour, undefined)).toBe('adopted');
    expect(found(-hour, undefined, { liveChatAt: -1000 })).toBe('adopted');
    expect(found(-25 * hour, undefined, { isPrivate: true })).toBe('created');
  });
});
