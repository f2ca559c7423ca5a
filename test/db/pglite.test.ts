import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openPgliteClient } from '../../src/db/pglite.ts';
import { createMetrics } from '../../src/metrics/metrics.ts';

it('does not starve timers and sockets, however closely queries follow each other', async () => {
  const client = await openPgliteClient({ snapshot: undefined }, createMetrics());
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  const end = performance.now() + 1000;
  while (performance.now() < end) {
    await client.query('select 1');
    await client.transaction((tx) => tx.query('select 1'));
  }
  clearInterval(timer);
  await client.close();
  expect(ticks).toBeGreaterThan(5);
});

it('creates a database in its directory, and removes what an interrupted attempt left', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'kickoff-pglite-'));
  await mkdir(join(dataDir, 'db.new-1'));
  await writeFile(join(dataDir, 'db.new-1', 'PG_VERSION'), '18');
  const location = { directory: join(dataDir, 'db') };
  const created = await openPgliteClient(location, createMetrics());
  await created.query('create table errands (id int)');
  await created.close();
  expect(await readdir(dataDir)).toEqual(['db']);
  const reopened = await openPgliteClient(location, createMetrics());
  expect((await reopened.query('select * from errands')).rows).toEqual([]);
  await reopened.close();
  await rm(dataDir, { recursive: true });
});
