import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

/** Modules that the production program loads before it reads its configuration; it ends there without a token. */
function loadedModules(): string[] {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', pathToFileURL('test/helpers/note-loaded.mjs').href, 'dist/src/main.js'],
    { encoding: 'utf8', env: { PATH: process.env.PATH } },
  );
  expect(stderr).toContain('SLACK_BOT_TOKEN is not set');
  return stdout.split('\n');
}

const packageOf = (url: string) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];

test('a start loads few files of Kickoff, and only the packages that every Kickoff uses', () => {
  const modules = loadedModules().filter((url) => url.startsWith('file:'));
  const packages = new Set(modules.flatMap((url) => packageOf(url) ?? []));
  expect([...packages].sort()).toEqual([
    ...['@formatjs/fast-memoize', '@formatjs/icu-messageformat-parser', '@formatjs/icu-skeleton-parser'],
    ...['@slack/bolt', '@slack/web-api', 'drizzle-orm', 'intl-messageformat', 'lossless-json', 'lru-cache', 'p-limit'],
    ...['pino', 'prom-client', 're2js', 'temporal-polyfill', 'temporal-utils', 'undici', 'yocto-queue'],
    ...['zod'],
  ]);
  expect(modules.filter((url) => url.includes('/dist/')).length).toBeLessThan(40);
});
