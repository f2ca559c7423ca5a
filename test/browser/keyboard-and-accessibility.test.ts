import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { seriousViolations } from './helpers/serious-violations.ts';
import { workspaceInBrowser } from './helpers/workspace-in-browser.ts';

const world = workspaceInBrowser();

/** The focused element's accessible name. */
function focused(page: Page): Promise<string> {
  return page.locator('html').evaluate((html) => {
    const element = html.ownerDocument.activeElement;
    const [label] = element?.labels ?? [];
    return (element?.getAttribute('aria-label') ?? label?.textContent ?? element?.textContent ?? '').trim();
  });
}

/** Presses Tab until an element of this name has the focus. */
async function tabTo(page: Page, name: RegExp, key = 'Tab'): Promise<void> {
  for (let tries = 0; tries < 80; tries += 1) {
    if (name.test(await focused(page))) return;
    await page.keyboard.press(key);
  }
  throw new Error(`No ${name} within 80 tabs, but ${await focused(page)}`);
}

describe('the keyboard alone', () => {
  test('goes to a channel, opens a modal, moves, chooses, submits; Escape closes and the focus goes back', async () => {
    const { page } = world.slack;
    const { keyboard } = page;
    await page.locator('html').evaluate((html) => html.ownerDocument.activeElement?.blur());
    await tabTo(page, /^Anna/);
    await keyboard.press('Enter');
    await tabTo(page, /^#?general$/);
    await keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'general' }).waitFor();
    await tabTo(page, /^Message #general$/);
    // Completes a command.
    await keyboard.type('/live');
    await page.getByRole('option', { name: /livechat-config/ }).waitFor();
    await keyboard.press('Enter');
    await keyboard.press('Enter');
    const list = await world.slack.modalTitled('Live chats');
    // The focus stays within the modal when it wraps around.
    await tabTo(page, /^New live chat$/);
    for (let step = 0; step < 12; step += 1) {
      await keyboard.press('Tab');
      const inside = await list.evaluate((dialog) => {
        const { activeElement, body } = dialog.ownerDocument;
        return dialog.contains(activeElement) || activeElement === body;
      });
      expect(inside).toBe(true);
    }
    await tabTo(page, /^New live chat$/);
    await keyboard.press('Enter');
    await world.slack.modalTitled('New live chat');
    await expect.poll(() => focused(page)).toBe('Name');
    await keyboard.type('By keyboard');
    // Chooses a radio button with the arrow keys.
    await tabTo(page, /^Channels by name|^$/);
    await keyboard.press('ArrowDown');
    await page.getByRole('combobox', { name: 'Channels' }).waitFor();
    // Chooses in a select by typing and arrow keys.
    await tabTo(page, /^Channels/);
    await keyboard.type('lunch');
    await page.getByRole('option', { name: 'team-lunch' }).waitFor();
    await keyboard.press('Enter');
    await page.locator('.chip', { hasText: 'team-lunch' }).waitFor();
    await keyboard.press('Escape');
    await tabTo(page, /^Operators/);
    await keyboard.type('Oleg');
    await page.getByRole('option', { name: 'Oleg Operator' }).waitFor();
    await keyboard.press('Enter');
    await page.locator('.chip', { hasText: 'Oleg Operator' }).waitFor();
    await tabTo(page, /^Save$/);
    await keyboard.press('Enter');
    await (await world.slack.modalTitled('Live chats')).getByText('By keyboard').waitFor();
    // The menu of a row: arrow keys move in it, Escape closes only the menu.
    await tabTo(page, /^More actions: By keyboard/);
    await keyboard.press('Enter');
    await expect.poll(() => focused(page)).toBe('Settings');
    await keyboard.press('ArrowDown');
    expect(await focused(page)).toBe('Business processes');
    await keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    expect(await world.slack.modal.isVisible()).toBe(true);
    expect(await focused(page)).toContain('More actions: By keyboard');
    await keyboard.press('Escape');
    await world.slack.modal.waitFor({ state: 'detached' });
    await expect.poll(() => focused(page)).toBe('Message #general');
  });

  test('uses a message’s menu: arrows between messages, Tab into the toolbar', async () => {
    const { page } = world.slack;
    const { keyboard } = page;
    await world.slack.actAs('Oleg');
    await world.slack.openChannel('general');
    await world.slack.say('First of two');
    await world.slack.say('Second of two');
    await keyboard.press('Shift+Tab');
    await keyboard.press('ArrowUp');
    expect(await focused(page)).toContain('First of two');
    await tabTo(page, /^More actions$/);
    await keyboard.press('Enter');
    await expect.poll(() => focused(page)).toContain('Start business process');
    await keyboard.press('Enter');
    await world.slack.modalTitled('Start business process');
    await keyboard.press('Escape');
    await world.slack.modal.waitFor({ state: 'detached' });
  });

  test('the focused element is always visible as such', async () => {
    const { page } = world.slack;
    for (let step = 0; step < 25; step += 1) {
      await page.keyboard.press('Tab');
      const shown = await page.locator('html').evaluate((html) => {
        const { activeElement: active, body, defaultView } = html.ownerDocument;
        const candidates = [active, active?.closest('.combobox, .composer'), active?.firstElementChild];
        const isVisible = candidates.some((element) => {
          if (!element) return false;
          const { outlineStyle, boxShadow } = defaultView.getComputedStyle(element);
          return outlineStyle !== 'none' || boxShadow !== 'none';
        });
        return active === body || isVisible;
      });
      expect(shown, await focused(page)).toBe(true);
    }
  });
});

describe('axe finds nothing serious, light and dark', () => {
  test('in conversations, threads, modals, menus and the inspector', async () => {
    const { slack } = world;
    const { page } = slack;
    await slack.actAs('Oleg');
    await slack.openChannel('general');
    await slack.composer.fill('Look: *bold*, `code`, https://acme.example, @olga, :tada:');
    await slack.composer.press('Enter');
    const message = slack.message('Look:');
    await slack.page.getByRole('button', { name: 'Inspector' }).click();
    await message.hover();
    await message.getByRole('button', { name: 'Reply in thread' }).click();
    await slack.thread.getByRole('textbox', { name: 'Reply…' }).fill('A reply');
    await slack.thread.getByRole('textbox', { name: 'Reply…' }).press('Enter');
    await slack.thread.locator('.message-text', { hasText: 'A reply' }).waitFor();
    expect(await seriousViolations(page)).toEqual([]);

    await message.hover();
    await message.getByRole('button', { name: 'More actions' }).click();
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');

    await slack.actAs('Anna');
    await slack.openChannel('general');
    await slack.command('/livechat-config');
    await slack.modalTitled('Live chats');
    expect(await seriousViolations(page)).toEqual([]);
    await slack.press('New live chat');
    await slack.modalTitled('New live chat');
    await slack.press('Save');
    await slack.mistake('Name');
    await slack.modal.getByRole('combobox', { name: 'Operators' }).click();
    await page.getByRole('option', { name: 'Olga Operator' }).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await slack.closeModal();
    await page.setViewportSize({ width: 390, height: 780 });
    await page.getByRole('button', { name: 'Channels and people' }).click();
    expect(await seriousViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
  });
});
