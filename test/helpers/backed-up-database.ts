import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { openPgliteClient } from '../../src/db/pglite.ts';
import { createMetrics } from '../../src/metrics/metrics.ts';
import { createPostgresDatabase } from './database.ts';
import { createDatabaseOn } from './postgres.ts';

type RunSql = (statements: string, parameters?: unknown[]) => Promise<unknown>;

/** A database of a Kickoff that is stopped while the database is backed up, restored or changed. */
export interface BackedUpDatabase {
  /** Where Kickoff finds it; changes with a restore. */
  environment(): Record<string, string>;
  backUp(): Promise<void>;
  restore(): Promise<void>;
  change(work: (run: RunSql) => Promise<void>): Promise<void>;
  /** Deletes it, but not what is in the directory. */
  drop(): Promise<void>;
}

/** A new one: on the Postgres server of TEST_DATABASE_URL, else embedded, in the directory. */
export function createBackedUpDatabase(directory: string): Promise<BackedUpDatabase> {
  const server = process.env.TEST_DATABASE_URL;
  return server ? onPostgres(server, directory) : Promise.resolve(embeddedIn(directory));
}

function embeddedIn(directory: string): BackedUpDatabase {
  const dataDir = join(directory, 'data');
  const backup = join(directory, 'backup');
  return {
    environment: () => ({ DATA_DIR: dataDir }),
    backUp: () => cp(dataDir, backup, { recursive: true }),
    async restore() {
      await rm(dataDir, { recursive: true });
      await cp(backup, dataDir, { recursive: true });
    },
    async change(work) {
      const client = await openPgliteClient({ directory: join(dataDir, 'db') }, createMetrics());
      await work((statements, parameters) =>
        parameters ? client.query(statements, parameters) : client.exec(statements),
      ).finally(() => client.close());
    },
    async drop() {},
  };
}

async function onPostgres(server: string, directory: string): Promise<BackedUpDatabase> {
  let database = await createPostgresDatabase();
  let backup: typeof database | undefined;
  return {
    environment: () => ({ DATABASE_URL: database.url, DATA_DIR: join(directory, 'data') }),
    async backUp() {
      backup = await createDatabaseOn(server, { template: database.name });
    },
    async restore() {
      if (!backup) throw new Error('there is no backup');
      await database.drop();
      database = backup;
      backup = undefined;
    },
    async change(work) {
      const client = new pg.Client({ connectionString: database.url });
      await client.connect();
      await work((statements, parameters) => client.query(statements, parameters)).finally(() => client.end());
    },
    async drop() {
      await database.drop();
      await backup?.drop();
    },
  };
}
