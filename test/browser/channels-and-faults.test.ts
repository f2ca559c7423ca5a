import { describe, expect, test } from 'vitest';
import { workspaceInBrowser } from './helpers/workspace-in-browser.ts';

const world = workspaceInBrowser();

async function openInspector() {
  await world.slack.page.getByRole('button', { name: 'Inspector', exact: true }).click();
  const inspector = world.slack.page.getByRole('region', { name: 'Inspector' });
  await inspector.getByText('App connected').waitFor();
  return inspector;
}

/** As Oleg, counts the starts of a process in the activity channel. */
async function startsTold(process: string) {
  await world.slack.actAs('Oleg');
  await world.slack.openChannel('desk-activity');
  return world.slack.messages.filter({ hasText: process });
}

describe('channels', () => {
  test('a channel is renamed, archived, unarchived, given a topic, and people and the app are invited', async () => {
    const { slack } = world;
    await slack.actAs('Anna');
    await slack.createChannel('plans', { kind: 'Private' });
    await slack.channelAction('Rename…');
    await slack.fill('Name', 'general');
    await slack.press('Rename');
    await slack.modal.getByRole('alert').waitFor();
    await slack.fill('Name', 'Big Plans');
    await slack.press('Rename');
    await slack.page.getByRole('heading', { level: 1, name: 'big-plans' }).waitFor();
    await slack.sidebarLink('big-plans').waitFor();
    await slack.channelAction('Edit topic…');
    await slack.fill('Topic', 'What comes next 🚀');
    await slack.press('Save');
    await slack.page.locator('.topic', { hasText: 'What comes next 🚀' }).waitFor();

    await slack.channelAction('Invite people…');
    await slack.choose('People and apps', 'Oleg Operator');
    await slack.choose('People and apps', 'Kickoff');
    await slack.press('Invite');
    await slack.modal.waitFor({ state: 'detached' });
    await slack.page.getByRole('button', { name: '3 members' }).waitFor();
    await slack.command('/invite @olga');
    await slack.page.getByRole('button', { name: '4 members' }).click();
    await slack.modal.getByRole('button', { name: 'Remove Olga Operator' }).click();
    await slack.modal.getByText('Olga Operator').waitFor({ state: 'detached' });
    await slack.modal.getByText('Kickoff').waitFor();
    await slack.modal.getByRole('button', { name: 'Close' }).first().click();

    await slack.channelAction('Archive channel');
    await slack.page.getByText('#big-plans is archived.').waitFor();
    expect(await slack.composer.count()).toBe(0);
    await slack.channelAction('Unarchive channel');
    await slack.composer.waitFor();
    // Archiving removed the app, as in Slack.
    await slack.page.getByRole('button', { name: '2 members' }).waitFor();
    await slack.actAs('Olga');
    expect(await slack.sidebarLink('big-plans').count()).toBe(0);
    await slack.actAs('Oleg');
    await slack.openChannel('big-plans');
  });
});

describe('the inspector', () => {
  test('shows a delivery and the calls that followed, with their content and answers', async () => {
    const { slack } = world;
    await slack.actAs('Anna');
    const inspector = await openInspector();
    await slack.openChannel('general');
    await slack.command('/livechat-config');
    await slack.modalTitled('Live chats');
    await slack.closeModal();
    const command = inspector.locator('.entry', { hasText: '/livechat-config' }).last();
    await command.getByText('done').waitFor();
    await command.getByText(/\d ms/).waitFor();
    await command.click();
    await inspector
      .getByRole('list', { name: 'Attempts' })
      .getByText(/acknowledged after \d+ ms/)
      .waitFor();
    await inspector.getByText('"command": "/livechat-config"').waitFor();
    await inspector.getByRole('combobox', { name: 'Show' }).selectOption('Web API calls of the app');
    await inspector.locator('.entry', { hasText: 'views.open' }).last().click();
    await inspector.locator('summary', { hasText: 'Arguments' }).waitFor();
    await inspector.locator('summary', { hasText: 'Answer' }).waitFor();
    expect(await inspector.locator('.entry', { hasText: '/livechat-config' }).count()).toBe(0);
  });

  test('redelivery, held and reversed events, cut connections, 429 and 500: nothing happens twice or is lost', async () => {
    const { slack, browser, sandbox } = world;
    await slack.actAs('Carl');
    await slack.openChannel('support-acme');
    const inspector = await openInspector();
    const button = (name: string | RegExp) => inspector.getByRole('button', { name });
    const entry = (text: string | RegExp) => inspector.locator('.entry', { hasText: text });

    // Held events are delivered reversed and twice.
    await button('Hold events').click();
    await slack.say('The first of three');
    await slack.say('The second of three');
    await button('Release 2 reversed, twice').waitFor();
    await entry('held back').nth(1).waitFor();
    await button('Answer 500').click();
    await inspector.getByText('Next 3 calls').waitFor();
    await button(/reversed, twice/).click();
    await button('Hold events').waitFor();
    await entry('held back').first().waitFor({ state: 'detached' });

    // After the connection is cut, the app reconnects once that is allowed.
    const more = async (fault: string) => {
      await button('More faults').click();
      await slack.page.getByRole('menuitem', { name: fault }).click();
    };
    await more('Refuse new connections');
    await inspector.getByText('New connections are refused.').waitFor();
    await button('Drop connection').click();
    await inspector.getByText('App not connected').waitFor();
    await slack.say('The third of three');
    await more('Let the app connect again');
    await inspector.getByText('App connected').waitFor({ timeout: 60_000 });

    // Redelivered while calls are refused.
    await button('Answer 429').click();
    await entry(/message\s+#support-acme.*done/)
      .last()
      .click();
    await inspector
      .locator('.details')
      .getByText(/The \w+ of three/)
      .first()
      .waitFor();
    const attempts = inspector.getByRole('list', { name: 'Attempts' }).getByRole('listitem');
    const before = await attempts.count();
    await button('Deliver again').click();
    await attempts.nth(before).waitFor();
    await more('Take back planned answers');

    const starts = await startsTold('Create lead');
    await starts.first().waitFor();
    const crm = await browser.newPage();
    await crm.goto(`${sandbox.url}/crm`);
    const lead = crm.getByRole('listitem').filter({ hasText: 'Carl Client' });
    await lead.first().waitFor();
    expect(await lead.count()).toBe(1);
    expect(await lead.getByText('Asked again').count()).toBe(0);
    expect(await starts.count()).toBe(1);
    await crm.close();
  });
});

test('Reset starts over for all open pages, and Kickoff works there at once', async () => {
  const { slack } = world;
  const { page } = slack;
  await slack.actAs('Carl');
  await slack.openChannel('support-acme');
  await slack.say('Before the reset');
  const reset = async (answer: string) => {
    await page.getByRole('button', { name: 'Theme and reset' }).click();
    await page.getByRole('menuitem', { name: 'Reset the workspace…' }).click();
    await slack.confirm(answer);
  };
  await reset('Cancel');
  await slack.message('Before the reset').waitFor();
  await reset('Reset');
  await page.getByRole('button', { name: 'First minute 0/5' }).waitFor({ timeout: 60_000 });
  // Nothing listens while Kickoff restarts, and Chromium logs that.
  world.forgive(/\/sandbox\/socket' failed: .*ERR_CONNECTION_REFUSED/);
  await slack.openChannel('support-acme');
  await slack.say('After the reset');
  expect(await slack.message('Before the reset').count()).toBe(0);
  await page.getByRole('button', { name: 'First minute 2/5' }).waitFor({ timeout: 30_000 });
});
