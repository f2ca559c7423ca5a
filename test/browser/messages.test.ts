import type { Locator } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { workspaceInBrowser } from './helpers/workspace-in-browser.ts';

const world = workspaceInBrowser();

async function inSupport(person: string) {
  await world.slack.actAs(person);
  await world.slack.openChannel('support-acme');
}

/** Gives a file to the composer, like a paste, a drop or a drag with the mouse. */
async function give(event: 'paste' | 'drop', target: Locator, name: string, content: string) {
  const data = await world.slack.page.locator('html').evaluateHandle(
    (html, [fileName, text]) => {
      const transfer = new html.ownerDocument.defaultView.DataTransfer();
      transfer.items.add(new File([text], fileName, { type: 'text/plain' }));
      return transfer;
    },
    [name, content] as const,
  );
  if (event === 'drop') return target.dispatchEvent('drop', { dataTransfer: data });
  await target.evaluate((element, clipboardData) => {
    const { ClipboardEvent } = element.ownerDocument.defaultView;
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, data);
}

/** The smallest possible PNG. */
const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

describe('files', () => {
  test('are chosen, pasted and dropped, removed again, and read unchanged by others', async () => {
    const { slack } = world;
    await inSupport('Carl');
    const chooser = slack.page.waitForEvent('filechooser');
    await slack.page.getByRole('button', { name: 'Attach files' }).click();
    await (await chooser).setFiles([
      { name: 'chair.png', mimeType: 'image/png', buffer: picture },
      { name: 'wrong.txt', mimeType: 'text/plain', buffer: Buffer.from('wrong') },
    ]);
    await give('paste', slack.composer, 'pasted.txt', 'from the clipboard');
    await give('drop', slack.composer, 'prüfung 🪑.txt', 'from the desktop');
    await slack.page.getByRole('button', { name: 'Remove wrong.txt' }).click();
    await expect.poll(() => slack.page.locator('.composer .file-chip').count()).toBe(3);
    await expect.poll(() => slack.page.getByText('Uploading…').count()).toBe(0);
    const message = await slack.say('This is the broken chair');
    expect(await message.locator('.message-files > li').count()).toBe(3);
    expect(await slack.page.locator('.composer .file-chip').count()).toBe(0);

    await inSupport('Oleg');
    const read = slack.message('This is the broken chair');
    const image = read.getByRole('img', { name: 'chair.png' });
    await expect
      .poll(() => image.evaluate((shown) => (shown as unknown as { naturalWidth: number }).naturalWidth))
      .toBe(1);
    const download = slack.page.waitForEvent('download');
    await read.getByRole('link', { name: 'prüfung 🪑.txt' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe('prüfung 🪑.txt');
    const chunks: Buffer[] = [];
    for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toBe('from the desktop');
  });

  test('a file without text is a message, and a file dropped beside the composer is attached as well', async () => {
    const { slack } = world;
    await inSupport('Carl');
    await slack.say('before the file');
    const body = slack.page.locator('body');
    await body.evaluate((element) => {
      const read = Blob.prototype.arrayBuffer;
      const held = new Promise<void>((resolve) =>
        element.addEventListener('read-files', () => resolve(), { once: true }),
      );
      Blob.prototype.arrayBuffer = async function () {
        await held;
        return read.call(this);
      };
    });
    await give('drop', slack.page.getByRole('main').locator('.messages-scroll'), 'alone.txt', 'alone');
    await slack.page.locator('.composer .file-chip').getByText('alone.txt').waitFor();
    const send = slack.page.getByRole('button', { name: 'Send message' });
    expect(await send.isDisabled(), 'until the file is uploaded').toBe(true);
    await body.evaluate((element) => element.dispatchEvent(new Event('read-files')));
    await send.click();
    await slack.messages.getByRole('link', { name: 'alone.txt' }).waitFor();
  });
});

describe('one’s own message', () => {
  test('is edited and deleted only by its author, and Escape cancels editing', async () => {
    const { slack } = world;
    await inSupport('Oleg');
    await slack.composer.fill('Tomorow at *ten*');
    await slack.composer.press('Enter');
    await slack.messageAction(slack.message('Tomorow at ten'), 'Edit message');
    const editor = slack.page.getByRole('textbox', { name: 'Edit message' });
    expect(await editor.inputValue()).toBe('Tomorow at *ten*');
    await editor.fill('something else');
    await editor.press('Escape');
    await slack.message('Tomorow at ten').waitFor();
    await slack.messageAction(slack.message('Tomorow at ten'), 'Edit message');
    await editor.fill('Tomorrow at *ten*');
    await editor.press('Enter');
    const edited = slack.message('Tomorrow at ten');
    await edited.getByText('(edited)').waitFor();

    await inSupport('Carl');
    await slack.message('Tomorrow at ten').hover();
    await slack.message('Tomorrow at ten').getByRole('button', { name: 'Reply in thread' }).waitFor();
    expect(await slack.page.getByRole('button', { name: 'More actions' }).count()).toBe(0);

    await inSupport('Oleg');
    await slack.messageAction(edited, 'Delete message…');
    await slack.confirm('Cancel');
    await edited.waitFor();
    await slack.messageAction(edited, 'Delete message…');
    await slack.confirm('Delete');
    await edited.waitFor({ state: 'detached' });
  });
});

test('reactions are added, joined and taken back', async () => {
  const { slack } = world;
  await inSupport('Oleg');
  const message = await slack.say('Cake in the kitchen');
  await message.hover();
  await message.getByRole('toolbar').getByRole('button', { name: 'Add reaction' }).click();
  await slack.page.getByRole('searchbox', { name: 'Search emoji' }).fill('tada');
  await slack.page.getByRole('button', { name: 'tada' }).click();
  const reaction = message.getByRole('button', { name: /^tada: / });
  await expect.poll(() => reaction.getAttribute('aria-pressed')).toBe('true');
  await inSupport('Carl');
  await slack.message('Cake').getByRole('button', { name: 'tada: 1' }).click();
  await slack.message('Cake').getByRole('button', { name: 'tada: 2', pressed: true }).click();
  await slack.message('Cake').getByRole('button', { name: 'tada: 1', pressed: false }).waitFor();
});

test('replies in a thread are counted, and can be sent to the channel as well', async () => {
  const { slack } = world;
  await inSupport('Oleg');
  const root = await slack.say('Who takes the late shift?');
  await root.hover();
  await root.getByRole('button', { name: 'Reply in thread' }).click();
  const reply = slack.thread.getByRole('textbox', { name: 'Reply…' });
  await reply.fill('Not me');
  await reply.press('Enter');
  await slack.thread.locator('.message-text', { hasText: 'Not me' }).waitFor();
  await root.getByRole('button', { name: /1 reply/ }).waitFor();
  await slack.thread.getByRole('checkbox', { name: 'Also send to #support-acme' }).check();
  await reply.fill('Olga does');
  await reply.press('Enter');
  await slack.message('Olga does').getByRole('button', { name: 'Reply in a thread' }).waitFor();
  await root.getByRole('button', { name: /2 replies/ }).waitFor();
  expect(await slack.messages.filter({ hasText: 'Not me' }).count()).toBe(0);
  // A person can also delete their own reply.
  const own = slack.thread.getByRole('listitem').filter({ hasText: 'Not me' });
  await slack.messageAction(own, 'Delete message…');
  await slack.confirm('Delete');
  await root.getByRole('button', { name: /1 reply/ }).waitFor();
});
