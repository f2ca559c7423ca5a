import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { openWindow } from './helpers/chromium.ts';
import { onePerWorker } from './helpers/one-per-worker.ts';
import { WorkspacePage } from './helpers/workspace-page.ts';

const channels = 200;
const messages = 2000;

let browser: Browser;
let sandbox: Sandbox;

// The workspace without an app: the page does not depend on one.
onePerWorker.beforeAll(async ({ chromium }) => {
  browser = chromium;
  sandbox = await startSandbox({ manifest: await readFile('manifest.yml', 'utf8') });
  sandbox.faults.stopRedelivery();
  const { anna, oleg } = sandbox.people;
  for (let number = 1; number <= channels; number += 1) {
    await anna.createChannel(`client-${String(number).padStart(3, '0')}`);
  }
  await anna.invite('general', sandbox.botUserId);
  for (let number = 1; number <= messages; number += 1) {
    await (number % 2 ? anna : oleg).post('general', `Message number ${number}`);
  }
});
afterAll(async () => {
  await sandbox?.close();
});

async function openGeneral() {
  const { page, complaints } = await openWindow(browser);
  const slack = new WorkspacePage(page);
  await slack.open(sandbox.url);
  await slack.actAs('Anna');
  await slack.openChannel('general');
  await slack.message(`Message number ${messages}`).waitFor();
  return { page, slack, complaints };
}

test('200 channels and 2,000 messages can be paged through, and few are rendered at a time', async () => {
  const { page, slack, complaints } = await openGeneral();
  expect(await page.getByRole('navigation', { name: 'Workspace' }).getByRole('link').count()).toBeGreaterThan(channels);
  await page.getByRole('searchbox', { name: 'Find a channel or person' }).fill('client-17');
  await expect.poll(() => page.getByRole('navigation', { name: 'Workspace' }).getByRole('link').count()).toBe(10);

  const scroller = page.locator('.messages-scroll');
  const held = () => page.locator('.message-item').count();
  let most = 0;
  const first = slack.messages.filter({ hasText: /Message number 1$/ });
  await expect
    .poll(
      async () => {
        await scroller.evaluate((element) => element.scrollTo(0, 0));
        most = Math.max(most, await held());
        return first.count();
      },
      { timeout: 90_000, interval: 50 },
    )
    .toBe(1);
  expect(most).toBeLessThanOrEqual(200);
  await page.getByRole('button', { name: 'Jump to the latest' }).click();
  await slack.message(`Message number ${messages}`).waitFor();
  expect(await held()).toBeLessThanOrEqual(200);
  expect(complaints).toEqual([]);
  await page.context().close();
});

test('a message of the app is on the page within 100 ms', async () => {
  const { page, complaints } = await openGeneral();
  // Measured in the page, from the message's timestamp until it is shown; the best of a few, because the machine may be busy.
  const delays: number[] = [];
  for (let round = 0; round < 10; round += 1) {
    const text = `Posted by the app, round ${round}`;
    await page.locator('.messages-content').evaluate((content, wanted) => {
      const { MutationObserver } = content.ownerDocument.defaultView;
      const shownAt = new Promise<number>((resolve) => {
        const observer = new MutationObserver(() => {
          if (!content.textContent?.includes(wanted)) return;
          observer.disconnect();
          resolve(Date.now());
        });
        observer.observe(content, { childList: true, subtree: true });
      });
      Object.assign(globalThis, { shownAt });
    }, text);
    const channel = sandbox.channel('general').id;
    const answer = await fetch(`${sandbox.apiUrl}chat.postMessage`, {
      method: 'POST',
      headers: { authorization: `Bearer ${sandbox.botToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ channel, text }),
    });
    const { ts } = (await answer.json()) as { ts: string };
    const shownAt = await page.evaluate(() => (globalThis as unknown as { shownAt: Promise<number> }).shownAt);
    delays.push(shownAt - Number(ts) * 1000);
  }
  expect(Math.min(...delays)).toBeLessThan(100);
  expect(complaints).toEqual([]);
  await page.context().close();
});
