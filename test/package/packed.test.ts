import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { killProcesses, ProcessLog, startKickoffProcess } from '../helpers/process.ts';
import { readDockerfile, textsOf } from './dockerfile.ts';

const run = promisify(execFile);
const [, install, image] = readDockerfile();

let directory: string;
/** The directory of the installed package, /app in the image. */
let app: string;
let sandbox: Sandbox | undefined;

/** Packs the build, and installs it with the steps of the Dockerfile's second stage. */
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kickoff-package-'));
  app = join(directory, 'package');
  await run('npm', ['run', '--silent', 'notices']);
  await run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', directory]);
  await run('sh', ['-c', 'tar -xzf kickoff-*.tgz'], { cwd: directory });
  await copyFile('package-lock.json', join(app, 'package-lock.json'));
  for (const step of textsOf(install, 'RUN')) await run('sh', ['-c', step], { cwd: app });
}, 180_000);
afterAll(async () => {
  await killProcesses();
  await sandbox?.close();
  await rm(directory, { recursive: true, force: true });
});

test('the package holds the program and what operators need, and nothing of its development', async () => {
  expect((await readdir(app)).sort()).toEqual(
    [
      ...['.env.example', 'CHANGELOG.md', 'LICENSE', 'README.md', 'THIRD-PARTY-NOTICES.txt'],
      ...['deploy', 'dist', 'docs', 'manifest.http.yml', 'manifest.yml', 'migrations', 'node_modules'],
      ...['package-lock.json', 'package.json', 'processes'],
    ].sort(),
  );
  expect(await readdir(join(app, 'dist'))).toEqual(['src']);
});

test('the installed package has no development tools, and fits into an image of 250 MB', async () => {
  const { dependencies, devDependencies } = JSON.parse(await readFile('package.json', 'utf8'));
  const sandbox = JSON.parse(await readFile('sandbox/package.json', 'utf8'));
  const forDevelopment = Object.keys({ ...devDependencies, ...sandbox.dependencies, ...sandbox.devDependencies });
  const installed = await readdir(join(app, 'node_modules'), { recursive: true });
  // ws is a development dependency for the sandbox, and also a dependency of Slack's library.
  const others = forDevelopment.filter((name) => name !== 'ws' && !(name in dependencies));
  expect(others.filter((name) => installed.includes(name))).toEqual([
    '@types/node',
    // Optional peers of drizzle-orm, which npm installs because the lock file has them.
    '@types/pg',
    'postgres',
  ]);
  const { stdout } = await run('du', ['-sk', app]);
  // node:24-alpine takes some 165 MB.
  expect(Number.parseInt(stdout, 10) / 1024).toBeLessThan(115);
});

test('the notices name every package that is installed', async () => {
  const notices = await readFile(join(app, 'THIRD-PARTY-NOTICES.txt'), 'utf8');
  const { packages } = JSON.parse(await readFile(join(app, 'node_modules/.package-lock.json'), 'utf8'));
  const names = Object.keys(packages).map((path) => path.replace(/^.*node_modules\//, ''));
  expect(names.length).toBeGreaterThan(100);
  expect(names.filter((name) => !notices.includes(`\n${name} `) && !notices.startsWith(`${name} `))).toEqual([]);
});

test('it starts like the image, is healthy, changes nothing in its own folder, and ends in order', async () => {
  sandbox = await startSandbox({ manifest: await readFile('manifest.yml', 'utf8') });
  const before = (await readdir(app, { recursive: true })).sort();
  const [node, ...command] = JSON.parse(textsOf(image, 'CMD')[0] ?? '');
  expect(node).toBe('node');
  const environment = {
    SLACK_BOT_TOKEN: sandbox.botToken,
    SLACK_APP_TOKEN: sandbox.appToken,
    SLACK_API_URL: sandbox.apiUrl,
    // A new one: what is installed must be able to create a database.
    DATA_DIR: join(directory, 'data'),
    NODE_ENV: 'production',
    PORT: '0',
  };
  const kickoff = await startKickoffProcess(environment, new ProcessLog(), {
    cwd: app,
    nodeOptions: command.slice(0, -1),
    entry: command.at(-1),
  });
  const { status } = await fetch(`http://127.0.0.1:${kickoff.port}/readyz`);
  expect(status).toBe(200);
  const [program, ...check] = JSON.parse(textsOf(image, 'HEALTHCHECK')[0]?.replace(/^.* CMD /, '') ?? '');
  const checkHealth = () => run(program, check, { env: { PATH: process.env.PATH, PORT: String(kickoff.port) } });
  await checkHealth();
  expect((await readdir(app, { recursive: true })).sort()).toEqual(before);
  expect(await kickoff.terminate()).toBe(0);
  await expect(checkHealth()).rejects.toMatchObject({ code: 1 });
});
