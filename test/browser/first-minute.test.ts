import { expect, test } from 'vitest';
import { workspaceInBrowser } from './helpers/workspace-in-browser.ts';

const world = workspaceInBrowser();

test('the first minute: each step is done by hand and ticks itself off', async () => {
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
  await slack.choose('Business process', 'Handle request');
  await slack.press('Start');
  await slack.modalTitled('Register request');
  await counter(3).waitFor();
  await slack.fill('Subject', '40 licences');
  await slack.press('Complete');
  await slack.modalTitled('Answer the client');
  await counter(4).waitFor();
  await slack.fill('Answer', 'They are on their way.');
  await slack.press('Complete');
  await slack.modal.waitFor({ state: 'detached' }).catch(() => slack.closeModal());
  await slack.message('They are on their way.').waitFor();

  await slack.actAs('carl');
  await slack.openChannel('support-acme');
  // The client reads the answer, and not a word of the process.
  const texts = (await slack.messages.allInnerTexts()).join('\n');
  expect(texts).toContain('They are on their way.');
  expect(texts).not.toMatch(/Handle request|Register request|Create lead/);

  await slack.actAs('anna');
  await slack.openChannel('general');
  await slack.command('/livechat-config');
  await slack.modalTitled('Live chats');
  await slack.rowAction('Support', 'Business processes');
  await slack.modalTitled('Business processes');
  await slack.rowAction('Session created', 'Configure parameters');
  await slack.modalTitled('Input parameters');
  await slack.press('Save');
  await counter(5).waitFor();
  await slack.closeModal();
  // A second session's lead appears on the page that is open, by itself.
  await slack.createChannel('support-globex', { invite: ['Gina Guest'] });
  await crm.getByRole('listitem').nth(1).waitFor();
  await crm.close();
});
