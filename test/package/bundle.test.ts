import { execFile } from 'node:child_process';
import { appendFile, cp, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

let checkout: string;
beforeAll(async () => {
  checkout = await mkdtemp(join(tmpdir(), 'kickoff-checkout-'));
  for (const name of ['bundle.mjs', 'package.json', 'src', 'demo', 'sandbox']) {
    await cp(name, join(checkout, name), { recursive: true, filter: (path) => !path.includes('node_modules') });
  }
  await symlink(resolve('node_modules'), join(checkout, 'node_modules'));
}, 60_000);
afterAll(() => rm(checkout, { recursive: true }));

/** Builds the checkout, and returns the names of the files that have the embedded engine, which Kickoff loads as it starts. */
async function build(): Promise<string[]> {
  await promisify(execFile)(process.execPath, ['bundle.mjs'], { cwd: checkout });
  return (await readdir(join(checkout, 'dist/src'))).filter((name) => /^embedded-engine-.*\.js$/.test(name));
}

const change = () =>
  appendFile(join(checkout, 'src/engines/embedded/embedded-engine.ts'), `\nglobalThis.name += '${Math.random()}';\n`);

test('a build keeps the files of the one before, which a Kickoff that starts may still load', async () => {
  const [first = ''] = await build();
  await change();
  const both = await build();
  expect(both).toHaveLength(2);
  expect(both).toContain(first);
  expect(await build()).toEqual(both);
  await change();
  const later = await build();
  expect(later).toHaveLength(2);
  expect(later).not.toContain(first);
}, 60_000);
