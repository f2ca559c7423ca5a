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
  afterAll(() => killProcesses());
  const start = (ways: string, log: ProcessLog, overrides?: Record<string, string>) =>
    startKickoffProcess(environment({ MISBEHAVE: ways, ...overrides }), log, {
      nodeOptions: [...shortLived, '--import', './test/helpers/misbehave.mjs'],
    });

  // Both at the same time, because the watchdog waits for seconds, and one of them uses no processor meanwhile.
  describe('SIGTERM ends a process whose main thread is blocked', { concurrent: true }, () => {
    test.each([
      ['sleep', 10_000],
      // It takes 5 s of processor time, which can be long while other tests run.
      ['loop', 60_000],
    ])(
      '%s',
      async (way, ms) => {
        const dataDir = await makeDataDirectory();
        const log = new ProcessLog();
        const kickoff = await start(way, log, { DATA_DIR: dataDir });
        process.kill(kickoff.pid, 'SIGUSR2');
        process.kill(kickoff.pid, 'SIGTERM');
        expect(await endedWithin(kickoff, ms)).toBe('SIGKILL');
        expect(log.lines.at(-1)).toMatchObject({
          level: 60,
          msg: expect.stringContaining('main thread has been blocked'),
        });
        await rm(dataDir, { recursive: true });
      },
      startMs + 60_000,
    );
  });

  test('an error that nobody handles is logged in one line without content, and an exception ends Kickoff in order', async () => {
    const log = new ProcessLog();
    const kickoff = await start('reject reset throw', log);
    const from = log.lines.length;
    for (const line of ['unhandled promise rejection', 'unhandled connection error']) {
      process.kill(kickoff.pid, 'SIGUSR2');
      await log.says(line, { from });
      expect(await isHealthy(kickoff)).toBe(true);
    }
    process.kill(kickoff.pid, 'SIGUSR2');
    expect(await endedWithin(kickoff, 10_000)).toBe(1);
    expect(log.lines.slice(from).map(({ level, msg }) => [level, msg])).toEqual([
      [50, 'unhandled promise rejection'],
      [50, 'unhandled connection error'],
      [60, 'uncaught exception: Kickoff exits'],
      [30, 'stopping'],
    ]);
    expect(log.text).not.toContain('confidential');
  });
});

describe('SIGTERM ends with 0', () => {
  const servers: Server[] = [];
  afterEach(async () => {
    await killProcesses();
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
  'npm start hands SIGTERM on to Kickoff, which ends with 0 when it is ready',
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
