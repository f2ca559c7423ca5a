import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { makeDataDirectory } from '../helpers/data-directory.ts';
import { type KickoffProcess, killProcesses, ProcessLog, shortLived, startKickoffProcess } from '../helpers/process.ts';

/** Timeout for a start, in milliseconds. */
const startMs = 60_000;

let sandbox: Sandbox;
let directory: string;
beforeAll(async () => {
  sandbox = await startSandbox({ manifest: await readFile('manifest.yml', 'utf8') });
  directory = await makeDataDirectory();
});
afterEach(() => killProcesses());
afterAll(async () => {
  await sandbox.close();
  await rm(directory, { recursive: true, force: true });
});

function environment(overrides: Record<string, string> = {}): Record<string, string> {
  return {
    SLACK_BOT_TOKEN: sandbox.botToken,
    SLACK_API_URL: sandbox.apiUrl,
    SLACK_SIGNING_SECRET: sandbox.signingSecret,
    DATA_DIR: directory,
    PORT: '0',
    ...overrides,
  };
}

async function endedWithin(kickoff: KickoffProcess, ms: number): Promise<number | NodeJS.Signals> {
  const begun = performance.now();
  const how = await kickoff.ended;
  expect(performance.now() - begun).toBeLessThan(ms);
  return how;
}

const isHealthy = async ({ port }: KickoffProcess) => (await fetch(`http://127.0.0.1:${port}/healthz`)).ok;

describe('a Kickoff that misbehaves', () => {
  const start = (way: string, log: ProcessLog) =>
    startKickoffProcess(environment({ MISBEHAVE: way }), log, {
      nodeOptions: [...shortLived, '--import', './test/helpers/misbehave.mjs'],
    });

  test.each([
    ['sleep', 10_000],
    // It takes 5 s of processor time, which can be long while other tests run.
    ['loop', 60_000],
  ])(
    'SIGTERM ends a process whose main thread is blocked (%s)',
    async (way, ms) => {
      const log = new ProcessLog();
      const kickoff = await start(way, log);
      process.kill(kickoff.pid, 'SIGUSR2');
      process.kill(kickoff.pid, 'SIGTERM');
      expect(await endedWithin(kickoff, ms)).toBe('SIGKILL');
      expect(log.lines.at(-1)).toMatchObject({
        level: 60,
        msg: expect.stringContaining('main thread has been blocked'),
      });
    },
    startMs + 60_000,
  );

  test('an uncaught exception is logged in one line without content, and ends Kickoff in order', async () => {
    const log = new ProcessLog();
    const kickoff = await start('throw', log);
    const from = log.lines.length;
    process.kill(kickoff.pid, 'SIGUSR2');
    expect(await endedWithin(kickoff, 10_000)).toBe(1);
    expect(log.lines.slice(from).map(({ level, msg }) => [level, msg])).toEqual([
      [60, 'uncaught exception: Kickoff exits'],
      [30, 'stopping'],
    ]);
    expect(log.text).not.toContain('confidential');
  });

  test.each([
    ['reject', 'unhandled promise rejection'],
    ['reset', 'unhandled connection error'],
  ])('%s is logged in one line without content, and Kickoff continues', async (way, line) => {
    const log = new ProcessLog();
    const kickoff = await start(way, log);
    const from = log.lines.length;
    process.kill(kickoff.pid, 'SIGUSR2');
    await log.says(line, { from });
    expect(await isHealthy(kickoff)).toBe(true);
    expect(log.lines).toHaveLength(from + 1);
    expect(log.text).not.toContain('confidential');
    expect(await kickoff.terminate()).toBe(0);
  });
});

describe('SIGTERM ends with 0', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });
  const portOf = async (server: Server) => {
    servers.push(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return (server.address() as AddressInfo).port;
  };

  test.each<[string, string, () => Promise<Record<string, string>>]>([
    [
      'while the database refuses connections',
      'waiting for the database',
      async () => ({ DATABASE_URL: 'postgres://x@127.0.0.1:1/x' }),
    ],
    [
      'while the database takes connections and does not answer',
      'opening the database',
      async () => ({ DATABASE_URL: `postgres://x@127.0.0.1:${await portOf(createTcpServer(() => {}))}/x` }),
    ],
    [
      'while Slack does not answer',
      'connecting to Slack',
      async () => ({ SLACK_API_URL: `http://127.0.0.1:${await portOf(createServer(() => {}))}/` }),
    ],
    [
      'while Slack fails',
      'waiting for Slack',
      async () => ({
        SLACK_API_URL: `http://127.0.0.1:${await portOf(createServer((_, response) => response.writeHead(500).end()))}/`,
      }),
    ],
    ['while files are loaded', 'loading processes', async () => ({})],
    ['when Kickoff is ready', 'Kickoff is ready', async () => ({})],
  ])('%s', async (_, line, overrides) => {
    const log = new ProcessLog();
    const kickoff = await startKickoffProcess(environment(await overrides()), log, { untilReady: false });
    await log.says(line, { timeoutMs: startMs });
    const end = endedWithin(kickoff, 10_000);
    process.kill(kickoff.pid, 'SIGTERM');
    expect(await end).toBe(0);
    expect(log.text).not.toContain('cannot start');
  });
});

test(
  'npm start hands SIGTERM on to Kickoff',
  async () => {
    const log = new ProcessLog();
    const npm = spawn('npm', ['start', '--ignore-scripts'], {
      env: { PATH: process.env.PATH, ...environment() },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    createInterface(npm.stdout).on('line', (line) => log.add(line));
    const ended = once(npm, 'exit');
    const { text } = await log.says('Kickoff is ready', { timeoutMs: startMs });
    npm.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    // Kickoff's own process has ended as well.
    expect(() => process.kill(JSON.parse(text).pid, 0)).toThrow('ESRCH');
  },
  startMs,
);
