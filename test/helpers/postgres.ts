import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import type { Run } from '../../demo/empty-tables.ts';
import { type EmptyState, readEmptyState, restoreDatabase } from './restore-database.ts';

/** The database that each test's database is copied from. */
export type EmptyDatabase =
  | {
      /** A file with an embedded database (PGlite's `dumpDataDir`). */
      snapshot: string;
      /** A folder with the same database, for separate processes of a test. */
      directory: string;
    }
  | {
      /** The URL of a Postgres server, with a user that can create databases. */
      server: string;
      /** A template database on the server, without open connections. */
      template: string;
    };

declare module 'vitest' {
  export interface ProvidedContext {
    /** Undefined if tests need no database. */
    emptyDatabase: EmptyDatabase | undefined;
  }
}

/** Functions of tests come before Postgres's, so that a test can replace `now()` (database.ts). */
export const searchPath = 'public, pg_catalog';

export interface PostgresDatabase {
  name: string;
  url: string;
  drop(): Promise<void>;
}

/** Creates a database on the server: a copy of the template, by default without tables. */
export async function createDatabaseOn(
  server: string,
  { template = 'template1', prefix = 'kickoff_test' }: { template?: string; prefix?: string } = {},
): Promise<PostgresDatabase> {
  const name = `${prefix}_${randomUUID().slice(0, 13).replace('-', '')}`;
  await connected(server, async (run) => {
    await run(`create database ${name} template ${template}`);
    await run(`alter database ${name} set search_path = ${searchPath}`);
  });
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { name, url: url.href, drop: () => dropDatabases(server, name) };
}

/** Databases of finished tests for reuse, by template. */
const idle = new Map<string, { database: PostgresDatabase; empty: EmptyState }[]>();

/**
 * Like {@link createDatabaseOn}, but takes the database of an earlier test if there is one. `drop` restores and keeps it for the
 * next test, or drops it if the test changed its schema in a way that cannot be undone.
 */
export async function reuseDatabaseOn(server: string, template: string): Promise<PostgresDatabase> {
  const free = idle.get(template) ?? [];
  idle.set(template, free);
  const { database, empty } = free.pop() ?? (await made());
  return {
    ...database,
    drop: async () => {
      const isAsBefore = await connected(database.url, async (run) => {
        // Ends connections that are still open, for example of a process that was killed: they could hold locks.
        await run(
          'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
        );
        return restoreDatabase(run, empty);
      });
      if (isAsBefore) free.push({ database, empty });
      else await database.drop();
    },
  };

  async function made() {
    const created = await createDatabaseOn(server, { template, prefix: template });
    return { database: created, empty: await connected(created.url, readEmptyState) };
  }
}

/** Drops the databases whose names begin with this, with those that tests keep for reuse. */
export async function dropDatabases(server: string, prefix: string): Promise<void> {
  await connected(server, async (run) => {
    const databases = await run<{ name: string }>(
      `select datname as name from pg_database where starts_with(datname, '${prefix}')`,
    );
    for (const { name } of databases) await run(`drop database if exists ${name} with (force)`);
  });
}

async function connected<Result>(url: string, work: (run: Run) => Promise<Result>): Promise<Result> {
  const connection = postgres(url, { max: 1, fetch_types: false, onnotice: () => {} });
  try {
    return await work(async <Row>(statement: string) => (await connection.unsafe(statement)) as unknown as Row[]);
  } finally {
    await connection.end();
  }
}
