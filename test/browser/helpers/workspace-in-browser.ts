import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, afterEach, beforeEach, expect } from 'vitest';
import { openWindow, type WatchedPage } from './chromium.ts';
import { onePerWorker } from './one-per-worker.ts';
import { type RunningSandbox, startSandboxProcess } from './running-sandbox.ts';
import { WorkspacePage } from './workspace-page.ts';

export interface WorkspaceInBrowser {
  readonly slack: WorkspacePage;
  readonly sandbox: RunningSandbox;
  readonly browser: Browser;
  /** Removes console complaints that a test expects. */
  forgive(complaint: RegExp): void;
}

/** The sandboxes that a file has used. */
const used = new WeakSet<RunningSandbox>();

/**
 * One Kickoff in its untouched sandbox for the tests of a file, and a new window for each test, whose console must stay empty.
 * The last screenshot of a failed test is in `screenshots/failed`. Files that set no environment use the same process, one
 * after the other.
 */
export function workspaceInBrowser(
  options: { environment?: () => Promise<Record<string, string>>; window?: BrowserContextOptions } = {},
): WorkspaceInBrowser {
  let browser: Browser;
  let sandbox: RunningSandbox;
  let watched: WatchedPage;
  let slack: WorkspacePage;
  if (options.environment) {
    const { environment } = options;
    onePerWorker.beforeAll(async ({ chromium }) => {
      browser = chromium;
      sandbox = await startSandboxProcess(await environment());
    });
    afterAll(() => sandbox?.stop());
  } else {
    onePerWorker.beforeAll(async ({ chromium, sandbox: shared }) => {
      browser = chromium;
      if (used.has(shared)) await shared.reset();
      used.add(shared);
      sandbox = shared;
    });
  }
  beforeEach(async () => {
    watched = await openWindow(browser, options.window);
    slack = new WorkspacePage(watched.page);
    await slack.open(sandbox.url);
  });
  afterEach(async ({ task }) => {
    const failed = task.result?.state === 'fail';
    const picture = `screenshots/failed/${task.name.replace(/\W+/g, '-')}.png`;
    if (failed) await watched.page.screenshot({ path: picture });
    await slack.closeModals().catch((error: unknown) => {
      if (!failed) throw error;
    });
    await watched.page.context().close();
    if (failed) return;
    expect(watched.complaints).toEqual([]);
  });
  return {
    get slack() {
      return slack;
    },
    get sandbox() {
      return sandbox;
    },
    get browser() {
      return browser;
    },
    forgive(complaint) {
      watched.complaints.splice(0, Infinity, ...watched.complaints.filter((one) => !complaint.test(one)));
    },
  };
}
