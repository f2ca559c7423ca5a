import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchChromium, openWindow, type WatchedPage } from './helpers/chromium.ts';
import { type RunningSandbox, startSandboxProcess } from './helpers/running-sandbox.ts';
import { WorkspacePage } from './helpers/workspace-page.ts';

let browser: Browser;
let sandbox: RunningSandbox;
let watched: WatchedPage;
let slack: WorkspacePage;

beforeAll(async () => {
  [browser, sandbox] = await Promise.all([launchChromium(), startSandboxProcess()]);
});
afterAll(async () => {
  await browser?.close();
  await sandbox?.stop();
});
beforeEach(async () => {
  watched = await openWindow(browser);
  slack = new WorkspacePage(watched.page);
  await slack.open(sandbox.url);
});
afterEach(async () => {
  expect(watched.complaints).toEqual([]);
  await watched.page.context().close();
});

/** As Anna: `/livechat-config`. */
async function openLiveChats() {
  await slack.actAs('Anna');
  await slack.openChannel('general');
  await slack.command('/livechat-config');
  return slack.modalTitled('Live chats');
}

/** A live chat of this name, whose channels begin with `name-`. */
async function createLiveChat(name: string) {
  await openLiveChats();
  await slack.press('New live chat');
  await slack.modalTitled('New live chat');
  await slack.fill('Name', name);
  await slack.fill('Name starts with', `${name.toLowerCase()}-`);
  await slack.choose('Operators', 'Oleg Operator');
  await slack.press('Save');
  const list = await slack.modalTitled('Live chats');
  await list.getByText(name).first().waitFor();
}

describe('/livechat-config', () => {
  test('is for administrators alone', async () => {
    await slack.actAs('Oleg');
    await slack.openChannel('general');
    await slack.command('/livechat-config');
    const refusal = slack.message('Only administrators can set up live chats.');
    await refusal.waitFor();
    expect(await refusal.innerText()).toContain('Only visible to you');
    await slack.actAs('Anna');
    await slack.openChannel('general');
    await slack.messages.first().waitFor();
    expect(await slack.message('Only administrators').count()).toBe(0);
  });

  test('a new live chat, with every mistake at its field', async () => {
    await openLiveChats();
    await slack.press('New live chat');
    await slack.modalTitled('New live chat');
    await slack.press('Save');
    await slack.errorAt('Name').first().waitFor();
    await slack.fill('Name', 'Sales');
    await slack.fill('Name starts with', 'not a prefix!');
    await slack.press('Save');
    await slack.errorAt('Name starts with').waitFor();
    expect(await slack.errorAt('Name starts with').innerText()).toContain('letters, digits, hyphens');
    await slack.fill('Name starts with', 'sales-');
    await slack.press('Save');
    await slack.errorAt('Operators').waitFor();
    expect(await slack.errorAt('Operators').innerText()).toContain('Choose who operates the live chat');
    await slack.choose('Operators', 'Oleg Operator');
    await slack.choose('Supervisors', 'Sam Supervisor');
    await slack.choose('Operator groups', 'Support team', { typed: 'sup' });
    await slack.choose('Activity channel', 'acme-project', { typed: 'acme' });
    await slack.press('Save');
    await slack.errorAt('Activity channel').waitFor();
    expect(await slack.errorAt('Activity channel').innerText()).toContain('Clients can read #acme-project');
    await slack.choose('Activity channel', 'team-lunch');
    await slack.press('Save');
    const list = await slack.modalTitled('Live chats');
    await list.getByText('Sales', { exact: true }).waitFor();

    // The name is taken now, and so is the source.
    await slack.press('New live chat');
    await slack.modalTitled('New live chat');
    await slack.fill('Name', 'Sales');
    await slack.fill('Name starts with', 'other-');
    await slack.choose('Operators', 'Olga Operator');
    await slack.press('Save');
    await slack.errorAt('Name').first().waitFor();
    expect(await slack.errorAt('Name').first().innerText()).toContain(
      'There is a live chat with the name “Sales” already',
    );
    await slack.fill('Name', 'More sales');
    await slack.fill('Name starts with', 'sales-');
    await slack.press('Save');
    await slack.errorAt('Name starts with').waitFor();
    await slack.closeModal();
  });

  test('sessions from chosen channels: the fields follow the choice', async () => {
    await openLiveChats();
    await slack.press('New live chat');
    const modal = await slack.modalTitled('New live chat');
    await slack.fill('Name', 'Projects');
    await modal.getByRole('radio', { name: 'Chosen channels' }).check();
    await modal.getByRole('combobox', { name: 'Channels' }).waitFor();
    expect(await modal.getByLabel('Name starts with').count()).toBe(0);
    // What was typed before is still there.
    expect(await modal.getByLabel('Name', { exact: true }).inputValue()).toBe('Projects');
    await slack.choose('Channels', 'acme-project');
    await modal.getByRole('radio', { name: 'Guests and people from other organisations' }).check();
    await slack.choose('Operators', 'Oleg Operator');
    await slack.press('Save');
    const list = await slack.modalTitled('Live chats');
    await list.getByText('Projects', { exact: true }).waitFor();
    await slack.rowAction('Projects', 'Settings');
    const settings = await slack.modalTitled('Live chat settings');
    expect(await settings.getByRole('radio', { name: 'Chosen channels' }).isChecked()).toBe(true);
    expect(await settings.getByRole('radio', { name: 'Guests and people' }).isChecked()).toBe(true);
    expect(await settings.locator('.chip').allInnerTexts()).toEqual(
      expect.arrayContaining([expect.stringContaining('acme-project'), expect.stringContaining('Oleg Operator')]),
    );
    await slack.fill('Name', 'Client projects');
    await slack.press('Save');
    await (await slack.modalTitled('Live chats')).getByText('Client projects').waitFor();
    await slack.closeModal();
  });

  test('a process for each event: selected, its parameters filled, changed, removed', async () => {
    await createLiveChat('Leads');
    await slack.rowAction('Leads', 'Business processes');
    const processes = await slack.modalTitled('Business processes');
    const row = (event: string) => processes.locator('.block-section', { hasText: event });
    await row('Session created').getByRole('button', { name: 'Select' }).click();
    await slack.modalTitled('Select a process');
    await slack.press('Select');
    await slack.errorAt('Business process').waitFor();
    await slack.choose('Business process', 'Create lead', { typed: 'lead' });
    await slack.press('Select');
    const parameters = await slack.modalTitled('Input parameters');
    // Presets: what matches by type and name.
    expect(await parameters.getByRole('combobox', { name: /E-mail/ }).inputValue()).toBe("Client's e-mail");
    // A property of the same type, and no others.
    await parameters.getByRole('combobox', { name: /E-mail/ }).click();
    const offered = await slack.page.getByRole('option').allInnerTexts();
    expect(offered.map((text) => text.replace(' ✓', '').trim())).toEqual([
      'Not filled',
      "Client's e-mail",
      "Operator's e-mail",
    ]);
    await slack.page.keyboard.press('Escape');
    await slack.choose('Company', "Session's name");
    await slack.press('Save');
    await slack.modalTitled('Business processes');
    await row('Session created').getByText('Create lead').waitFor();

    await slack.rowAction('Session created', 'Configure parameters');
    await slack.modalTitled('Input parameters');
    expect(await slack.modal.getByRole('combobox', { name: /Company/ }).inputValue()).toBe("Session's name");
    await slack.choose('Company', "Client's company");
    await slack.press('Save');

    await slack.modalTitled('Business processes');
    await slack.rowAction('Session created', 'Change process');
    await slack.modalTitled('Select a process');
    await slack.choose('Business process', 'Escalate', { typed: 'esc' });
    await slack.press('Select');
    await slack.modalTitled('Input parameters');
    await slack.press('Save');
    await slack.modalTitled('Business processes');
    await row('Session created').getByText('Escalate').waitFor();

    await slack.rowAction('Session created', 'Remove');
    if (await slack.page.getByRole('alertdialog').isVisible()) await slack.confirm('Remove');
    await row('Session created').getByRole('button', { name: 'Select' }).waitFor();
    await slack.closeModal();
  });

  test('deleting asks first', async () => {
    await createLiveChat('Gone');
    await slack.rowAction('Gone', 'Delete');
    await slack.modal.getByText('Delete the live chat').waitFor();
    await slack.press('Cancel');
    await (await slack.modalTitled('Live chats')).getByText('Gone', { exact: true }).waitFor();
    await slack.rowAction('Gone', 'Delete');
    await slack.modal.getByText('Delete the live chat').waitFor();
    await slack.press('Delete');
    const list = await slack.modalTitled('Live chats');
    await list.getByText('The live chat is deleted.').waitFor();
    expect(await list.getByText('Gone', { exact: true }).count()).toBe(0);
  });
});
