import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import { pino } from 'pino';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '../../src/db/client.ts';
import { openPgliteClient } from '../../src/db/pglite.ts';
import { createMetrics } from '../../src/metrics/metrics.ts';
import { createDatabaseOn, type EmptyDatabase } from './postgres.ts';

/** Makes one empty, migrated database. Every test's database is a copy of it, which is much faster than migrating each. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = process.env.TEST_DATABASE_URL;
  const [emptyDatabase, remove] = await (server ? makeTemplate(server) : makeSnapshot());
  project.provide('emptyDatabase', emptyDatabase);
  return remove;
}

type Made = [EmptyDatabase, () => Promise<void>];

async function makeTemplate(server: string): Promise<Made> {
  const { url, name, drop } = await createDatabaseOn(server);
  const database = await openDatabase({ databaseUrl: url, dataDir: '', logger: pino({ level: 'silent' }) });
  await database.close();
  return [{ server, template: name }, drop];
}

async function makeSnapshot(): Promise<Made> {
  const directory = await mkdtemp(join(tmpdir(), 'kickoff-test-'));
  const client = await openPgliteClient({ snapshot: undefined }, createMetrics());
  await migrate(drizzle(client), { migrationsFolder: 'migrations' });
  const snapshot = join(directory, 'database.tar');
  await writeFile(snapshot, Buffer.from(await (await client.dumpDataDir('none')).arrayBuffer()));
  await client.close();
  return [{ snapshot }, () => rm(directory, { recursive: true })];
}
