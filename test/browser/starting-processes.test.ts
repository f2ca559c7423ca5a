import { describe, expect, test } from 'vitest';
import { workspaceInBrowser } from './helpers/workspace-in-browser.ts';

const world = workspaceInBrowser();

/** As Carl, writes in the channel of the live chat that the workspace begins with. */
async function carlWrites(text: string) {
  await world.slack.actAs('Carl');
  await world.slack.openChannel('support-acme');
  return world.slack.say(text);
}

/** As this person, uses the shortcut on that message. */
async function startOn(person: string, text: string) {
  await world.slack.actAs(person);
  await world.slack.openChannel('support-acme');
  await world.slack.shortcut(world.slack.message(text), 'Start business process');
  return world.slack.modalTitled('Start business process');
}

describe('the manual start', () => {
  test('a process without a start form shows its first task in the same modal, and the client reads only the answer', async () => {
    await carlWrites('Where is my order 17?');
    const modal = await startOn('Oleg', 'order 17');
    await modal.getByText('#support-acme').waitFor();
    await modal.getByText('Carl Client').first().waitFor();
    await world.slack.choose('Business process', 'Handle request', { typed: 'handle' });
    await world.slack.press('Start');
    await world.slack.modalTitled('Register request');
    await world.slack.press('Complete');
    await world.slack.mistake('Subject', 'Please complete this required field.');
    await world.slack.fill('Subject', 'Order 17');
    await world.slack.press('Complete');
    await world.slack.page.getByRole('dialog', { name: 'Register request' }).waitFor({ state: 'detached' });
    await world.slack.closeModals();
    await world.slack.openChannel('desk-activity');
    await world.slack.message('Handle request').waitFor();
    await world.slack.actAs('Carl');
    await world.slack.openChannel('support-acme');
    await world.slack.message('Where is my order 17?').waitFor();
    expect(await world.slack.message('Handle request').count()).toBe(0);
  });

  test('a start form is filled in from the session, and errors are shown at their fields', async () => {
    await carlWrites('This is urgent!');
    await startOn('Oleg', 'This is urgent!');
    await world.slack.choose('Business process', 'Escalate', { typed: 'esca' });
    await world.slack.press('Start');
    const form = await world.slack.modalTitled('Escalate');
    expect(await form.getByLabel(/^Client/).inputValue()).toBe('Carl Client');
    await world.slack.fill('Reason', '');
    await world.slack.press('Start');
    await world.slack.mistake('Reason');
    await world.slack.fill('Reason', 'The client waits');
    await world.slack.choose('Escalate to', 'Sam Supervisor');
    await world.slack.press('Start');
    await world.slack.modal.getByText('Sam Supervisor').first().waitFor();
    await world.slack.closeModal();
    // Sam has the task: it is on his Home tab, he is notified, and completes it.
    await world.slack.actAs('Sam');
    await world.slack.openChannel('Kickoff');
    await world.slack.page.getByRole('button', { name: 'Home', exact: true }).click();
    await world.slack.page.locator('.home').getByText('Resolve escalation').first().waitFor();
    await world.slack.page.getByRole('button', { name: 'Messages', exact: true }).click();
    // A link to the session opens within the page.
    await world.slack.message('Resolve escalation').getByRole('link', { name: '#support-acme' }).click();
    await world.slack.page.getByRole('heading', { level: 1, name: 'support-acme' }).waitFor();
    await world.slack.openChannel('Kickoff');
    const task = world.slack.message('Resolve escalation');
    await task.getByRole('button', { name: 'Open task' }).click();
    await world.slack.modalTitled('Resolve escalation');
    await world.slack.fill('Outcome', 'They are served now');
    await world.slack.press('Complete');
    await task.getByRole('button', { name: 'Open task' }).waitFor({ state: 'detached' });
  });

  test('without a chosen process, the error is shown at the search', async () => {
    await carlWrites('Hello?');
    await startOn('Oleg', 'Hello?');
    await world.slack.press('Start');
    await world.slack.mistake('Business process');
  });

  test('the search narrows by name, workspace and app while one types, and says if nothing matches', async () => {
    await carlWrites('Search this');
    const modal = await startOn('Oleg', 'Search this');
    const search = modal.getByRole('combobox', { name: 'Business process' });
    const options = world.slack.page.getByRole('option');
    await search.click();
    await options.filter({ hasText: 'Ask for feedback' }).waitFor();
    const groups = await world.slack.page.locator('.option-group').allInnerTexts();
    expect(groups.slice(0, 2)).toEqual(['Company', 'CRM / Leads']);
    expect(groups).toContain('Service desk / Requests');
    await search.fill('leads');
    await options.filter({ hasText: 'Escalate' }).waitFor({ state: 'detached' });
    expect(await options.count()).toBe(1);
    await search.fill('no such process');
    await world.slack.page.getByText('No results').waitFor();
  });

  test('a person who neither operates nor supervises is told why they cannot start', async () => {
    await carlWrites('For somebody else');
    await world.slack.actAs('Anna');
    await world.slack.openChannel('support-acme');
    await world.slack.shortcut(world.slack.message('For somebody else'), 'Start business process');
    const modal = await world.slack.modalTitled('Start business process');
    await modal.getByText(/operators and supervisors/i).waitFor();
    expect(await modal.getByRole('button', { name: 'Start', exact: true }).count()).toBe(0);
  });

  test('in a conversation of no live chat the modal says so', async () => {
    await world.slack.actAs('Oleg');
    await world.slack.openChannel('general');
    await world.slack.shortcut(await world.slack.say('Just us'), 'Start business process');
    const modal = await world.slack.modalTitled('Start business process');
    await modal
      .getByText(/live chat/)
      .first()
      .waitFor();
    expect(await modal.getByRole('button', { name: 'Start', exact: true }).count()).toBe(0);
    expect(await modal.getByText('/livechat-config').count()).toBe(0);
    await world.slack.closeModal();
    // An administrator is told where to change it.
    await world.slack.actAs('Anna');
    await world.slack.openChannel('general');
    await world.slack.shortcut(world.slack.message('Just us'), 'Start business process');
    await (await world.slack.modalTitled('Start business process')).getByText('/livechat-config').waitFor();
  });

  test('a start form is filled in with the mapping of the live chat’s binding', async () => {
    await carlWrites('Once more, please');
    await startOn('Oleg', 'Once more, please');
    await world.slack.choose('Business process', 'Escalate', { typed: 'esca' });
    await world.slack.press('Start');
    const form = await world.slack.modalTitled('Escalate');
    expect(await form.getByLabel(/^E-mail/).inputValue()).toBe('carl.client@acme.example');
    // The reason is the message only because the live chat's mapping says so.
    expect(await form.getByLabel(/^Reason/).inputValue()).toBe('Once more, please');
  });
});

describe('the automatic start', () => {
  /** As Anna, creates a live chat whose every event starts a process that posts to the CRM or the activity channel. */
  async function bindAll(name: string) {
    await world.slack.actAs('Anna');
    await world.slack.openChannel('general');
    await world.slack.command('/livechat-config');
    await world.slack.modalTitled('Live chats');
    await world.slack.press('New live chat');
    await world.slack.modalTitled('New live chat');
    await world.slack.fill('Name', name);
    await world.slack.fill('Name starts with', `${name.toLowerCase()}-`);
    await world.slack.choose('Operators', 'Oleg Operator');
    await world.slack.choose('Activity channel', 'team-lunch');
    await world.slack.press('Save');
    const list = await world.slack.modalTitled('Live chats');
    await list.getByText(name, { exact: true }).waitFor();
    await world.slack.rowAction(name, 'Business processes');
    for (const event of ['Session created', 'Message received', 'Session closed']) {
      const processes = await world.slack.modalTitled('Business processes');
      const row = processes.locator('.block-section', { hasText: event });
      await row.getByRole('button', { name: 'Select' }).click();
      await world.slack.modalTitled('Select a process');
      await world.slack.choose('Business process', 'Create lead', { typed: 'lead' });
      await world.slack.press('Select');
      await world.slack.modalTitled('Input parameters');
      await world.slack.choose('Company', "Session's name");
      await world.slack.press('Save');
      await world.slack.modalTitled('Business processes');
      await processes.locator('.block-section', { hasText: event }).getByText('Create lead').waitFor();
    }
    // By default, a message does not start a process that is already running in the session.
    await world.slack.rowAction('Message received', 'When it starts');
    await world.slack.modalTitled('When it starts');
    await world.slack.choose('How often', 'Every time');
    await world.slack.press('Save');
    await world.slack.modalTitled('Business processes');
    await world.slack.closeModal();
  }

  test('a session created, a client’s message and a session closed each start their process once', async () => {
    const { slack, sandbox } = world;
    await bindAll('Orders');
    await slack.createChannel('orders-globex', { invite: ['Gina Guest'] });
    const activity = () => slack.messages.filter({ hasText: 'Create lead' });
    const seesStarts = async (count: number) => {
      await slack.actAs('Anna');
      await slack.openChannel('team-lunch');
      await activity()
        .nth(count - 1)
        .waitFor();
      expect(await activity().count()).toBe(count);
    };
    await seesStarts(1);
    await slack.actAs('Gina');
    await slack.openChannel('orders-globex');
    await slack.say('I would like to order');
    await seesStarts(2);
    await slack.openChannel('orders-globex');
    await slack.channelAction('Archive channel');
    await slack.page.getByText('#orders-globex is archived.').waitFor();
    await seesStarts(3);

    await slack.page.goto(`${sandbox.url}/crm`);
    // The CRM has one lead, who asked two more times.
    const again = slack.page.getByText('Asked again').locator('xpath=following-sibling::*[1]');
    await again.waitFor();
    await expect.poll(async () => (await again.innerText()).match(/\d{4},/g)?.length).toBe(2);
    expect(await slack.page.getByText('orders-globex', { exact: true }).count()).toBe(1);
    await slack.page.goto(sandbox.url);
  });

  test('if required data is missing, the start fails, and its supervisor sees why', async () => {
    const { slack } = world;
    await slack.actAs('Anna');
    await slack.openChannel('general');
    await slack.command('/livechat-config');
    await slack.modalTitled('Live chats');
    await slack.press('New live chat');
    await slack.modalTitled('New live chat');
    await slack.fill('Name', 'Alarms');
    await slack.fill('Name starts with', 'alarms-');
    await slack.choose('Operators', 'Oleg Operator');
    await slack.choose('Supervisors', 'Sam Supervisor');
    await slack.press('Save');
    await (await slack.modalTitled('Live chats')).getByText('Alarms', { exact: true }).waitFor();
    await slack.rowAction('Alarms', 'Business processes');
    const processes = await slack.modalTitled('Business processes');
    await processes
      .locator('.block-section', { hasText: 'Message received' })
      .getByRole('button', { name: 'Select' })
      .click();
    await slack.modalTitled('Select a process');
    await slack.choose('Business process', 'Escalate', { typed: 'esc' });
    await slack.press('Select');
    await slack.modalTitled('Input parameters');
    await slack.choose('Reason', "Operator's name");
    await slack.choose('Urgency', "Session's status");
    await slack.choose('Escalate to', 'Client in Slack');
    await slack.press('Save');
    await slack.modalTitled('Business processes');
    await slack.closeModal();
    await slack.createChannel('alarms-globex', { invite: ['Gina Guest'] });
    await slack.page.getByRole('button', { name: '3 members' }).waitFor();
    await slack.actAs('Gina');
    await slack.openChannel('alarms-globex');
    await slack.say('It burns!');

    const home = slack.page.locator('.home');
    await slack.actAs('Sam');
    await slack.page.getByRole('button', { name: 'Kickoff home' }).click();
    await home.getByText("“Reason” is required, but “Operator's name” is not known").waitFor();
    await home.getByRole('button', { name: 'Retry' }).waitFor();
    // People who are not supervisors see none of it.
    await slack.actAs('Olga');
    await slack.page.getByRole('button', { name: 'Kickoff home' }).click();
    await home.getByText('My tasks').waitFor();
    expect(await home.getByText('“Reason” is required').count()).toBe(0);
  });
});
