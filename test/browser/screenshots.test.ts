import type { Browser } from 'playwright-core';
import { expect, test } from 'vitest';
import { openWindow } from './helpers/chromium.ts';
import { workspaceInBrowser } from './helpers/workspace-in-browser.ts';
import { WorkspacePage } from './helpers/workspace-page.ts';

/** Where README's picture goes, with `npm run screenshots`; the others go into `screenshots/`. */
const readmePicture = process.env.README_PICTURE;
const themes = ['light', 'dark'] as const;
const sizes = { wide: { width: 1366, height: 820 }, narrow: { width: 390, height: 780 } };

/** As the client, then as the operator: a message, a thread, a reaction. */
async function converse(slack: WorkspacePage): Promise<void> {
  await slack.actAs('Carl');
  await slack.openChannel('support-acme');
  await slack.composer.fill('Hello! We need *five more chairs* like those of order `A-1042`');
  await slack.composer.press('Enter');
  await slack.message('five more chairs').waitFor();
  await slack.say('Could you send us an offer by Friday?');
  await slack.actAs('Oleg');
  await slack.openChannel('support-acme');
  await slack.say('Certainly, I am on it.');
}

/** Every main view once, in the window's size and theme. */
async function picture(browser: Browser, url: string, theme: (typeof themes)[number], size: keyof typeof sizes) {
  const { page, complaints } = await openWindow(browser, { viewport: sizes[size], colorScheme: theme });
  const slack = new WorkspacePage(page);
  const shoot = (name: string) => page.screenshot({ path: `screenshots/${name}-${size}-${theme}.png` });
  await slack.open(url);
  await slack.actAs('Oleg');
  if (size === 'narrow') await page.getByRole('button', { name: 'Channels and people' }).click();
  if (size === 'narrow') await shoot('sidebar');
  await slack.openChannel('support-acme');
  const message = slack.message('five more chairs');
  await message.waitFor();
  await shoot('conversation');
  await message.hover();
  await message.getByRole('button', { name: 'More actions' }).click();
  await shoot('message-menu');
  await page.getByRole('menuitem', { name: 'Start business process' }).click();
  const modal = await slack.modalTitled('Start business process');
  await modal.getByRole('combobox').click();
  await page.getByRole('option', { name: 'Handle request' }).waitFor();
  await shoot('manual-start');
  if (readmePicture && size === 'wide' && theme === 'light') await page.screenshot({ path: readmePicture });
  await page.keyboard.press('Escape');
  await slack.closeModal();
  await message.hover();
  await message.getByRole('button', { name: 'Reply in thread' }).click();
  await slack.thread.locator('.message-text', { hasText: 'five more chairs' }).waitFor();
  await shoot('thread');
  await slack.thread.getByRole('button', { name: 'Close thread' }).click();
  await page.getByRole('button', { name: 'Inspector' }).click();
  await page.locator('.entry').last().click();
  await page.getByText('Payload').or(page.getByText('Arguments')).first().waitFor();
  await shoot('inspector');
  await page.getByRole('button', { name: 'Close inspector' }).click();
  await slack.actAs('Anna');
  await slack.composer.waitFor();
  await slack.command('/livechat-config');
  const list = await slack.modalTitled('Live chats');
  await list.getByRole('button', { name: 'New live chat' }).waitFor();
  await shoot('live-chats');
  await slack.press('New live chat');
  await slack.modalTitled('New live chat');
  await slack.press('Save');
  await slack.mistake('Name');
  await shoot('new-live-chat');
  await slack.closeModal();
  await page.context().close();
  expect(complaints).toEqual([]);
}

const world = workspaceInBrowser();

test('pictures of the main views, wide and narrow, light and dark', { timeout: 300_000 }, async () => {
  await converse(world.slack);
  for (const theme of themes) {
    for (const size of ['wide', 'narrow'] as const) await picture(world.browser, world.sandbox.url, theme, size);
  }
});
