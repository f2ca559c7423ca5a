import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import type { Sql, TransactionSql } from 'postgres';
import { parseJson, stringifyJson } from '../json.ts';
import type { Logger } from '../logger.ts';
import { createMetrics, type Metrics } from '../metrics/metrics.ts';
import * as schema from './schema.ts';
import { createSignals, notifyChannel, type Signals } from './signals.ts';
import { createTurn, type Turn } from './turn.ts';

/** A database or a transaction in it: queries run the same on both, and on both drivers. */
export type Db = PgDatabase<PgQueryResultHKT, typeof schema>;

/** A database, and signals to all who work on it. Signals can be missed, so who listens polls as well. */
export interface Database extends Pick<Signals, 'listen' | 'signal'> {
  db: Db;
  /** The turn to handle an item that may crash the process: see queue-worker.ts. */
  suspects: Turn;
  /** Whoever works on the database counts and times its work here. */
  metrics: Metrics;
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

/** postgres.js's `json` and `jsonb`, with numbers that are exact. */
const exactJson = { to: 114, from: [114, 3802], serialize: stringifyJson, parse: parseJson };

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
  const metrics = createMetrics();
  const client = preparing(
    metrics,
    postgres(url, {
      max: 10,
      connect_timeout: connectTimeoutSeconds,
      types: { json: exactJson },
      // postgres.js would let a query wait for up to 20 s before it tries to connect; here somebody waits for the answer.
      backoff: (failures) => Math.min(0.05 * 2 ** failures, 0.5),
      onnotice: (notice) => logger.debug({ code: notice.code }, 'database notice'),
    }),
  );
  const migrations = postgres(url, { max: 1, connect_timeout: connectTimeoutSeconds, onnotice: () => {} });
  try {
    // Any number will do, as long as every replica takes the same lock.
    await migrations`select pg_advisory_lock(5425665)`;
    await migrate(drizzle(migrations), { migrationsFolder });
  } finally {
    await migrations.end();
  }
  const db = drizzle(client, { schema });
  const signals = createSignals({
    subscribe(onMessage, onReconnect) {
      let isConnected = false;
      return client.listen(notifyChannel, onMessage, () => {
        if (isConnected) onReconnect();
        isConnected = true;
      });
    },
    publish: (messages) => client`select pg_notify(${notifyChannel}, message) from unnest(${messages}::text[]) message`,
    logger,
  });
  return {
    db,
    listen: signals.listen,
    signal: signals.signal,
    suspects: createTurn(),
    metrics,
    async checkHealth() {
      await client`select 1`;
    },
    async close() {
      await signals.stop();
      await client.end({ timeout: 5 });
    },
  };
}

/**
 * drizzle runs its queries by `unsafe`, which plans each anew and takes two round trips for it. They are of a limited
 * number, so here the connections keep them prepared. Behind a pooler that gives each transaction another connection, it
 * must know prepared statements (PgBouncer since 1.21).
 */
function preparing<Client extends Sql | TransactionSql>(metrics: Metrics, client: Client): Client {
  const { unsafe } = client;
  Object.assign(client, {
    unsafe: (query: string, parameters?: never[], options?: object) => {
      const sinceMs = performance.now();
      const note = () => metrics.query(sinceMs);
      const running = unsafe(query, parameters, { ...options, prepare: true });
      // It is sent in the next turn of the event loop, with what drizzle still asks of its rows.
      running.then(note, note);
      return running;
    },
  });
  if ('begin' in client) {
    const { begin } = client;
    Object.assign(client, {
      begin: (work: (transaction: TransactionSql) => unknown) =>
        begin((transaction) => work(preparing(metrics, transaction))),
    });
  }
  return client;
}

async function openPglite({ dataDir, snapshot, logger }: DatabaseOptions): Promise<Database> {
  const [{ drizzle }, { migrate }, { lockDirectory }, { openPgliteClient }] = await Promise.all([
    import('drizzle-orm/pglite'),
    import('drizzle-orm/pglite/migrator'),
    import('./lock-directory.ts'),
    import('./pglite.ts'),
  ]);
  const inMemory = dataDir === ':memory:';
  const unlock = inMemory ? async () => {} : await lockDirectory(dataDir);
  const metrics = createMetrics();
  const client = await openPgliteClient(inMemory ? { snapshot } : { directory: join(dataDir, 'db') }, metrics);
  const db = drizzle(client, { schema });
  await migrate(db, { migrationsFolder });
  // Nobody else is told: this process is the only one at it.
  const signals = createSignals({ subscribe: async () => {}, publish: async () => {}, logger });
  return {
    db,
    listen: signals.listen,
    signal: signals.signal,
    suspects: createTurn(),
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
