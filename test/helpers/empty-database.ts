import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import { pino } from 'pino';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '../../src/db/client.ts';
import { openPgliteClient } from '../../src/db/pglite.ts';
import { createMetrics } from '../../src/metrics/metrics.ts';
import { createDatabaseOn, type EmptyDatabase } from './postgres.ts';

/** Creates one empty, migrated database. Each test's database is a copy of it, which is much faster than migrating each. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const server = process.env.TEST_DATABASE_URL;
  if (!server) {
    project.provide('emptyDatabase', await keptEmbedded());
    return undefined;
  }
  const { url, name, drop } = await createDatabaseOn(server);
  const database = await openDatabase({ databaseUrl: url, dataDir: '', logger: pino({ level: 'silent' }) });
  await database.close();
  project.provide('emptyDatabase', { server, template: name });
  return drop;
}

const cache = resolve('node_modules/.cache/empty-database');
const migrationsFolder = 'migrations';

/**
 * The embedded database is stored for later runs until a migration or PGlite changes, because creating it takes ten seconds.
 */
async function keptEmbedded(): Promise<EmptyDatabase> {
  const kept = join(cache, await nameOfContent());
  if (!existsSync(kept)) {
    await mkdir(cache, { recursive: true });
    const made = await mkdtemp(join(cache, 'making-'));
    await makeEmbedded(made);
    // A concurrent run may have stored it first.
    await rename(made, kept).catch(() => rm(made, { recursive: true }));
  }
  return { snapshot: join(kept, 'database.tar'), directory: join(kept, 'db') };
}

async function nameOfContent(): Promise<string> {
  const hash = createHash('sha256');
  const migrations = (await readdir(migrationsFolder)).filter((name) => name.endsWith('.sql')).sort();
  const files = ['node_modules/@electric-sql/pglite/package.json', 'src/db/pglite.ts', import.meta.filename];
  for (const file of [...files, ...migrations.map((name) => join(migrationsFolder, name))]) {
    hash.update(await readFile(file));
  }
  return hash.digest('hex').slice(0, 16);
}

async function makeEmbedded(directory: string): Promise<void> {
  const client = await openPgliteClient({ directory: join(directory, 'db') }, createMetrics());
  await migrate(drizzle(client), { migrationsFolder });
  await writeFile(join(directory, 'database.tar'), Buffer.from(await (await client.dumpDataDir('none')).arrayBuffer()));
  await client.close();
}
