import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import type { Logger } from '../logger.ts';
import * as schema from './schema.ts';
import { notifyChannel, type Signal, type SignalListener, shareChannel } from './signals.ts';

/** A database or a transaction in it: queries run the same on both, and on both drivers. */
export type Db = PgDatabase<PgQueryResultHKT, typeof schema>;

export interface Database {
  db: Db;
  /**
   * Calls `listener` after every committed `notify` of the signal, by any replica; without a payload, after the connection
   * was lost and is back. Signals can be missed: poll as well.
   */
  listen(signal: Signal, listener: SignalListener): Promise<void>;
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

const connectTimeoutSeconds = 5;

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
    connect_timeout: connectTimeoutSeconds,
    // postgres.js would let a query wait for up to 20 s before it tries to connect; here somebody waits for the answer.
    backoff: (failures) => Math.min(0.05 * 2 ** failures, 0.5),
    onnotice: (notice) => logger.debug({ code: notice.code }, 'database notice'),
  });
  const migrations = postgres(url, { max: 1, connect_timeout: connectTimeoutSeconds, onnotice: () => {} });
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
    listen: shareChannel((onMessage, onReconnect) => {
      let isConnected = false;
      return client.listen(notifyChannel, onMessage, () => {
        if (isConnected) onReconnect();
        isConnected = true;
      });
    }),
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
    listen: shareChannel((onMessage) => client.listen(notifyChannel, onMessage)),
    async checkHealth() {
      await client.query('select 1');
    },
    async close() {
      await client.close();
      await unlock();
    },
  };
}
