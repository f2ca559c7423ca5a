import { describe, expect, test } from 'vitest';
import { workspaceInBrowser } from './helpers/workspace-in-browser.ts';

const world = workspaceInBrowser();

/** Acts as Anna and opens `/livechat-config`. */
async function openLiveChats() {
  await world.slack.actAs('Anna');
  await world.slack.openChannel('general');
  await world.slack.command('/livechat-config');
  return world.slack.modalTitled('Live chats');
}

/** Creates a live chat of this name, for channels that begin with `name-`. */
async function createLiveChat(name: string) {
  await openLiveChats();
  await world.slack.press('New live chat');
  await world.slack.modalTitled('New live chat');
  await world.slack.fill('Name', name);
  await world.slack.fill('Name starts with', `${name.toLowerCase()}-`);
  await world.slack.choose('Operators', 'Oleg Operator');
  await world.slack.press('Save');
  const list = await world.slack.modalTitled('Live chats');
  await list.getByText(name).first().waitFor();
}

describe('/livechat-config', () => {
  test('is only for administrators', async () => {
    await world.slack.actAs('Oleg');
    await world.slack.openChannel('general');
    await world.slack.command('/livechat-config');
    const refusal = world.slack.message('Only administrators can set up live chats.');
    await refusal.waitFor();
    expect(await refusal.innerText()).toContain('Only visible to you');
    await world.slack.actAs('Anna');
    await world.slack.openChannel('general');
    await world.slack.say('Hello everybody');
    expect(await world.slack.message('Only administrators').count()).toBe(0);
  });

  test('a new live chat is created, and each error is shown at its field', async () => {
    await openLiveChats();
    await world.slack.press('New live chat');
    await world.slack.modalTitled('New live chat');
    await world.slack.press('Save');
    await world.slack.mistake('Name');
    await world.slack.fill('Name', 'Sales');
    await world.slack.fill('Name starts with', 'not a prefix!');
    await world.slack.press('Save');
    await world.slack.mistake('Name starts with', 'letters, digits, hyphens');
    await world.slack.fill('Name starts with', 'sales-, team-');
    await world.slack.press('Save');
    await world.slack.mistake('Operators', 'Choose who operates the live chat');
    await world.slack.choose('Operators', 'Oleg Operator');
    await world.slack.choose('Supervisors', 'Sam Supervisor');
    await world.slack.choose('Operator groups', 'Support team', { typed: 'sup' });
    await world.slack.choose('Activity channel', 'team-lunch');
    await world.slack.press('Save');
    await world.slack.mistake('Activity channel', 'Clients can read #team-lunch: it is a session');
    await world.slack.fill('Name starts with', 'sales-');
    // Channels shared with another organisation are not offered.
    const activity = world.slack.modal.getByRole('combobox', { name: 'Activity channel' });
    await world.slack.modal.getByRole('button', { name: 'Remove team-lunch' }).click();
    await activity.click();
    await activity.fill('acme');
    await world.slack.page.getByText('No results').waitFor();
    await activity.fill('team');
    await world.slack.page.getByRole('option', { name: 'team-lunch' }).click();
    await world.slack.press('Save');
    const list = await world.slack.modalTitled('Live chats');
    const row = list.locator('.block-section', { hasText: 'Sales' });
    await row.getByText(/sales-/).waitFor();
    await row.getByText(/Oleg Operator/).waitFor();

    // The name and the source are in use now.
    await world.slack.press('New live chat');
    await world.slack.modalTitled('New live chat');
    await world.slack.fill('Name', 'Sales');
    await world.slack.fill('Name starts with', 'other-');
    await world.slack.choose('Operators', 'Olga Operator');
    await world.slack.press('Save');
    await world.slack.mistake('Name', 'There is a live chat with the name “Sales” already');
    await world.slack.fill('Name', 'More sales');
    await world.slack.fill('Name starts with', 'sales-');
    await world.slack.press('Save');
    await world.slack.mistake('Name starts with');
    await world.slack.closeModal();
  });

  test('sessions from chosen channels: the fields follow the choice', async () => {
    await openLiveChats();
    await world.slack.press('New live chat');
    const modal = await world.slack.modalTitled('New live chat');
    await world.slack.fill('Name', 'Projects');
    await modal.getByRole('radio', { name: 'Chosen channels' }).check();
    await modal.getByRole('combobox', { name: 'Channels' }).waitFor();
    expect(await modal.getByLabel('Name starts with').count()).toBe(0);
    // The entered text is still there.
    expect(await modal.getByLabel('Name', { exact: true }).inputValue()).toBe('Projects');
    await world.slack.choose('Channels', 'acme-project');
    await modal.getByRole('radio', { name: 'Guests and people from other organisations' }).check();
    await world.slack.choose('Operators', 'Oleg Operator');
    await world.slack.press('Save');
    const list = await world.slack.modalTitled('Live chats');
    await list.getByText('Projects', { exact: true }).waitFor();
    await world.slack.rowAction('Projects', 'Settings');
    const settings = await world.slack.modalTitled('Live chat settings');
    expect(await settings.getByRole('radio', { name: 'Chosen channels' }).isChecked()).toBe(true);
    expect(await settings.getByRole('radio', { name: 'Guests and people' }).isChecked()).toBe(true);
    expect(await settings.locator('.chip').allInnerTexts()).toEqual(
      expect.arrayContaining([expect.stringContaining('acme-project'), expect.stringContaining('Oleg Operator')]),
    );
    await world.slack.fill('Name', 'Client projects');
    await world.slack.press('Save');
    await (await world.slack.modalTitled('Live chats')).getByText('Client projects').waitFor();
    await world.slack.closeModal();
  });

  test('sessions from Slack Connect channels, which only one live chat can have', async () => {
    for (const name of ['Partners', 'Other partners']) {
      await openLiveChats();
      await world.slack.press('New live chat');
      const modal = await world.slack.modalTitled('New live chat');
      await world.slack.fill('Name', name);
      await modal.getByRole('radio', { name: 'Slack Connect channels' }).check();
      await modal.getByLabel('Name starts with').waitFor({ state: 'detached' });
      await world.slack.choose('Operators', 'Oleg Operator');
      await world.slack.press('Save');
      if (name === 'Other partners') await world.slack.mistake('Sessions', /Partners/);
      else await (await world.slack.modalTitled('Live chats')).getByText(name, { exact: true }).waitFor();
      await world.slack.closeModal();
    }
  });

  test('a process for each event is selected, its parameters are filled in and changed, and it is removed', async () => {
    await createLiveChat('Leads');
    await world.slack.rowAction('Leads', 'Business processes');
    const processes = await world.slack.modalTitled('Business processes');
    const row = (event: string) => processes.locator('.block-section', { hasText: event });
    await row('Session created').getByRole('button', { name: 'Select' }).click();
    await world.slack.modalTitled('Select a process');
    await world.slack.press('Select');
    await world.slack.mistake('Business process');
    await world.slack.choose('Business process', 'Create lead', { typed: 'lead' });
    await world.slack.press('Select');
    const parameters = await world.slack.modalTitled('Input parameters');
    // Presets match by type and name.
    expect(await parameters.getByRole('combobox', { name: /E-mail/ }).inputValue()).toBe("Client's e-mail");
    // Only properties of the same type are offered.
    await parameters.getByRole('combobox', { name: /E-mail/ }).click();
    const offered = await world.slack.page.getByRole('option').allInnerTexts();
    expect(offered.map((text) => text.replace(' ✓', '').trim())).toEqual([
      'Not filled',
      "Client's e-mail",
      "Operator's e-mail",
    ]);
    await world.slack.page.keyboard.press('Escape');
    await world.slack.choose('Company', "Session's name");
    await world.slack.press('Save');
    await world.slack.modalTitled('Business processes');
    await row('Session created').getByText('Create lead').waitFor();

    await world.slack.rowAction('Session created', 'Configure parameters');
    await world.slack.modalTitled('Input parameters');
    expect(await world.slack.modal.getByRole('combobox', { name: /Company/ }).inputValue()).toBe("Session's name");
    await world.slack.choose('Company', "Client's company");
    await world.slack.press('Save');

    await world.slack.modalTitled('Business processes');
    await world.slack.rowAction('Session created', 'Change process');
    await world.slack.modalTitled('Select a process');
    await world.slack.choose('Business process', 'Escalate', { typed: 'esc' });
    await world.slack.press('Select');
    await world.slack.modalTitled('Input parameters');
    await world.slack.press('Save');
    await world.slack.mistake('Reason', '“Reason” is required');
    await world.slack.choose('Reason', 'Transcript');
    await world.slack.choose('Urgency', "Session's status");
    await world.slack.choose('Escalate to', 'Operator in Slack');
    await world.slack.press('Save');
    await world.slack.modalTitled('Business processes');
    await row('Session created').getByText('Escalate').waitFor();

    await world.slack.rowAction('Session created', 'Remove');
    if (await world.slack.page.getByRole('alertdialog').isVisible()) await world.slack.confirm('Remove');
    await row('Session created').getByRole('button', { name: 'Select' }).waitFor();
    await world.slack.closeModal();
  });

  test('deleting asks for confirmation', async () => {
    await createLiveChat('Gone');
    await world.slack.rowAction('Gone', 'Delete');
    await world.slack.modal.getByText('Delete the live chat').waitFor();
    await world.slack.press('Cancel');
    await (await world.slack.modalTitled('Live chats')).getByText('Gone', { exact: true }).waitFor();
    await world.slack.rowAction('Gone', 'Delete');
    await world.slack.modal.getByText('Delete the live chat').waitFor();
    await world.slack.press('Delete');
    const list = await world.slack.modalTitled('Live chats');
    await list.getByText('Gone', { exact: true }).waitFor({ state: 'detached' });
  });
});
