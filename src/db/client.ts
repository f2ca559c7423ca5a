import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import type { Logger } from '../logger.ts';
import { createMetrics, type Metrics } from '../metrics/metrics.ts';
import { type Timings, usualTimings } from '../timings.ts';
import type { Listening } from './postgres.ts';
import { createSignals, notifyChannel, type Signals } from './signals.ts';
import { createTurn, type Turn } from './turn.ts';

/** A database or a transaction in it; queries run the same on both, and on both drivers. */
export type Db = PgDatabase<PgQueryResultHKT>;

/** A database, and signals between everything that uses it. Signals can be missed, so listeners also poll. */
export interface Database extends Pick<Signals, 'listen' | 'signal' | 'signalOthers'> {
  db: Db;
  /** The turn for handling an item that may crash the process, see queue-worker.ts. */
  suspects: Turn;
  /** How often workers poll for work without a signal, in milliseconds. */
  pollEveryMs: number;
  /** Counts and times the work on the database. */
  metrics: Metrics;
  /** Throws if a query does not return. */
  checkHealth(): Promise<void>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** `postgres://…`; absent: embedded PGlite in `dataDir`/db, or in memory for `dataDir` ':memory:'. */
  databaseUrl?: string | undefined;
  dataDir: string;
  /** Throws if Kickoff has not created the database before. */
  mustExist?: boolean;
  /** Initial content of an embedded database in memory (PGlite's `dumpDataDir`). */
  snapshot?: Blob | undefined;
  /** Overrides of the default timings. */
  timings?: Partial<Timings['database']>;
  logger: Logger;
}

/** Beside `dist`, where the built file is at some depth. */
const builtMigrations = import.meta.url.replace(/^(.*\/)dist\/.*$/, '$1migrations');
const migrationsFolder = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../migrations' : builtMigrations, import.meta.url),
);

/** Opens the database and migrates it. Replicas that start at the same time migrate one after another. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const timings = { ...usualTimings.database, ...options.timings };
  return options.databaseUrl ? openPostgres(options.databaseUrl, timings, options) : openPglite(timings, options);
}

async function openPostgres(
  url: string,
  timings: Timings['database'],
  { mustExist, logger }: DatabaseOptions,
): Promise<Database> {
  const [{ connectOnce, listenTo, openPool }, { drizzle }, { migrate }] = await Promise.all([
    import('./postgres.ts'),
    import('drizzle-orm/node-postgres'),
    import('drizzle-orm/node-postgres/migrator'),
  ]);
  const migrations = await connectOnce(url, timings);
  try {
    // Any number works, as long as every replica locks the same.
    await migrations.query('select pg_advisory_lock(5425665)');
    const { rows } = await migrations.query(`select to_regclass('drizzle.__drizzle_migrations') as known`);
    if (mustExist && rows[0]?.known == null) throw new Error('the database at DATABASE_URL is not one of Kickoff');
    await migrate(drizzle(migrations), { migrationsFolder });
  } finally {
    await migrations.end();
  }
  const metrics = createMetrics();
  const { pool, close } = openPool(url, { metrics, timings, logger });
  let listening: Listening | undefined;
  const signals = createSignals({
    subscribe(onMessage, onReconnect) {
      listening = listenTo(url, notifyChannel, timings, { message: onMessage, reconnect: onReconnect });
      return listening.begun;
    },
    publish: (messages) =>
      pool.query('select pg_notify($1, message) from unnest($2::text[]) message', [notifyChannel, messages]),
    logger,
  });
  return {
    db: drizzle(pool),
    listen: signals.listen,
    signal: signals.signal,
    signalOthers: signals.signalOthers,
    suspects: createTurn(),
    pollEveryMs: timings.pollEveryMs,
    metrics,
    async checkHealth() {
      await pool.query('select 1');
    },
    async close() {
      await signals.stop();
      await Promise.all([listening?.stop(), close()]);
    },
  };
}

async function openPglite(
  { pollEveryMs }: Timings['database'],
  { dataDir, mustExist, snapshot, logger }: DatabaseOptions,
): Promise<Database> {
  const [{ drizzle }, { migrate }, { lockDirectory }, { openPgliteClient }] = await Promise.all([
    import('drizzle-orm/pglite'),
    import('drizzle-orm/pglite/migrator'),
    import('./lock-directory.ts'),
    import('./pglite.ts'),
  ]);
  const inMemory = dataDir === ':memory:';
  if (mustExist && !existsSync(join(dataDir, 'db/PG_VERSION'))) throw new Error(`there is no database in ${dataDir}`);
  const unlock = inMemory ? async () => {} : await lockDirectory(dataDir);
  const metrics = createMetrics();
  const client = await openPgliteClient(inMemory ? { snapshot } : { directory: join(dataDir, 'db') }, metrics);
  const db = drizzle(client);
  await migrate(db, { migrationsFolder });
  // This process is the only user, so there is nobody else to signal.
  const signals = createSignals({ subscribe: async () => {}, publish: async () => {}, logger });
  return {
    db,
    listen: signals.listen,
    signal: signals.signal,
    signalOthers: signals.signalOthers,
    suspects: createTurn(),
    pollEveryMs,
    metrics,
    async checkHealth() {
      await client.query('select 1');
    },
    async close() {
      await signals.stop();
      await client.close();
      await unlock();
    },
  };
}
