import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const programs = [
  ...['main', 'check-processes', 'erase-client', 'print-manifest'],
  ...['watchdog/watchdog-thread', 'diagrams/picture-process'],
].map((name) => `src/${name}.ts`);

let checkout: string;
/** A checkout with the names of Kickoff's programs, whose files are short: they load one module when they need it. */
beforeAll(async () => {
  checkout = await mkdtemp(join(tmpdir(), 'kickoff-checkout-'));
  for (const name of ['bundle.mjs', 'package.json']) await cp(name, join(checkout, name));
  await symlink(resolve('node_modules'), join(checkout, 'node_modules'));
  for (const path of programs) await write(path, `await import('${resolve(checkout, 'src/engine.ts')}');\n`);
  await write('demo/main.ts', "await import('../src/engine.ts');\n");
});
afterAll(() => rm(checkout, { recursive: true }));

async function write(path: string, content: string): Promise<void> {
  await mkdir(dirname(join(checkout, path)), { recursive: true });
  await writeFile(join(checkout, path), content);
}

const change = (name: string) => write('src/engine.ts', `export const name = '${name}';\n`);

/** Builds the checkout, and returns the names of the files that have the engine, which the programs load later. */
async function build(): Promise<string[]> {
  await promisify(execFile)(process.execPath, ['bundle.mjs'], { cwd: checkout });
  return (await readdir(join(checkout, 'dist/src'))).filter((name) => /^engine-.*\.js$/.test(name));
}

test('a build keeps the files of the one before, which a Kickoff that starts may still load', async () => {
  await change('one');
  const [first = ''] = await build();
  await change('two');
  const both = await build();
  expect(both).toHaveLength(2);
  expect(both).toContain(first);
  expect(await build()).toEqual(both);
  await change('three');
  const later = await build();
  expect(later).toHaveLength(2);
  expect(later).not.toContain(first);
}, 60_000);
