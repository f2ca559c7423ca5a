import { hash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import pg, { type ClientConfig, type CustomTypesConfig } from 'pg';
import { parse, toClientConfig } from 'pg-connection-string';
import { parseJson } from '../json.ts';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Timings } from '../timings.ts';
import { withTimeout } from '../with-timeout.ts';

/** Connections of a replica for its statements; one more listens for signals. */
const connections = 10;

type DatabaseTimings = Timings['database'];

/** Connection options. The URL's `sslmode` has the same meaning as in psql. */
const configOf = (url: string, { connectMs }: Pick<DatabaseTimings, 'connectMs'>): ClientConfig => ({
  ...toClientConfig(parse(url, { useLibpqCompat: true })),
  keepAlive: true,
  connectionTimeoutMillis: connectMs,
});

type Statement = { text: string; types?: CustomTypesConfig };

/** pg's `query`; calls `done` if there is one. */
type Query = (statement: Statement | string, values?: unknown[], done?: unknown) => Promise<unknown> | undefined;

/**
 * A connection that fails rather than hangs, and reads JSON with exact numbers. It prepares statements with parameters, whose
 * number is limited. Statements of a transaction that do not wait for each other are sent at once.
 */
class Connection extends pg.Client {
  /** Part of the names of prepared statements, so that they can be prepared again. */
  #generation = 0;

  constructor(config: ClientConfig = {}) {
    super({ ...config, pipeline: true });
    // The running statements reject; nothing else needs to handle the error.
    this.on('error', () => {});
    const run = this.query.bind(this) as Query;
    const query: Query = (statement, values, done) => {
      const running = run(this.#prepare(statement, values), values, done);
      running?.catch((error) => this.#look(error));
      return running;
    };
    Object.assign(this, { query });
  }

  #prepare(statement: Statement | string, values: unknown[] = []): Statement {
    const { text, types = pg.types, ...rest } = typeof statement === 'string' ? { text: statement } : statement;
    const name = values.length > 0 ? `${this.#generation} ${hash('sha1', text)}` : undefined;
    return { ...rest, text, types: exactNumbers(types), ...(name && { name }) };
  }

  /**
   * Recognises a statement whose table got another column since it was prepared ("cached plan must not change result type").
   */
  #look(error: unknown): void {
    if (error instanceof pg.DatabaseError && error.routine === 'RevalidateCachedQuery') this.#generation += 1;
  }
}

/** drizzle's parsers, except for JSON. */
function exactNumbers({ getTypeParser }: CustomTypesConfig): CustomTypesConfig {
  const { JSON: json, JSONB: jsonb } = pg.types.builtins;
  const parserOf = (type: number, format?: 'text') =>
    type === json || type === jsonb ? parseJson : getTypeParser(type, format);
  return { getTypeParser: parserOf as typeof getTypeParser };
}

/** A single connection without a statement timeout, for migrations. */
export async function connectOnce(url: string, timings: DatabaseTimings): Promise<pg.Client> {
  const client = new pg.Client(configOf(url, timings));
  client.on('error', () => {});
  await client.connect();
  return client;
}

/** A pool of connections to Postgres. */
export interface Postgres {
  /** Its statements are timed, including the wait for a connection unless they are in a transaction. */
  pool: pg.Pool;
  /** Waits for running statements, up to a limit. */
  close(): Promise<void>;
}

interface PoolOptions {
  metrics: Metrics;
  timings: DatabaseTimings;
  logger: Logger;
}

export function openPool(url: string, { metrics, timings, logger }: PoolOptions): Postgres {
  class PooledConnection extends Connection {
    constructor(config: ClientConfig = {}) {
      super({ ...config, connectionTimeoutMillis: timings.connectMs });
    }
  }
  const pool = new pg.Pool({
    ...configOf(url, timings),
    // No timeout for a free connection; establishing one has its own limit.
    connectionTimeoutMillis: 0,
    query_timeout: timings.statementMs,
    max: connections,
    idleTimeoutMillis: 0,
    maxLifetimeSeconds: timings.lifetimeMs / 1000,
    Client: PooledConnection,
  });
  const time = (client: { query: unknown }) => {
    const run = (client.query as Query).bind(client);
    const query: Query = (statement, values, done) => {
      const sinceMs = performance.now();
      const note = () => metrics.query(sinceMs);
      const running = run(statement, values, done);
      running?.then(note, note);
      return running;
    };
    Object.assign(client, { query });
  };
  time(pool);
  const all = new Set<pg.PoolClient>();
  const taken = new Set<pg.PoolClient>();
  pool.on('error', (err) => logger.debug({ err }, 'an idle database connection is lost'));
  pool.on('acquire', (client) => taken.add(client));
  pool.on('release', (_, client) => taken.delete(client as pg.PoolClient));
  pool.on('remove', (client) => all.delete(client));
  pool.on('connect', (client) => {
    all.add(client);
    time(client);
    client.on('notice', ({ code }) => logger.debug({ code }, 'database notice'));
    // drizzle does not release a connection that is lost when a transaction begins.
    client.on('end', () => {
      if (!taken.has(client)) return;
      client.release(true);
      client.release = () => {};
    });
  });
  return {
    pool,
    async close() {
      await withTimeout(pool.end(), timings.endMs).catch((err) => {
        logger.warn({ err }, 'database connections did not close cleanly');
        // The network may be gone, so nothing waits for the server's answer.
        for (const client of all) void client.end();
      });
    },
  };
}

/** Listens to a channel, over a connection that is reopened when it is lost. */
export interface Listening {
  /** Resolves when it listens for the first time. */
  begun: Promise<void>;
  stop(): Promise<void>;
}

export function listenTo(
  url: string,
  channel: string,
  timings: DatabaseTimings,
  on: { message(message: string): void; reconnect(): void },
): Listening {
  const stopping = new AbortController();
  const { signal } = stopping;
  let begin = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  let times = 0;
  const listen = async () => {
    const client = new Connection({ ...configOf(url, timings), query_timeout: timings.statementMs });
    const end = () => void client.end();
    const lost = new Promise((resolve) => client.once('end', resolve));
    client.on('notification', ({ payload = '' }) => on.message(payload));
    signal.addEventListener('abort', end);
    const check = setInterval(() => void client.query('select 1').catch(() => {}), timings.checkEveryMs);
    try {
      await client.connect();
      await client.query(`listen ${client.escapeIdentifier(channel)}`);
      times += 1;
      if (times === 1) begin();
      else on.reconnect();
      await lost;
    } finally {
      clearInterval(check);
      signal.removeEventListener('abort', end);
      await client.end();
    }
  };
  const listening = (async () => {
    while (!signal.aborted) {
      await listen().catch(() => {});
      await setTimeout(timings.listenAgainMs, undefined, { signal }).catch(() => {});
    }
  })();
  return {
    begun,
    async stop() {
      stopping.abort();
      // If the network is gone, the server cannot be told.
      await withTimeout(listening, timings.endMs).catch(() => {});
    },
  };
}
