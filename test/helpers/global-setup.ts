import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import type { TestProject } from 'vitest/node';
import { openPgliteClient } from '../../src/db/pglite.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A file with an empty, migrated embedded database: starting from it takes a fraction of making one. */
    databaseSnapshot: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'kickoff-test-'));
  const client = await openPgliteClient({ snapshot: undefined });
  await migrate(drizzle(client), { migrationsFolder: 'migrations' });
  const snapshot = join(directory, 'database.tar');
  await writeFile(snapshot, Buffer.from(await (await client.dumpDataDir('none')).arrayBuffer()));
  await client.close();
  project.provide('databaseSnapshot', snapshot);
  return () => rm(directory, { recursive: true });
}
