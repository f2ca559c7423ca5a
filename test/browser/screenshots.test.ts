import type { Browser, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openWindow } from './helpers/chromium.ts';
import { takePicture } from './helpers/take-picture.ts';
import { workspaceInBrowser } from './helpers/workspace-in-browser.ts';
import { WorkspacePage } from './helpers/workspace-page.ts';

/** The path of README's picture, with `npm run screenshots`; the others are in `screenshots/`. */
const readmePicture = process.env.README_PICTURE;
/** The themes differ in their colours alone, so a test of widths needs one. keyboard-and-accessibility.test.ts reads both. */
const themes = readmePicture ? (['light', 'dark'] as const) : (['light'] as const);
const sizes = {
  wide: { width: 1440, height: 860 },
  medium: { width: 800, height: 860 },
  narrow: { width: 390, height: 780 },
};
type Size = keyof typeof sizes;

/** Writes as the client, then as the operator: messages, a reaction, a thread; a task for Olga; a message only Oleg sees. */
async function converse(slack: WorkspacePage): Promise<void> {
  const { page } = slack;
  await slack.actAs('Carl');
  await slack.openChannel('support-acme');
  await slack.composer.fill('Hello! We need *five more chairs* like those of order `A-1042`');
  await slack.composer.press('Enter');
  await slack.message('five more chairs').waitFor();
  await slack.say('Could you send us an offer by Friday?');
  await slack.actAs('Oleg');
  await slack.openChannel('support-acme');
  await slack.say('Certainly, I am on it.');
  await slack.shortcut(slack.message('by Friday'), 'Start business process');
  await slack.modalTitled('Start business process');
  await slack.choose('Business process', 'Escalate');
  await slack.press('Start');
  await slack.modalTitled('Escalate');
  await slack.fill('Reason', 'The offer needs an approval');
  await slack.choose('Escalate to', 'Olga Operator');
  await slack.press('Start');
  await slack.modal.getByText('Olga Operator').first().waitFor();
  await slack.closeModal();
  const message = slack.message('five more chairs');
  await message.hover();
  await message.getByRole('button', { name: 'Reply in thread' }).click();
  const reply = slack.thread.getByRole('textbox', { name: 'Reply…' });
  await reply.fill('The oak ones?');
  await reply.press('Enter');
  await slack.thread.locator('.message-text', { hasText: 'The oak ones?' }).waitFor();
  await page.keyboard.press('Escape');
}

/** A window of one size and theme, with the means to look at it. */
interface Studio {
  slack: WorkspacePage;
  page: Page;
  size: Size;
  /** Nothing may be wider than the window. Takes a picture if SCREENSHOTS is set. */
  shoot(name: string): Promise<void>;
  /** Opens a conversation, also from the sidebar that a narrow window hides. */
  visit(person: string, channel: string): Promise<void>;
}

async function inConversations({ slack, page, size, shoot, visit }: Studio, picture: string | undefined) {
  await slack.actAs('Oleg');
  if (size === 'narrow') {
    await page.getByRole('button', { name: 'Channels and people' }).click();
    await shoot('sidebar');
    await page.keyboard.press('Escape');
  }
  await visit('Oleg', 'support-acme');
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
  if (picture) await page.screenshot({ path: picture });
  await slack.choose('Business process', 'Escalate');
  await slack.press('Start');
  await slack.modalTitled('Escalate');
  await slack.fill('Reason', '');
  await slack.press('Start');
  await slack.mistake('Reason');
  await shoot('start-form');
  await slack.closeModal();
  for (const [shortcut, name] of [
    ['Live-chat session', 'session-card'],
    ['Why (not) a process?', 'why'],
  ] as const) {
    await slack.shortcut(message, shortcut);
    await slack.modal.getByText('support-acme').first().waitFor();
    await shoot(name);
    await slack.closeModal();
  }
  await message.hover();
  await message.getByRole('button', { name: 'Reply in thread' }).click();
  await slack.thread.locator('.message-text', { hasText: 'The oak ones?' }).waitFor();
  await shoot('thread');
  await slack.thread.getByRole('button', { name: 'Close thread' }).click();
  const checklist = page.getByRole('button', { name: /^First minute/ });
  if ((await checklist.getAttribute('aria-pressed')) === 'false') await checklist.click();
  await shoot('checklist');
  await page.getByRole('button', { name: 'Close first minute' }).click();
  await page.getByRole('button', { name: 'Inspector' }).click();
  await page.locator('.entry').last().click();
  await page.getByText('Payload').or(page.getByText('Arguments')).first().waitFor();
  await shoot('inspector');
  await page.getByRole('button', { name: 'Close inspector' }).click();
  await visit('Oleg', 'desk-activity');
  await slack.message('Escalate').waitFor();
  await shoot('activity');
}

async function withTheApp({ slack, page, shoot, visit }: Studio) {
  await visit('Olga', 'Kickoff');
  await slack.messages.first().waitFor();
  await shoot('messages-of-the-app');
  await page.getByRole('button', { name: 'Home', exact: true }).click();
  await page.locator('.home').getByText('Resolve escalation').first().waitFor();
  await shoot('home');
}

async function asAdministrator({ slack, page, shoot, visit }: Studio) {
  await visit('Anna', 'general');
  await slack.command('/livechat-config');
  const list = await slack.modalTitled('Live chats');
  await list.getByRole('button', { name: 'New live chat' }).waitFor();
  await shoot('live-chats');
  await slack.press('New live chat');
  await slack.modalTitled('New live chat');
  await slack.press('Save');
  await slack.mistake('Name');
  await shoot('new-live-chat');
  await page.keyboard.press('Escape');
  await slack.modalTitled('Live chats');
  await slack.rowAction('Support', 'Business processes');
  await slack.modalTitled('Business processes');
  await slack.modal.getByText('Session closed').waitFor();
  await shoot('business-processes');
  await slack.rowAction("Client's first message →", 'Configure parameters');
  await slack.modalTitled('Input parameters');
  await slack.modal.getByRole('button', { name: 'Save' }).waitFor();
  await shoot('input-parameters');
  await slack.closeModal();
  await page.getByRole('button', { name: /members$/ }).click();
  await slack.modal.getByText('Olga Operator').waitFor();
  await shoot('people');
  await slack.modal.getByRole('button', { name: 'Close' }).first().click();
}

/** Looks at every main view, in the window's size and theme. */
async function picture(browser: Browser, url: string, theme: 'light' | 'dark', size: Size) {
  const { page, complaints } = await openWindow(browser, { viewport: sizes[size], colorScheme: theme });
  const slack = new WorkspacePage(page);
  const studio: Studio = {
    slack,
    page,
    size,
    async shoot(name) {
      await takePicture(page, `${name}-${size}-${theme}`);
      const width = await page.evaluate('document.documentElement.scrollWidth');
      expect(width, `width of ${name}`).toBeLessThanOrEqual(sizes[size].width);
    },
    async visit(person, channel) {
      await slack.actAs(person);
      const channels = page.getByRole('button', { name: 'Channels and people' });
      if (await channels.isVisible()) await channels.click();
      await slack.openChannel(channel);
    },
  };
  await slack.open(url);
  await inConversations(studio, size === 'wide' && theme === 'light' ? readmePicture : undefined);
  await withTheApp(studio);
  await asAdministrator(studio);
  await page.goto(`${url}/crm`);
  await page.getByText('Carl Client').first().waitFor();
  await studio.shoot('crm');
  await page.context().close();
  expect(complaints).toEqual([]);
}

const world = workspaceInBrowser();

test('no main view is wider than its window, wide to narrow', { timeout: 600_000 }, async () => {
  await converse(world.slack);
  for (const theme of themes) {
    for (const size of ['wide', 'medium', 'narrow'] as const)
      await picture(world.browser, world.sandbox.url, theme, size);
  }
});
