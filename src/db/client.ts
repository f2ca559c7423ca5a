import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import type { Logger } from '../logger.ts';
import * as schema from './schema.ts';

/** A database or a transaction in it: queries run the same on both, and on both drivers. */
export type Db = PgDatabase<PgQueryResultHKT, typeof schema>;

/** Names a NOTIFY channel, so that a typo is a type error. */
export type Signal =
  | 'live_chats_changed'
  | 'directory_changed'
  | 'starts_due'
  | 'activity_due'
  | 'adoption_due'
  | 'joins_due'
  | 'deliveries_due'
  | 'engine_due'
  | 'engine_changed';

export interface Database {
  db: Db;
  /** Calls `listener` after every committed `notify` of the signal, by any replica. Signals can be missed: poll as well. */
  listen(signal: Signal, listener: (payload: string) => void): Promise<void>;
  /** Throws if a query does not come back. */
  checkHealth(): Promise<void>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** `postgres://…`; absent: embedded PGlite in `dataDir`/db, or in memory for `dataDir` ':memory:'. */
  databaseUrl?: string | undefined;
  dataDir: string;
  /** Of an embedded database in memory: what it begins with (PGlite's `dumpDataDir`). */
  snapshot?: Blob | undefined;
  logger: Logger;
}

const migrationsFolder = fileURLToPath(
  new URL(import.meta.url.includes('/dist/') ? '../../../migrations' : '../../migrations', import.meta.url),
);

/** Opens the database and brings its tables up to date. Replicas that start at once migrate one after another. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  return options.databaseUrl ? openPostgres(options.databaseUrl, options.logger) : openPglite(options);
}

async function openPostgres(url: string, logger: Logger): Promise<Database> {
  const [{ default: postgres }, { drizzle }, { migrate }] = await Promise.all([
    import('postgres'),
    import('drizzle-orm/postgres-js'),
    import('drizzle-orm/postgres-js/migrator'),
  ]);
  const client = postgres(url, {
    max: 10,
    connect_timeout: 5,
    onnotice: (notice) => logger.debug({ code: notice.code }, 'database notice'),
  });
  const migrations = postgres(url, { max: 1, connect_timeout: 5, onnotice: () => {} });
  try {
    // Any number will do, as long as every replica takes the same lock.
    await migrations`select pg_advisory_lock(5425665)`;
    await migrate(drizzle(migrations), { migrationsFolder });
  } finally {
    await migrations.end();
  }
  const db = drizzle(client, { schema });
  return {
    db,
    async listen(signal, listener) {
      await client.listen(signal, listener);
    },
    async checkHealth() {
      await client`select 1`;
    },
    close: () => client.end({ timeout: 5 }),
  };
}

async function openPglite({ dataDir, snapshot }: DatabaseOptions): Promise<Database> {
  const [{ drizzle }, { migrate }, { lockDirectory }, { openPgliteClient }] = await Promise.all([
    import('drizzle-orm/pglite'),
    import('drizzle-orm/pglite/migrator'),
    import('./lock-directory.ts'),
    import('./pglite.ts'),
  ]);
  const inMemory = dataDir === ':memory:';
  if (!inMemory) await mkdir(dataDir, { recursive: true });
  const unlock = inMemory ? async () => {} : await lockDirectory(dataDir);
  const client = await openPgliteClient(inMemory ? { snapshot } : { directory: join(dataDir, 'db') });
  const db = drizzle(client, { schema });
  await migrate(db, { migrationsFolder });
  return {
    db,
    async listen(signal, listener) {
      await client.listen(signal, listener);
    },
    async checkHealth() {
      await client.query('select 1');
    },
    async close() {
      await client.close();
      await unlock();
    },
  };
}
