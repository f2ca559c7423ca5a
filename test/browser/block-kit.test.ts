import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { App } from '@slack/bolt';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { manifest, type RunningApp, startApp } from '../sandbox/helpers.ts';
import { everyBlock, everyInput, homeOfEverything } from './helpers/block-kit-gallery.ts';
import { openWindow, type WatchedPage } from './helpers/chromium.ts';
import { onePerWorker } from './helpers/one-per-worker.ts';
import { seriousViolations } from './helpers/serious-violations.ts';
import { takePicture } from './helpers/take-picture.ts';
import { WorkspacePage } from './helpers/workspace-page.ts';

const suppliers = ['Anders', 'Berg', 'Clark'];
const flower = `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="160">
  <rect width="320" height="160" fill="#c2185b"/><circle cx="160" cy="80" r="50" fill="#ffc107"/></svg>`;

let pictures: Server;
let running: RunningApp;
let browser: Browser;
let watched: WatchedPage;
let slack: WorkspacePage;
const submitted: Record<string, Record<string, object>>[] = [];
const actions: { id: string; value: unknown }[] = [];

/** The chosen value in an action's payload. */
function chosenIn(action: object): unknown {
  const { selected_option, selected_options, selected_date, selected_time, selected_user, value } = action as {
    [key: string]: never;
  } & { selected_option?: { value: string }; selected_options?: { value: string }[] };
  const chosen = selected_option?.value ?? selected_options?.map((option) => option.value);
  return chosen ?? selected_date ?? selected_time ?? selected_user ?? value;
}

/** An app that shows every kind of block, and records the actions on them. */
function florist(app: App): void {
  const picture = () => `http://127.0.0.1:${(pictures.address() as AddressInfo).port}/flower.svg`;
  app.command('/flowers', async ({ ack, body, client }) => {
    await ack();
    if (body.text === 'inputs') await client.views.open({ trigger_id: body.trigger_id, view: everyInput });
    else await client.chat.postMessage({ channel: body.channel_id, text: 'Flowers', blocks: everyBlock(picture()) });
  });
  app.options(/./, async ({ ack, payload }) => {
    const fitting = suppliers.filter((name) => name.toLowerCase().startsWith(payload.value.toLowerCase()));
    await ack({ options: fitting.map((name) => ({ text: { type: 'plain_text', text: name }, value: name })) });
  });
  app.view('every_input', async ({ ack, view }) => {
    submitted.push(view.state.values);
    await ack();
  });
  app.event('app_home_opened', async ({ client, event }) => {
    await client.views.publish({ user_id: event.user, view: homeOfEverything(picture()) });
  });
  app.action(/./, async ({ ack, action }) => {
    await ack();
    if ('action_id' in action) actions.push({ id: action.action_id, value: chosenIn(action) });
  });
}

onePerWorker.beforeAll(async ({ chromium }) => {
  browser = chromium;
  pictures = createServer((_, response) => response.writeHead(200, { 'content-type': 'image/svg+xml' }).end(flower));
  await new Promise<void>((resolve) => pictures.listen(0, '127.0.0.1', resolve));
  const ofFlorist = manifest
    .replace('messages_tab_enabled: true', '$&, home_tab_enabled: true')
    .replace('bot_events: [', '$&app_home_opened, ')
    .replace('channels:join', '$&, im:history');
  running = await startApp('socket', florist, { manifest: ofFlorist });
});
afterAll(async () => {
  await running?.stop();
  await new Promise((resolve) => pictures.close(resolve));
});
beforeEach(async () => {
  watched = await openWindow(browser, { viewport: { width: 1366, height: 1200 } });
  slack = new WorkspacePage(watched.page);
  await slack.open(running.sandbox.url);
  await slack.actAs('Anna');
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await watched.page.screenshot({ path: `screenshots/failed/${task.name}.png` });
  await watched.page.context().close();
  if (task.result?.state === 'fail') return;
  expect(watched.complaints).toEqual([]);
  expect(running.sandbox.violations).toEqual([]);
});

/** In both sizes and themes, nothing may be wider than the window, and axe must find nothing serious. */
async function look(name: string): Promise<void> {
  const { page } = slack;
  // Shows the whole dialog without scrolling.
  const whole = await page.addStyleTag({ content: '.dialog { max-height: none !important }' });
  for (const [size, width] of [['wide', 1366] as const, ['narrow', 390] as const]) {
    await page.setViewportSize({ width, height: 2600 });
    expect(await page.locator('html').evaluate((html) => html.scrollWidth)).toBeLessThanOrEqual(width);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await takePicture(page, `${name}-${size}-${colorScheme}`);
    }
    expect(await seriousViolations(page)).toEqual([]);
  }
  await whole.evaluate((style) => style.parentNode?.removeChild(style));
  await page.setViewportSize({ width: 1366, height: 1200 });
}

test('every input can be filled in by clicking and typing, and reaches the app in Slack’s format', async () => {
  const { page } = slack;
  await slack.command('/flowers inputs');
  const modal = await slack.modalTitled('Every input');
  await look('every-input');
  await slack.fill('Lines', 'Two\nlines');
  await slack.press('Send');
  await slack.mistake('Text');
  await slack.fill('Text', 'A rose 🌹');
  await slack.fill('E-mail', 'rose');
  await slack.fill('Number', '100');
  await slack.press('Send');
  await slack.mistake('E-mail');
  await slack.mistake('Number');
  expect(submitted).toEqual([]);
  await slack.fill('E-mail', 'rose@flowers.example');
  await slack.fill('Link', 'https://flowers.example');
  await slack.fill('Number', '42');
  await slack.fill('Formatted text', 'A *bold* rose');
  await slack.fill('Date', '2026-02-28');
  await slack.fill('Time', '09:30');
  await slack.fill('Moment', '2026-02-28T09:30');
  await slack.choose('Flower', 'White');
  await slack.choose('Flowers', 'Tulip');
  await slack.choose('Flowers', 'Red');
  await slack.choose('Supplier', 'Berg', { typed: 'be' });
  await slack.choose('Suppliers', 'Anders', { typed: 'an' });
  await slack.choose('Suppliers', 'Clark', { typed: 'cl' });
  await slack.choose('Person', 'Carl Client');
  await slack.choose('People', 'Oleg Operator');
  await slack.choose('Channel', 'general');
  await slack.choose('Channels', 'general');
  await slack.choose('Conversation', 'general');
  await slack.choose('Conversations', 'general');
  await modal.getByRole('radio', { name: 'Foil' }).check();
  await modal.getByRole('checkbox', { name: 'A card' }).check();
  await modal.getByRole('checkbox', { name: 'Vase' }).check();
  const file = { name: 'card.txt', mimeType: 'text/plain', buffer: Buffer.from('For you') };
  await modal.locator('input[type=file]').setInputFiles(file);
  await modal.getByText('card.txt').waitFor();
  await page.getByText('Uploading…').waitFor({ state: 'detached' });
  await look('every-input-filled');
  await slack.press('Send');
  await modal.waitFor({ state: 'detached' });
  const general = running.sandbox.channel('general').id;
  const values = Object.fromEntries(Object.entries(submitted[0] ?? {}).map(([label, value]) => [label, value[label]]));
  expect(values).toMatchObject({
    Text: { type: 'plain_text_input', value: 'A rose 🌹' },
    Lines: { value: 'Two\nlines' },
    'E-mail': { type: 'email_text_input', value: 'rose@flowers.example' },
    Link: { value: 'https://flowers.example' },
    Number: { value: '42' },
    'Formatted text': {
      rich_text_value: { elements: [{ elements: [{}, { text: 'bold', style: { bold: true } }, {}] }] },
    },
    Date: { selected_date: '2026-02-28' },
    Time: { selected_time: '09:30' },
    Moment: { selected_date_time: expect.any(Number) },
    Flower: { selected_option: { value: 'white' } },
    Flowers: { selected_options: [{ value: 'tulip' }, { value: 'red' }] },
    Supplier: { selected_option: { value: 'Berg' } },
    Suppliers: { selected_options: [{ value: 'Anders' }, { value: 'Clark' }] },
    Person: { selected_user: 'U0CARL00001' },
    People: { selected_users: ['U0OLEG00001'] },
    Channel: { selected_channel: general },
    Channels: { selected_channels: [general] },
    Conversation: { selected_conversation: general },
    Conversations: { selected_conversations: [general] },
    Wrapping: { selected_option: { value: 'foil' } },
    Extras: { selected_options: [{ value: 'card' }, { value: 'vase' }] },
    Files: { files: [{ name: 'card.txt' }] },
  });
});

test('every block is shown, and each of its elements can be used, in a message and on the Home tab', async () => {
  const { page } = slack;
  await slack.openChannel('general');
  await slack.command('/invite @florist');
  await slack.page.getByRole('button', { name: '7 members' }).waitFor();
  await slack.command('/flowers');
  const message = slack.message('Flowers of the week');
  await message.getByRole('img', { name: 'A yellow flower on red' }).waitFor();
  await look('every-block');
  await message.scrollIntoViewIfNeeded();
  await message.getByRole('button', { name: 'Order', exact: true }).click();
  await slack.confirm('Not yet');
  await message.getByRole('button', { name: 'Order', exact: true }).click();
  await slack.confirm('Order');
  await message.getByRole('button', { name: 'Accept' }).click();
  await message.getByRole('combobox', { name: 'Colour' }).click();
  await page.getByRole('option', { name: 'White' }).click();
  await message.getByRole('combobox', { name: 'Who?' }).click();
  await page.getByRole('option', { name: 'Carl Client' }).click();
  await message.getByRole('checkbox', { name: 'Vase' }).check();
  await message.getByRole('radio', { name: 'Foil' }).check();
  await message.getByRole('button', { name: /^More actions: A section with a menu/ }).click();
  await page.getByRole('menuitem', { name: 'Repot' }).click();
  const wanted = [
    { id: 'order', value: 'all' },
    { id: 'yes', value: 'yes' },
    { id: 'colour', value: 'white' },
    { id: 'who', value: 'U0CARL00001' },
    { id: 'extras', value: ['vase'] },
    { id: 'wrap', value: 'foil' },
    { id: 'menu', value: 'repot' },
  ];
  await expect.poll(() => actions).toEqual(wanted);

  await page.getByRole('button', { name: 'Florist home' }).click();
  await page.getByRole('heading', { name: /Flowers of the week/ }).waitFor();
  await look('home-of-everything');
  await page.getByRole('button', { name: 'Decline' }).click();
  await expect.poll(() => actions.at(-1)).toEqual({ id: 'no', value: 'no' });
});
