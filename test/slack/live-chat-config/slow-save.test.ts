import { afterEach, expect, test } from 'vitest';
import type { ModalDriver } from '../../../sandbox/driver/modal.ts';
import { listLiveChats } from '../../../src/live-chats/queries.ts';
import { liveChats } from '../../../src/live-chats/tables.ts';
import { type Office, prepareOffice } from '../../helpers/office.ts';

let office: Office;
afterEach(() => office.close());

async function openNew(): Promise<ModalDriver> {
  office = await prepareOffice();
  await office.open();
  const { anna } = office.sandbox.people;
  await anna.command('/livechat-config', { in: 'general' });
  await (await anna.modalShown('Live chats')).click('New live chat');
  const settings = await anna.modalShown('New live chat');
  await settings.shows('Activity channel');
  await settings.fill('Name', 'Sales');
  await settings.fill('Name starts with', 'client-');
  await settings.choose('Operators', 'Oleg Operator');
  return settings;
}

test('a new live chat that was saved too late for the answer says so, and can be saved again', async () => {
  const settings = await openNew();
  const { context, sandbox, database } = office;
  const { changed } = context.liveChats;
  context.liveChats.changed = async () => {
    await new Promise((resolve) => setTimeout(resolve, 2700));
    await changed();
  };
  const outcome = await settings.submit();
  expect(Object.values(outcome.errors ?? {}).join()).toContain('try again');
  context.liveChats.changed = changed;
  await settings.shows('The live chat is saved.', { timeoutMs: 5000 });
  const submission = sandbox.traffic.deliveries.findLast(({ type }) => type === 'view_submission');
  if (!submission) throw new Error('nothing was submitted');
  const again = await sandbox.faults.redeliver(submission);
  expect(JSON.stringify(again.answer ?? '')).not.toContain('errors');
  expect(await listLiveChats(database.db, sandbox.teamId)).toHaveLength(1);
});

test('a live chat is saved quickly among 500 others with their own activity channels', async () => {
  const settings = await openNew();
  const { context, sandbox, database } = office;
  const others = Array.from({ length: 500 }, (_, at) => ({
    teamId: sandbox.teamId,
    name: `Other ${at}`,
    source: 'prefix' as const,
    prefixes: [`other${at}-`],
    clients: 'everyone' as const,
    operators: ['U0OLEG00001'],
    activityChannel: `C0ACTIVITY${at}`,
  }));
  await database.db.insert(liveChats).values(others);
  await context.liveChats.changed();
  const lookups = () => sandbox.traffic.calls.filter(({ method }) => method === 'conversations.info').length;
  const before = lookups();
  expect((await settings.submit()).errors).toBeUndefined();
  expect(lookups() - before).toBeLessThan(50);
  expect(await listLiveChats(database.db, sandbox.teamId)).toHaveLength(501);
});

test('typed input stays if Slack does not answer who is an administrator', async () => {
  const settings = await openNew();
  const { context, sandbox } = office;
  context.directory.forgetAll();
  sandbox.faults.delay('users.info', 3000);
  await settings.choose('Sessions', 'Chosen channels');
  await settings.shows('/invite @Kickoff', { timeoutMs: 5000 });
  expect(settings.field('Name').value).toBe('Sales');
});
