import { readFile } from 'node:fs/promises';
import { pino } from 'pino';
import { inject } from 'vitest';
import { type Database, openDatabase } from '../../src/db/client.ts';
import { createDatabaseOn, type PostgresDatabase } from './postgres.ts';

export interface TestDatabase extends Database {
  /** The URL to give to another process; undefined on PGlite. */
  url: string | undefined;
}

/**
 * A fresh, migrated database of its own: on the Postgres server that TEST_DATABASE_URL names, else embedded in memory.
 * Closing it drops it.
 */
export async function openTestDatabase(): Promise<TestDatabase> {
  const logger = pino({ level: 'silent' });
  const empty = inject('emptyDatabase');
  if (!empty)
    throw new Error('This test needs a database, but its file is not in a project that has one: see CONTRIBUTING.md');
  if ('snapshot' in empty) {
    const snapshot = new Blob([await readFile(empty.snapshot)]);
    return { ...(await openDatabase({ dataDir: ':memory:', snapshot, logger })), url: undefined };
  }
  const { url, drop } = await createDatabaseOn(empty.server, empty.template);
  const database = await openDatabase({ databaseUrl: url, dataDir: '', logger });
  return {
    ...database,
    url,
    async close() {
      await database.close();
      await drop();
    },
  };
}

/** A database without tables on the test server (TEST_DATABASE_URL), for tests that open it more than once. */
export function createPostgresDatabase(): Promise<PostgresDatabase> {
  const server = process.env.TEST_DATABASE_URL;
  if (!server) throw new Error('TEST_DATABASE_URL is not set');
  return createDatabaseOn(server);
}
