import { expect, test } from 'vitest';
import { takePicture } from './helpers/take-picture.ts';
import { workspaceInBrowser } from './helpers/workspace-in-browser.ts';

const world = workspaceInBrowser();

const sentence =
  "Client's first message → Create lead · CRM / Leads if Message's text contains price and within business hours, once per session";

test('an administrator builds the condition only by choosing, and tries it on the past', async () => {
  const { slack } = world;
  const { page } = slack;
  await slack.actAs('Anna');
  await slack.openChannel('general');
  await slack.command('/livechat-config');
  await slack.modalTitled('Live chats');
  await slack.press('New live chat');
  await slack.modalTitled('New live chat');
  await slack.fill('Name', 'Sales');
  await slack.fill('Name starts with', 'sales-');
  await slack.choose('Operators', 'Oleg Operator');
  await slack.press('Save');
  const list = await slack.modalTitled('Live chats');
  await list.getByText('Sales').first().waitFor();
  await slack.rowAction('Sales', 'Business processes');
  const bound = await slack.modalTitled('Business processes');

  // Three choices: event, process, save.
  let clicks = 0;
  const step = async (action: Promise<unknown>) => {
    clicks += 1;
    await action;
  };
  const row = bound.locator('.block-section').filter({ hasText: "Client's first message" }).first();
  await step(row.getByRole('button', { name: 'Select' }).click());
  await slack.modalTitled('Select a process');
  await step(slack.choose('Business process', 'Create lead'));
  await step(slack.press('Select'));
  await slack.modalTitled('Input parameters');
  await step(slack.press('Save'));
  await slack.modalTitled('Business processes');

  await step(slack.rowAction("Client's first message →", 'When it starts'));
  const terms = await slack.modalTitled('When it starts');
  await step(slack.choose('Conditions', 'If all of these hold'));
  await terms.getByRole('combobox', { name: 'Property 1' }).waitFor();
  await step(slack.choose('Property 1', "Message's text"));
  await terms.getByRole('combobox', { name: 'Comparison 1' }).waitFor();
  await step(slack.choose('Comparison 1', 'contains'));
  await step(slack.fill('Value 1', 'price'));
  await step(slack.press('Add a condition'));
  await terms.getByRole('combobox', { name: 'Property 2' }).waitFor();
  await step(slack.choose('Property 2', 'Within business hours'));
  await terms.getByRole('combobox', { name: 'Value 2' }).waitFor();
  await step(slack.choose('Value 2', 'yes'));
  await step(slack.choose('How often', 'Once per session'));
  await takePicture(page, 'when-it-starts-wide');
  await step(slack.press('Save'));
  await slack.modalTitled('Business processes');
  const made = bound.locator('.block-section').filter({ hasText: 'once per session' });
  await made.waitFor();
  expect((await made.innerText()).replaceAll(/\s+/g, ' ')).toContain(sentence);
  // A person who has never seen it needs about four seconds for each click, so it takes less than a minute.
  expect(clicks).toBeLessThanOrEqual(15);

  await slack.rowAction("Client's first message →", 'When it starts');
  const past = await slack.modalTitled('When it starts');
  await slack.press('Try it on the past');
  await past.getByText('Nothing is kept of').waitFor();
  await slack.press('Back');
  await takePicture(page, 'sentence-wide');
  await page.setViewportSize({ width: 420, height: 800 });
  await made.waitFor();
  await takePicture(page, 'sentence-narrow');
  await page.setViewportSize({ width: 1366, height: 900 });
  await slack.closeModals();

  await slack.actAs('Рита');
  await slack.openChannel('general');
  await slack.command('/livechat-config');
  await slack.rowAction('Sales', 'Бизнес-процессы');
  const russian = slack.modal.locator('.block-section').filter({ hasText: 'один раз за сессию' });
  await russian.waitFor();
  expect((await russian.innerText()).replaceAll(/\s+/g, ' ')).toContain('Первое сообщение клиента → Create lead');
  await takePicture(page, 'sentence-russian');
});
