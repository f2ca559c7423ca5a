import { readFile, rm } from 'node:fs/promises';
import { sql } from 'drizzle-orm';
import { pino } from 'pino';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../sandbox/sandbox.ts';
import { waitUntil } from '../../sandbox/traffic.ts';
import { openDatabase } from '../../src/db/client.ts';
import { selectRows } from '../../src/db/query.ts';
import { type Crm, startCrm } from './crm.ts';
import { makeDataDirectory } from './data-directory.ts';
import { createPostgresDatabase } from './database.ts';
import type { DeliveryMode } from './kickoff.ts';
import { writePostingProcesses } from './posting-processes.ts';
import { type KickoffProcess, killProcesses, ProcessLog, shortLived, startKickoffProcess } from './process.ts';
import { requestUrlsOf } from './request-urls.ts';

export interface CrashWorldOptions {
  mode?: DeliveryMode;
  environment?: Record<string, string>;
  sandbox?: Partial<SandboxOptions>;
  /** Returns the URL at which Kickoff reaches the database, given its real one (real Postgres only). */
  databaseUrl?: (url: string) => Promise<string>;
  /** More options of Node. */
  nodeOptions?: string[];
  /** The file to run in place of Kickoff's main file. */
  entry?: string;
}

/** A workspace, a CRM and a Kickoff in a separate process, which can be killed and started again. */
export interface CrashWorld {
  sandbox: Sandbox;
  crm: Crm;
  log: ProcessLog;
  /** The database's URL on real Postgres; undefined on PGlite. */
  databaseUrl: string | undefined;
  /** Starts Kickoff; it must not be running. */
  start(options?: { untilReady?: boolean }): Promise<void>;
  /** `kill -9`. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  terminate(): Promise<number | null>;
  readonly kickoff: KickoffProcess;
  /** Number of process instances that posted this text to the CRM. */
  posts(path: string, text: string): number;
  /** Waits until each of these was posted to that path of the CRM. */
  posted(path: string, texts: string[], options?: { timeoutMs?: number }): Promise<void>;
  /** Stops Kickoff and counts the starts and process instances in its database, by process and status. */
  tally(): Promise<{ starts: Record<string, number>; instances: Record<string, number> }>;
  close(): Promise<void>;
}

/**
 * A Kickoff whose leases end 3 s after it was killed, instead of 10 s. For up to two kills: work that is under way at three in a
 * row is set aside.
 */
export const shortLeases = 'dist/test/short-leases.js';

/** Redeliveries every 150 ms for half a minute; Slack's come after one and five minutes. */
export const quickRetries = Array.from({ length: 200 }, () => 150);

export async function startCrashWorld(options: CrashWorldOptions = {}): Promise<CrashWorld> {
  const { mode = 'socket' } = options;
  const [sandbox, crm, processesDir, dataDir, database] = await Promise.all([
    startSandbox({
      manifest: await readFile('manifest.yml', 'utf8'),
      ...options.sandbox,
      timings: { retryDelaysMs: quickRetries, ...options.sandbox?.timings },
    }),
    startCrm(),
    writePostingProcesses(),
    makeDataDirectory(),
    process.env.TEST_DATABASE_URL ? createPostgresDatabase() : undefined,
  ]);
  const environment = {
    SLACK_BOT_TOKEN: sandbox.botToken,
    SLACK_API_URL: sandbox.apiUrl,
    ...(mode === 'socket' ? { SLACK_APP_TOKEN: sandbox.appToken } : { SLACK_SIGNING_SECRET: sandbox.signingSecret }),
    DATABASE_URL: database && (await (options.databaseUrl ?? (async (url: string) => url))(database.url)),
    DATA_DIR: dataDir,
    PROCESSES_DIR: processesDir,
    SECRET_CRM_URL: crm.url,
    HTTP_ALLOWED_HOSTS: '127.0.0.1',
    PORT: '0',
    ...options.environment,
  };
  const log = new ProcessLog();
  let kickoff: KickoffProcess | undefined;
  const running = () => {
    if (!kickoff) throw new Error('Kickoff does not run');
    return kickoff;
  };
  const posts = (path: string, text: string) =>
    new Set(
      crm.requests
        .filter((request) => request.path === path && Object.values(request.body ?? {}).includes(text))
        .map(({ headers }) => headers['idempotency-key']),
    ).size;
  const start = async ({ untilReady = true } = {}) => {
    kickoff = await startKickoffProcess(environment, log, {
      untilReady,
      nodeOptions: [...shortLived, ...(options.nodeOptions ?? [])],
      ...(options.entry && { entry: options.entry }),
    });
    if (mode === 'http') sandbox.deliverOverHttp(requestUrlsOf(kickoff));
  };
  const world: CrashWorld = {
    sandbox,
    crm,
    log,
    databaseUrl: database?.url,
    start,
    get kickoff() {
      return running();
    },
    kill: () => running().kill(),
    terminate: () => running().terminate(),
    posts,
    posted: async (path, texts, { timeoutMs = 25_000 } = {}) => {
      const missing = () => texts.filter((text) => posts(path, text) === 0);
      await waitUntil(sandbox.traffic.onChange, () => missing().length === 0, {
        timeoutMs,
        describe: () => `posted to ${path}; missing: ${missing().join(', ')}\n${log.text.slice(-5000)}`,
      });
    },
    async tally() {
      await running().terminate();
      const logger = pino({ level: 'silent' });
      const opened = await openDatabase({ databaseUrl: database?.url, dataDir, logger });
      try {
        const count = async (from: ReturnType<typeof sql>) =>
          Object.fromEntries(
            (await selectRows<{ what: string; number: number }>(opened.db, from)).map(({ what, number }) => [
              what,
              number,
            ]),
          );
        return {
          starts: await count(sql`select process_name || ' ' || status as what, count(*)::int as number
            from starts group by 1`),
          instances: await count(sql`select d.process_id || ' ' || i.status as what, count(*)::int as number
            from engine_instances i join engine_definitions d on d.key = i.definition_key group by 1`),
        };
      } finally {
        await opened.close();
      }
    },
    async close() {
      await killProcesses();
      await Promise.all([sandbox.close(), crm.close()]);
      await database?.drop();
      for (const directory of [dataDir, processesDir]) await rm(directory, { recursive: true, force: true });
    },
  };
  await start();
  return world;
}
