import { test } from 'vitest';
import { launchChromium } from './chromium.ts';
import { startSandboxProcess } from './running-sandbox.ts';

/**
 * Its hooks are given what the files of a worker share. Each is started for the first hook that asks for it, and ended with the
 * worker.
 */
export const onePerWorker = test
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads there which others are needed.
  .extend('chromium', { scope: 'worker' }, async ({}, { onCleanup }) => {
    const chromium = await launchChromium();
    onCleanup(() => chromium.close());
    return chromium;
  })
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads there which others are needed.
  .extend('sandbox', { scope: 'worker' }, async ({}, { onCleanup }) => {
    const sandbox = await startSandboxProcess();
    onCleanup(() => sandbox.stop());
    return sandbox;
  });
