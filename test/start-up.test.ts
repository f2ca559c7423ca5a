import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve as resolvePath } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeDataDirectory } from './helpers/data-directory.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kickoff-start-up-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** Kickoff's output and exit code when it cannot start. */
function startUp(
  environment: Record<string, string>,
  cwd = process.cwd(),
  entry = 'demo',
): Promise<{ code: unknown; said: string }> {
  const env = {
    PATH: process.env.PATH,
    DATA_DIR: join(directory, 'data'),
    PORT: '0',
    LOG_LEVEL: 'fatal',
    ...environment,
  };
  return new Promise((resolve) => {
    execFile(process.execPath, [resolvePath(`dist/${entry}/main.js`)], { env, cwd }, (error, _, said) =>
      resolve({ code: error?.code, said }),
    );
  });
}

test('a port that is taken is one readable line that names the variable', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  expect(await startUp({ PORT: String(port) })).toEqual({
    code: 1,
    said: `Kickoff cannot start: PORT ${port} is in use by another program. Stop it, or choose another PORT.\n`,
  });
  other.close();
});

test('PROCESSES_DIR that does not exist is reported in one line', async () => {
  expect(await startUp({ PROCESSES_DIR: join(directory, 'none') })).toEqual({
    code: 1,
    said: 'PROCESSES_DIR must be an existing folder\n',
  });
});

test('DATA_DIR that cannot be a folder is reported in one line', async () => {
  const file = join(directory, 'file');
  await writeFile(file, '');
  const { code, said } = await startUp({ DATA_DIR: file });
  expect(code).toBe(1);
  expect(said).toMatch(new RegExp(`^Kickoff cannot start: DATA_DIR ${file}\\S* cannot be used: not a directory\n$`));
});

test('`.env` is read, and existing variables take precedence', async () => {
  await writeFile(join(directory, '.env'), 'KICKOFF_ADMINS=anna\nLOG_LEVEL=loud\n');
  const { code, said } = await startUp({ PROCESSES_DIR: directory }, directory);
  expect(code).toBe(1);
  expect(said).toBe('KICKOFF_ADMINS must list Slack user ids (U…) and user-group ids (S…), not “anna”\n');
});

test('a production install without a token is one readable line', async () => {
  expect(await startUp({}, process.cwd(), 'src')).toEqual({
    code: 1,
    said: 'SLACK_BOT_TOKEN is not set (the sandbox workspace is in a checkout: npm start)\n',
  });
});

test('erase-client explains its arguments, and prints what it erased', { timeout: 60_000 }, async () => {
  const dataDir = await makeDataDirectory({ inSandbox: true });
  const erase = (argument: string, from = dataDir) =>
    promisify(execFile)(process.execPath, [resolvePath('dist/src/erase-client.js'), argument], {
      env: { PATH: process.env.PATH, DATA_DIR: from },
    });
  await expect(erase('gina')).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Give the Slack user id of one person'),
  });
  const elsewhere = join(directory, 'elsewhere');
  await expect(erase('U0GINA00001', elsewhere)).rejects.toMatchObject({
    code: 1,
    stderr: `Nothing was erased: there is no database in ${elsewhere}/sandbox (the sandbox’s directory, because SLACK_BOT_TOKEN is not set)\n`,
  });
  expect(existsSync(elsewhere)).toBe(false);
  const { stdout } = await erase('U0GINA00001');
  expect(stdout).toContain('Erased of U0GINA00001:\n  0 messages in transcripts\n');
  await rm(dataDir, { recursive: true });
});
