import { randomUUID } from 'node:crypto';
import postgres from 'postgres';

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
export async function createDatabaseOn(server: string, template = 'template1'): Promise<PostgresDatabase> {
  const name = `kickoff_test_${randomUUID().replaceAll('-', '')}`;
  const url = new URL(server);
  const run = async (statement: string) => {
    const admin = postgres(server, { max: 1, onnotice: () => {} });
    await admin.unsafe(statement);
    await admin.end();
  };
  await run(`create database ${name} template ${template}`);
  await run(`alter database ${name} set search_path = ${searchPath}`);
  url.pathname = `/${name}`;
  return { name, url: url.href, drop: () => run(`drop database if exists ${name} with (force)`) };
}
