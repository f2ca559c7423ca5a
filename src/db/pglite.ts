import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
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
    if (!existsSync(`${location.directory}/PG_VERSION`)) await createInProcess(location.directory);
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

/**
 * Creates a database in a process of its own, which takes 500 MB: freed here, part of them would stay with Kickoff. It gets its
 * name once it is complete, so that a crash leaves none that is half made.
 */
async function createInProcess(directory: string): Promise<void> {
  const unfinished = `${directory}.new-${process.pid}`;
  await mkdir(dirname(directory), { recursive: true });
  for (const name of await readdir(dirname(directory))) {
    const isLeft = name.startsWith(`${basename(directory)}.new-`);
    if (isLeft) await rm(join(dirname(directory), name), { recursive: true, force: true });
  }
  const code = `
    const [module, options] = process.argv.slice(1);
    require(module).PGlite.create(JSON.parse(options)).then((client) => client.close());
  `;
  const module = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const options = JSON.stringify({ ...modest, dataDir: unfinished });
  const creator = spawn(process.execPath, ['--eval', code, module, options], { stdio: ['ignore', 'ignore', 'pipe'] });
  const end = () => creator.kill('SIGKILL');
  process.once('exit', end);
  const said: Buffer[] = [];
  creator.stderr.on('data', (some: Buffer) => said.push(some));
  await new Promise<void>((resolve, reject) => {
    creator.once('error', reject);
    creator.once('close', (status) => {
      if (status === 0) return resolve();
      reject(new Error(`no database was made in ${directory}: ${Buffer.concat(said).toString().trim()}`));
    });
  });
  process.removeListener('exit', end);
  await rename(unfinished, directory);
}
