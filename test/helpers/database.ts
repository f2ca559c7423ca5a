import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { pino } from 'pino';
import postgres from 'postgres';
import { inject } from 'vitest';
import { type Database, openDatabase } from '../../src/db/client.ts';

/** Where to make databases on a real Postgres (a superuser's URL); unset, tests run on embedded PGlite in memory. */
const serverUrl = process.env.TEST_DATABASE_URL;

export interface TestDatabase extends Database {
  /** The URL to give to another process; undefined on PGlite. */
  url: string | undefined;
}

/** A fresh, migrated database of its own. Close it when done: that drops it. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const logger = pino({ level: 'silent' });
  if (!serverUrl) {
    const snapshot = new Blob([await readFile(inject('databaseSnapshot'))]);
    return { ...(await openDatabase({ dataDir: ':memory:', snapshot, logger })), url: undefined };
  }
  const { url, drop } = await createPostgresDatabase(serverUrl);
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

/** An empty database on the test server, for tests that open it more than once. */
export async function createPostgresDatabase(
  server: string | undefined = serverUrl,
): Promise<{ url: string; drop: () => Promise<void> }> {
  if (!server) throw new Error('TEST_DATABASE_URL is not set');
  const name = `kickoff_test_${randomUUID().replaceAll('-', '')}`;
  const url = new URL(server);
  const run = async (statement: string) => {
    const admin = postgres(server, { max: 1, onnotice: () => {} });
    await admin.unsafe(statement);
    await admin.end();
  };
  await run(`create database ${name}`);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => run(`drop database if exists ${name} with (force)`) };
}
