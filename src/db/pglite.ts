import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { PGlite, type PGliteOptions, type Transaction, types } from '@electric-sql/pglite';
import pLimit from 'p-limit';
import { parseJson } from '../json.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { createYield } from '../yield-to-event-loop.ts';
import { preparingStatements } from './pglite-statements.ts';

/**
 * Postgres settings for one small process, which take 110 MB less than PGlite's defaults. Its WebAssembly module needs at least
 * 128 MB to start.
 */
const modest: PGliteOptions = {
  initialMemory: 128 * 1024 * 1024,
  postgresqlconf: ['shared_buffers=16MB', 'wal_buffers=256kB', 'max_wal_size=64MB'],
};

const asText = (value: string) => value;
/** Exact numbers in JSON; dates and times as drizzle wants them, also in arrays (by type OID). */
const parsers = {
  [types.JSON]: parseJson,
  [types.JSONB]: parseJson,
  [types.TIMESTAMP]: asText,
  [types.TIMESTAMPTZ]: asText,
  [types.INTERVAL]: asText,
  [types.DATE]: asText,
};
const arrayParsers = { 1115: asText, 1182: asText, 1185: asText, 1187: asText, 1231: asText };

export type PgliteLocation =
  | { directory: string }
  /** In memory; `snapshot`: initial content from `dumpDataDir`, otherwise empty. */
  | { snapshot: Blob | undefined };

/**
 * Has V8 compile WebAssembly once, quickly, and not again for speed: on Node.js 20 that takes 50 MB and a second of processor
 * time, for queries that are 7 % faster. On Node.js 24, where they are 45 % faster, the flag does nothing once V8 runs.
 */
const compileOnce = '--liftoff-only';

/** Opens an embedded Postgres; creates it if necessary. */
export async function openPgliteClient(location: PgliteLocation, metrics: Metrics): Promise<PGlite> {
  setFlagsFromString(compileOnce);
  if ('directory' in location && !existsSync(`${location.directory}/PG_VERSION`)) {
    await createInProcess(location.directory);
  }
  const content =
    'directory' in location ? { dataDir: location.directory } : location.snapshot && { loadDataDir: location.snapshot };
  const client = await PGlite.create({ ...modest, parsers, ...content });
  // PGlite sets its own for arrays when it opens.
  Object.assign(client.parsers, arrayParsers);
  return yielding(metrics, client);
}

/**
 * Yields to the event loop before each query and transaction, and times queries; a transaction counts as one. Queries are
 * prepared statements, which ignore a query's own parsers.
 */
function yielding(metrics: Metrics, client: PGlite): PGlite {
  const yieldToEventLoop = createYield();
  const run = preparingStatements(client);
  const { transaction, close } = client;
  /**
   * Others wait until a transaction is over: there is one connection. So does closing, and others for it: no statement may run
   * on a database that is half closed.
   */
  const inTurn = pLimit(1);
  const timed = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    await yieldToEventLoop();
    const sinceMs = performance.now();
    return inTurn(work).finally(() => metrics.query(sinceMs));
  };
  const query: PGlite['query'] = (text, parameters, options) => timed(() => run(text, parameters, options));
  const preparing = (tx: Transaction): Transaction =>
    Object.assign(tx, {
      query: async <Row>(...parameters: Parameters<typeof run>) => {
        if (tx.closed) throw new Error('Transaction is closed');
        return run<Row>(...parameters);
      },
    });
  return Object.assign(client, {
    query,
    transaction: <Result>(work: (tx: Transaction) => Promise<Result>) =>
      timed(() => transaction.call(client, (tx) => work(preparing(tx))) as Promise<Result>),
    async close() {
      await yieldToEventLoop();
      await inTurn(() => close.call(client));
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
    require('node:v8').setFlagsFromString('${compileOnce}');
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
