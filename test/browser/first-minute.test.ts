import { expect, test } from 'vitest';
import { workspaceInBrowser } from './helpers/workspace-in-browser.ts';

const world = workspaceInBrowser();

test('the first minute: each step is ticked off after it is done by hand', async () => {
  const { slack, sandbox, browser } = world;
  const { page } = slack;
  const counter = (done: number) => page.getByRole('button', { name: `First minute ${done}/5` });
  await counter(0).waitFor();

  await slack.actAs('carl');
  await slack.openChannel('support-acme');
  await slack.say('We need 40 licences, please');
  await counter(2).waitFor();
  const crm = await browser.newPage();
  await crm.goto(`${sandbox.url}/crm`);
  const lead = crm.getByRole('listitem').filter({ hasText: 'Carl Client' });
  await lead.getByText('We need 40 licences, please').waitFor();

  await slack.actAs('oleg');
  await slack.openChannel('support-acme');
  await slack.shortcut(slack.message('We need 40 licences'), 'Start business process');
  await slack.modalTitled('Start business process');
  await slack.choose('Business process', 'Escalate');
  await slack.press('Start');
  const form = await slack.modalTitled('Escalate');
  await counter(3).waitFor();
  expect(await form.getByLabel(/^Message/).inputValue()).toBe('We need 40 licences, please');
  expect(await form.getByLabel(/^E-mail/).inputValue()).toBe('carl.client@acme.example');
  await slack.fill('Reason', 'A large order');
  await slack.choose('Escalate to', 'Olga Operator');
  await slack.press('Start');
  await counter(4).waitFor();
  await slack.modal.getByText('Olga Operator').first().waitFor();
  await slack.closeModal();

  await slack.actAs('carl');
  await slack.openChannel('support-acme');
  // The client sees nothing of the process.
  const texts = (await slack.messages.allInnerTexts()).join('\n');
  expect(texts).toContain('We need 40 licences, please');
  expect(texts).not.toMatch(/Escalate|Resolve escalation|Create lead/);

  await slack.actAs('anna');
  await slack.openChannel('general');
  await slack.command('/livechat-config');
  await slack.modalTitled('Live chats');
  await slack.rowAction('Support', 'Business processes');
  await slack.modalTitled('Business processes');
  await slack.rowAction("Client's first message →", 'Configure parameters');
  await slack.modalTitled('Input parameters');
  await slack.press('Save');
  await counter(5).waitFor();
  await slack.closeModal();
  // The lead of a second session appears on the open page without a reload.
  await slack.createChannel('support-globex', { invite: ['Gina Guest'] });
  await slack.actAs('Gina');
  await slack.openChannel('support-globex');
  await slack.say('Good morning');
  await crm.getByRole('listitem').nth(1).waitFor();
  await crm.close();
});
