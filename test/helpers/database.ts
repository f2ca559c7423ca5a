import { sql } from 'drizzle-orm';
import { pino } from 'pino';
import { inject } from 'vitest';
import { type Database, openDatabase } from '../../src/db/client.ts';
import { openEmbeddedDatabase } from './embedded-database.ts';
import { createDatabaseOn, type PostgresDatabase, reuseDatabaseOn } from './postgres.ts';

export interface TestDatabase extends Database {
  /** The URL for other processes; undefined on PGlite. */
  url: string | undefined;
}

export interface ClockedDatabase extends TestDatabase {
  /** Moves the database's clock, `now()`, forward by this many milliseconds. */
  advance(ms: number): Promise<void>;
}

/**
 * Opens a new, migrated database: on the Postgres server of TEST_DATABASE_URL, else embedded in memory. Closing it deletes it.
 */
export async function openTestDatabase(): Promise<TestDatabase> {
  const empty = inject('emptyDatabase');
  if (!empty) throw new Error('The test is in a project without a database: see CONTRIBUTING.md');
  if ('snapshot' in empty) return { ...(await openEmbeddedDatabase(empty.snapshot)), url: undefined };
  const { url, drop } = await reuseDatabaseOn(empty.server, empty.template);
  const database = await openDatabase({ databaseUrl: url, dataDir: '', logger: pino({ level: 'silent' }) });
  return {
    ...database,
    url,
    async close() {
      await database.close();
      await drop();
    },
  };
}

/** Creates a database without tables on the test server (TEST_DATABASE_URL), for tests that open it several times. */
export function createPostgresDatabase(): Promise<PostgresDatabase> {
  const server = process.env.TEST_DATABASE_URL;
  if (!server) throw new Error('TEST_DATABASE_URL is not set');
  return createDatabaseOn(server);
}

/**
 * Opens a test database whose clock a test can move. A function of ours replaces Postgres's `now()`, because the search path
 * names its schema first.
 */
export async function openClockedDatabase(): Promise<ClockedDatabase> {
  const database = await openTestDatabase();
  const { db } = database;
  await db.execute(sql`create schema clock`);
  await db.execute(sql`create table clock.ahead as select 0::float8 as ms`);
  await db.execute(sql`create function public.now() returns timestamptz language sql stable as
    'select pg_catalog.now() + (select ms from clock.ahead) * interval ''1 millisecond'''`);
  return {
    ...database,
    async advance(ms) {
      await db.execute(sql`update clock.ahead set ms = ms + ${ms}::float8`);
    },
  };
}
