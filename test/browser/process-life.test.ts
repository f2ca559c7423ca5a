import { sql } from 'drizzle-orm';
import type { Browser, Locator } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';
import type { Channel } from '../../sandbox/driver/channel.ts';
import { engineInstances } from '../../src/engines/embedded/tables.ts';
import { starts } from '../../src/starts/tables.ts';
import { startWorld, type World } from '../helpers/kickoff.ts';
import { type LiveChatSetUp, setUpLiveChat } from '../helpers/set-up-live-chat.ts';
import { writeTaskProcesses } from '../helpers/task-processes.ts';
import { openWindow, type WatchedPage } from './helpers/chromium.ts';
import { onePerWorker } from './helpers/one-per-worker.ts';
import { WorkspacePage } from './helpers/workspace-page.ts';

let browser: Browser;
let world: World;
let channel: Channel;
let activity: Channel;
const windows: WatchedPage[] = [];

onePerWorker.beforeAll(({ chromium }) => {
  browser = chromium;
});
afterEach(async ({ task }) => {
  for (const [at, { page }] of windows.entries()) {
    if (task.result?.state === 'fail') {
      await page.screenshot({ path: `screenshots/failed/${task.name.replace(/\W+/g, '-')}-${at + 1}.png` });
    }
    await page.context().close();
  }
  const complaints = windows.splice(0).flatMap((one) => one.complaints);
  await world.close({ tolerate: task.result?.state === 'fail' });
  expect(complaints).toEqual([]);
});

/**
 * Creates a live chat with operators Oleg, Olga and Rita and supervisor Sam, and a channel in which Gina the guest can write.
 */
async function startSupport(setUp: LiveChatSetUp = {}): Promise<void> {
  const environment = { PROCESSES_DIR: await writeTaskProcesses() };
  world = await startWorld({ environment, sandbox: { timings: { patienceMs: 20_000 } } });
  const { workspace, people } = world.sandbox;
  const { anna, oleg, olga, rita, sam, gina } = people;
  workspace.setUserGroupMembers('support-team', [oleg, olga, rita]);
  activity = await anna.createChannel('kickoff-activity', { invite: [sam, oleg] });
  await anna.invite(activity, 'app');
  await setUpLiveChat(world, {
    operators: ['Oleg Operator', 'Olga Operator', 'Рита Смирнова'],
    activityChannel: 'kickoff-activity',
    ...setUp,
  });
  channel = await anna.createChannel('support-globex', { invite: [oleg, olga, rita, sam, gina] });
  await world.quiet();
}

const onMessage = (process: string, parameters?: Record<string, string>): LiveChatSetUp => ({
  bindings: { 'Message received': { process, ...(parameters && { parameters }) } },
});

/** Opens a person's own window. */
async function windowOf(name: string): Promise<WorkspacePage> {
  const watched = await openWindow(browser);
  windows.push(watched);
  const slack = new WorkspacePage(watched.page);
  await slack.open(world.sandbox.url);
  await slack.actAs(name);
  return slack;
}

async function homeOf(slack: WorkspacePage): Promise<Locator> {
  await slack.page.getByRole('button', { name: 'Kickoff home' }).click();
  const home = slack.page.locator('.home');
  await home.getByRole('heading').first().waitFor();
  return home;
}

/** Opens the app's direct messages. */
async function inboxOf(slack: WorkspacePage): Promise<void> {
  await homeOf(slack);
  await slack.page.getByRole('button', { name: 'Messages', exact: true }).click();
}

/** Uses one of the app's message shortcuts; returns the whole text of its modal. */
async function told(slack: WorkspacePage, text: string, shortcut: string): Promise<string> {
  await slack.shortcut(slack.message(text), shortcut);
  const modal = await slack.modalTitled(shortcut);
  await modal.getByText('Loading…').waitFor({ state: 'detached' });
  const said = await modal.innerText();
  await slack.closeModal();
  return said;
}

const listStarts = () => world.database.db.select().from(starts);

test('a failed automatic start is shown in Home and the activity channel, corrected, retried, and completes once', async () => {
  await startSupport(onMessage('Call the client', { Title: "Client's title" }));
  const { gina } = world.sandbox.people;
  world.sandbox.workspace.changePerson(gina, { title: '' });
  const [sam, supervisor, anna, oleg] = [
    await windowOf('Sam'),
    await windowOf('Sam'),
    await windowOf('Anna'),
    await windowOf('Oleg'),
  ];
  const home = await homeOf(sam);
  await supervisor.openChannel('kickoff-activity');
  await gina.post(channel, 'Call me');
  await home.getByText('“Title” is required').waitFor();
  const line = supervisor.message('Call the client');
  await line.getByText('❌ Failed: “Title” is required').waitFor();
  await line.getByRole('button', { name: 'Retry' }).waitFor();

  await anna.openChannel('general');
  await anna.command('/livechat-config');
  await anna.modalTitled('Live chats');
  await anna.rowAction('Support', 'Business processes');
  await anna.modalTitled('Business processes');
  await anna.rowAction('Message received', 'Configure parameters');
  await anna.modalTitled('Input parameters');
  await anna.choose('Title', "Message's text");
  await anna.press('Save');
  await anna.modalTitled('Business processes');

  await home.getByRole('button', { name: 'Retry' }).click();
  await home.getByText('“Call” waits for somebody to claim it').waitFor();
  await line.getByText('Running: “Call” waits for').waitFor();
  expect(await line.getByRole('button', { name: 'Retry' }).count()).toBe(0);

  const mine = await homeOf(oleg);
  await mine.getByRole('button', { name: 'Claim' }).click();
  await mine.getByRole('button', { name: 'Reassign' }).waitFor();
  await mine.getByRole('button', { name: 'Open' }).click();
  await oleg.modalTitled('Call');
  await oleg.press('Complete');
  await oleg.modal.getByText('The process has completed.').waitFor();
  await oleg.closeModal();
  await mine.getByText('Nothing to do').waitFor();
  await home.getByText('✅ Completed').waitFor();
  await line.getByText('✅ Completed').waitFor();
  expect(await supervisor.messages.filter({ hasText: 'Call the client' }).count()).toBe(1);
  const instances = await world.database.db.select().from(engineInstances);
  expect(instances.map(({ status }) => status)).toEqual(['completed']);
});

test('a group task is offered to three, claimed by one, completed, and the others see who', async () => {
  await startSupport(onMessage('Answer together'));
  const [oleg, olga, rita] = [await windowOf('Oleg'), await windowOf('Olga'), await windowOf('Рита')];
  for (const one of [oleg, olga, rita]) await inboxOf(one);
  await world.sandbox.people.gina.post(channel, 'Is anybody there?');
  for (const one of [oleg, olga, rita]) await one.message('Is anybody there?').waitFor();
  await olga.message('Answer it').getByRole('button', { name: 'Claim' }).click();
  await olga.message('Answer it').getByRole('button', { name: 'Reassign' }).waitFor();
  await oleg.message('Answer it').getByText('@Olga Operator has it now').waitFor();
  await rita.message('Answer it').getByText('Теперь она у @Olga Operator').waitFor();
  for (const one of [oleg, rita]) expect(await one.message('Answer it').getByRole('button').count()).toBeLessThan(3);
  await olga.message('Answer it').getByRole('button', { name: 'Open task' }).click();
  await olga.modalTitled('Answer it');
  await olga.fill('Answer', 'Yes, we are');
  await olga.press('Complete');
  await olga.modal.getByText('The process has completed.').waitFor();
  await olga.closeModal();
  for (const one of [oleg, olga]) await one.message('Answer it').getByText('Done by @Olga Operator').waitFor();
  await rita.message('Answer it').getByText('Выполнил(а) @Olga Operator').waitFor();
});

test('a task is completed in Home while its direct message is open elsewhere', async () => {
  await startSupport(onMessage('Answer together'));
  const [oleg, olga] = [await windowOf('Oleg'), await windowOf('Olga')];
  await inboxOf(oleg);
  const home = await homeOf(olga);
  await world.sandbox.people.gina.post(channel, 'Hello');
  await oleg.message('Answer it').getByRole('button', { name: 'Open task' }).click();
  await oleg.modalTitled('Answer it');
  await oleg.fill('Answer', 'Too late');
  await home.getByRole('button', { name: 'Open' }).click();
  await olga.modalTitled('Answer it');
  await olga.fill('Answer', 'Here I am');
  await olga.press('Complete');
  await olga.modal.getByText('The process has completed.').waitFor();
  await olga.closeModal();
  await oleg.press('Complete');
  await oleg.modal.getByText('already completed by @Olga Operator').waitFor();
  await oleg.closeModal();
  await oleg.message('Answer it').getByText('Done by @Olga Operator').waitFor();
});

test('a spam session starts nothing, neither automatically nor manually', async () => {
  await startSupport(onMessage('Answer together'));
  const { gina } = world.sandbox.people;
  const oleg = await windowOf('Oleg');
  await oleg.openChannel('support-globex');
  await oleg.command('/livechat-session');
  const card = await oleg.modalTitled('Live-chat session');
  await card.getByRole('button', { name: 'Mark as spam' }).click();
  await oleg.confirm('Mark as spam');
  await card.getByRole('button', { name: 'Not spam' }).waitFor();
  expect(await card.getByRole('button', { name: 'Start a process' }).count()).toBe(0);
  await oleg.closeModal();
  await gina.post(channel, 'Buy my watches');
  await world.quiet();
  expect(await told(oleg, 'Buy my watches', 'Start business process')).toContain('This session is marked as spam');
  expect(await told(oleg, 'Buy my watches', 'Why (not) a process?')).toContain('the session was marked as spam');
  expect(await listStarts()).toEqual([]);
});

test('an operator who is away is refused with the reason, and gets no group tasks', async () => {
  await startSupport(onMessage('Answer together'));
  const { gina, olga } = world.sandbox.people;
  const oleg = await windowOf('Oleg');
  const home = await homeOf(oleg);
  await home.getByRole('button', { name: 'I am away' }).click();
  await home.getByText('You are away in Support').waitFor();
  await gina.post(channel, 'Hello');
  await olga.receives('Answer it');
  await world.quiet();
  expect(await home.innerText()).toContain('Nothing to do');
  await oleg.openChannel('support-globex');
  expect(await told(oleg, 'Hello', 'Start business process')).toContain('You are away in the live chat “Support”');
  await homeOf(oleg);
  await home.getByRole('button', { name: 'I am back' }).click();
  await home.getByText('Answer it').first().waitFor();
});

test('Why is right about a normal start, an operator’s message, a duplicate delivery, a missing parameter and spam', async () => {
  await startSupport(onMessage('Call the client', { Title: "Client's title" }));
  const { gina } = world.sandbox.people;
  const oleg = await windowOf('Oleg');
  await oleg.openChannel('support-globex');
  const why = (text: string) => told(oleg, text, 'Why (not) a process?');

  await gina.post(channel, 'A normal question');
  await oleg.message('A normal question').waitFor();
  await oleg.say('An answer');
  world.sandbox.faults.holdDeliveries();
  await gina.post(channel, 'Said three times');
  await world.sandbox.faults.releaseDeliveries({ times: 3 });
  await world.quiet();
  world.sandbox.workspace.changePerson(gina, { title: '' });
  await world.sandbox.traffic.settled();
  await gina.post(channel, 'Who am I?');
  await world.quiet();
  await oleg.command('/livechat-session');
  await oleg.modalTitled('Live-chat session');
  await oleg.press('Mark as spam');
  await oleg.confirm('Mark as spam');
  await oleg.modal.getByRole('button', { name: 'Not spam' }).waitFor();
  await oleg.closeModal();
  await gina.post(channel, 'Buy my watches');
  await world.quiet();

  const normal = await why('A normal question');
  for (const text of [
    '▶️ It started Call the client, which runs.',
    'It arrived once.',
    '@Gina Guest: a client, being neither operator nor supervisor',
    'Message received: Call the client',
    "Title ← Client's title: Buyer",
    '1 attempt',
    '“Call” waits for',
  ]) {
    expect(normal).toContain(text);
  }
  const operators = await why('An answer');
  expect(operators).toContain('By itself it started nothing: it is an operator’s or supervisor’s message');
  expect(operators).toContain('no client, but an operator of the live chat');
  expect(await why('Said three times')).toMatch(/It arrived 3 times.*it counts once/);
  const missing = await why('Who am I?');
  expect(missing).toContain("failed: “Title” is required, but “Client's title” is not known");
  expect(missing).toContain("Title ← Client's title: —");
  expect(await why('Buy my watches')).toContain('By itself it started nothing: the session was marked as spam.');
  expect(await listStarts()).toHaveLength(3);
});

test('2,000 starts are paged and filtered in Home, quickly and within Slack’s limits', async () => {
  await startSupport();
  const { gina, sam } = world.sandbox.people;
  await gina.post(channel, 'Hello');
  await world.quiet();
  await world.database.db.execute(sql`
    insert into starts (team_id, key, session_id, live_chat_id, event, process_definition_id, process_name, facts, status,
      created_at)
    select s.team_id, 'test:' || n, s.id, s.live_chat_id, 'message_received', 'call', 'Call ' || n || ' 📞',
      jsonb_build_object('sessionName', s.name, 'channelId', s.channel_id, 'clientUserId', ${gina.id}::text, 'message', null),
      case when n % 100 = 0 then 'failed' else 'completed' end, now() - n * interval '1 minute'
    from generate_series(1, 2000) n, (select * from sessions limit 1) s`);
  const slack = await windowOf('Sam');
  const home = await homeOf(slack);
  const row = (number: number) => home.getByText(new RegExp(`^Call ${number} `));
  await row(1).waitFor();
  const before = performance.now();
  const pages = 10;
  for (let page = 1; page <= pages; page += 1) {
    await home.getByRole('button', { name: 'Older' }).click();
    await row(page * 10 + 1).waitFor();
  }
  expect((performance.now() - before) / pages).toBeLessThan(3000);
  await home.getByRole('button', { name: 'Newer' }).click();
  await row(91).waitFor();
  await home.getByRole('combobox', { name: 'Status' }).click();
  await slack.page.getByRole('option', { name: 'Failed' }).click();
  await row(100).waitFor();
  await home.getByRole('button', { name: 'Older' }).click();
  await row(1100).waitFor();
  await home.getByRole('button', { name: 'Show all' }).click();
  await row(1).waitFor();
  const views = world.sandbox.traffic.callsOf('views.publish').filter(({ args }) => args.user_id === sam.id);
  const blocks = views.map(({ args }) => (args.view as { blocks: unknown[] }).blocks.length);
  expect(Math.max(...blocks)).toBeLessThanOrEqual(100);
});

test('100 starts in one second reach the activity channel, each with its line', { timeout: 240_000 }, async () => {
  await startSupport(onMessage('Answer together'));
  const { gina } = world.sandbox.people;
  const slack = await windowOf('Sam');
  await slack.openChannel('kickoff-activity');
  await Promise.all(Array.from({ length: 100 }, (_, nth) => gina.post(channel, `Message ${nth}`)));
  const lines = slack.messages.locator('.block-section').filter({ hasText: '“Answer it” waits for' });
  await expect.poll(() => lines.count(), { timeout: 180_000, interval: 500 }).toBe(100);
  await world.quiet().catch(() => {});
  expect(await lines.count()).toBe(100);
  const told = world.sandbox.channel('kickoff-activity').messagesOfApp();
  const messages = told.flatMap(
    (line) =>
      line
        .texts()
        .join()
        .match(/archives\/\w+\/p\d+/g) ?? [],
  );
  expect(new Set(messages).size).toBe(100);
});
