import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { PGlite, PGliteOptions } from '@electric-sql/pglite';
import { parseJson } from '../json.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { createYield } from './yield-to-event-loop.ts';

/**
 * Postgres settings for one small process, which take 110 MB less than PGlite's defaults. Its WebAssembly module needs at least
 * 128 MB to start.
 */
const modest: PGliteOptions = {
  initialMemory: 128 * 1024 * 1024,
  postgresqlconf: ['shared_buffers=16MB', 'wal_buffers=256kB', 'max_wal_size=64MB'],
};

/** Parsers for `json` and `jsonb` with exact numbers, by type OID. */
const parsers = { 114: parseJson, 3802: parseJson };

export type PgliteLocation =
  | { directory: string }
  /** In memory; `snapshot`: initial content from `dumpDataDir`, otherwise empty. */
  | { snapshot: Blob | undefined };

/** Opens an embedded Postgres; creates it if necessary. */
export async function openPgliteClient(location: PgliteLocation, metrics: Metrics): Promise<PGlite> {
  const { PGlite } = await import('@electric-sql/pglite');
  if ('directory' in location) {
    if (!existsSync(`${location.directory}/PG_VERSION`)) await makeInWorker(location.directory);
    return yielding(metrics, await PGlite.create({ ...modest, parsers, dataDir: location.directory }));
  }
  const { snapshot } = location;
  return yielding(metrics, await PGlite.create({ ...modest, parsers, ...(snapshot && { loadDataDir: snapshot }) }));
}

/** Yields to the event loop before each query and transaction, and times queries; a transaction counts as one. */
function yielding(metrics: Metrics, client: PGlite): PGlite {
  const yieldToEventLoop = createYield();
  const { query, transaction } = client;
  return Object.assign(client, {
    query: async (...parameters: Parameters<typeof query>) => {
      await yieldToEventLoop();
      const sinceMs = performance.now();
      return query.apply(client, parameters).finally(() => metrics.query(sinceMs));
    },
    transaction: async (...parameters: Parameters<typeof transaction>) => {
      await yieldToEventLoop();
      const sinceMs = performance.now();
      return transaction.apply(client, parameters).finally(() => metrics.query(sinceMs));
    },
  });
}

/** In a worker thread: the 500 MB that creating a database takes are only freed when its thread ends. */
async function makeInWorker(directory: string): Promise<void> {
  const code = `
    const { workerData } = require('node:worker_threads');
    const { PGlite } = require(workerData.module);
    PGlite.create(workerData.options).then((client) => client.close());
  `;
  const module = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const worker = new Worker(code, { eval: true, workerData: { module, options: { ...modest, dataDir: directory } } });
  await new Promise<void>((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', (status) => (status === 0 ? resolve() : reject(new Error(`no database was made (${status})`))));
  });
}
