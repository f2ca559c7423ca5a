import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openPgliteClient } from '../../src/db/pglite.ts';
import { createMetrics } from '../../src/metrics/metrics.ts';

let dataDir: string;
let client: PGlite | undefined;
const open = () => openPgliteClient({ directory: join(dataDir, 'db') }, createMetrics());

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'kickoff-pglite-'));
});
afterAll(async () => {
  await client?.close();
  await rm(dataDir, { recursive: true });
});

it('creates a database in its directory, and removes what an interrupted attempt left', async () => {
  await mkdir(join(dataDir, 'db.new-1'));
  await writeFile(join(dataDir, 'db.new-1', 'PG_VERSION'), '18');
  const created = await open();
  await created.query('create table errands (id int)');
  await created.close();
  expect(await readdir(dataDir)).toEqual(['db']);
  client = await open();
  expect((await client.query('select * from errands')).rows).toEqual([]);
});

it('does not starve timers and sockets, however closely queries follow each other', async () => {
  client ??= await open();
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  const end = performance.now() + 1000;
  while (performance.now() < end) {
    await client.query('select 1');
    await client.transaction((tx) => tx.query('select 1'));
  }
  clearInterval(timer);
  expect(ticks).toBeGreaterThan(5);
});
