import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeDataDirectory } from '../helpers/data-directory.ts';
import { createPostgresDatabase } from '../helpers/database.ts';
import * as b from './diagram-builder.ts';
import { writeFolder } from './embedded-world.ts';

const instances = 10;
const hostile = 4;
let environment: NodeJS.ProcessEnv;
let close: () => Promise<void>;
let child: ChildProcess | undefined;

beforeEach(async () => {
  const processesDir = await writeFolder({
    'jobs.bpmn': b.process([b.start(), b.job('job'), b.end(), b.flow('start -> job -> end')], { id: 'jobs' }),
  });
  const dataDir = await makeDataDirectory();
  const database = process.env.TEST_DATABASE_URL ? await createPostgresDatabase() : undefined;
  environment = {
    PATH: process.env.PATH,
    ...(database && { DATABASE_URL: database.url }),
    DATA_DIR: dataDir,
    PROCESSES_DIR: processesDir,
    INSTANCES: String(instances),
    HOSTILE: String(hostile),
  };
  close = async () => {
    await database?.drop();
    for (const folder of [processesDir, dataDir]) await rm(folder, { recursive: true });
  };
});
afterEach(async () => {
  child?.kill('SIGKILL');
  await close();
});

/** Runs an engine until it ends. */
async function run(changes: NodeJS.ProcessEnv = {}): Promise<{ signal: string | null; lines: string[] }> {
  const lines: string[] = [];
  child = spawn(process.execPath, ['test/helpers/hostile-process.mjs'], {
    env: { ...environment, ...changes },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.stdout) createInterface(child.stdout).on('line', (line) => lines.push(line));
  const [, signal] = await once(child, 'close');
  return { signal, lines };
}

it('a job that kills its process three times becomes an incident, and all other jobs are done', async () => {
  const runs: { signal: string | null; lines: string[] }[] = [];
  do runs.push(await run());
  while (runs.at(-1)?.signal === 'SIGKILL' && runs.length < 6);

  expect(runs.map(({ signal }) => signal)).toEqual(['SIGKILL', 'SIGKILL', 'SIGKILL', null]);
  const settled = runs.at(-1)?.lines.find((line) => line.startsWith('settled '));
  const statuses: { status: string; reason?: string }[] = JSON.parse(settled?.slice('settled '.length) ?? '[]');
  expect(statuses).toHaveLength(instances);
  for (const [nth, { status, reason }] of statuses.entries()) {
    expect(status, `instance ${nth}`).toBe(nth === hostile ? 'incident' : 'completed');
    if (nth === hostile) expect(reason).toContain('under way when Kickoff stopped unexpectedly, three times');
  }
}, 180_000);
