import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../sandbox/sandbox.ts';
import { waitUntil } from '../../sandbox/traffic.ts';
import { type Config, readConfig } from '../../src/config.ts';
import { createKickoff, type Kickoff, type KickoffParts } from '../../src/kickoff.ts';
import { createLogger } from '../../src/logger.ts';
import type { SlackContext } from '../../src/slack/slack-context.ts';
import { changeTimings, type TimingChanges, usualTimings } from '../../src/timings.ts';
import { type Crm, startCrm } from './crm.ts';
import { openTestDatabase, type TestDatabase } from './database.ts';
import { keepShown } from './keep-shown.ts';
import { pendingWork } from './quiet.ts';
import { requestUrlsOf } from './request-urls.ts';

/** Timeout for everything to become idle, in milliseconds. */
const quietMs = 25_000;

export type DeliveryMode = 'socket' | 'http';
const onPostgres = process.env.TEST_DATABASE_URL !== undefined;
/** For tests that depend on the delivery mode and on the database together: crashes and replicas. */
export const bothDeliveryModes: DeliveryMode[] = ['socket', 'http'];
/** For tests that depend on the delivery mode. */
export const deliveryModes: DeliveryMode[] = onPostgres ? ['http'] : bothDeliveryModes;
/** For tests that depend on neither: each database uses another mode. */
export const anyDeliveryMode: DeliveryMode[] = [onPostgres ? 'http' : 'socket'];

/** A line of pino's log; level 40 is a warning, 50 an error. */
export interface LogLine {
  level: number;
  msg: string;
  [field: string]: unknown;
}

/** A company that uses Kickoff: its Slack workspace, its CRM, and Kickoff between them. */
export interface World {
  sandbox: Sandbox;
  crm: Crm;
  kickoff: Kickoff;
  /** The parts of the Kickoff that was started last, as its listeners get them: database, directory, engine and others. */
  readonly context: SlackContext;
  config: Config;
  database: TestDatabase;
  /** Kickoff's log lines. */
  log: LogLine[];
  /** Resolves when everything is idle: no delivery, no due start, no job, no line or message to post. */
  quiet(): Promise<void>;
  /** Starts another Kickoff on the same database (for real Postgres). */
  startReplica(): Promise<Kickoff>;
  /**
   * Closes everything, and checks every test for what must never happen: an error in the log, a request refused by Slack, or
   * text about a process where a client can read it. `tolerate` skips the first two checks, for tests of faults.
   */
  close(options?: { tolerate?: boolean }): Promise<void>;
}

export interface WorldOptions extends Pick<KickoffParts, 'openEngines' | 'prepare'> {
  mode?: DeliveryMode;
  /** Environment variables that override the defaults. */
  environment?: Record<string, string>;
  sandbox?: Partial<SandboxOptions>;
  /** Replaces the new database; closed with the world. */
  database?: TestDatabase;
  /** Replaces `quickTimings`. */
  timings?: TimingChanges;
}

/** Short delays, so that only tests of batching and pacing wait for them. */
export const quickTimings = changeTimings(usualTimings, {
  calls: { minuteMs: 0 },
  activity: { channelPaceMs: 20, unpostedMs: 50, exposureMs: 300, restMs: 300 },
  pictures: { shortestPauseMs: 100 },
  followUp: { gatherMs: 1 },
  home: { gatherMs: 20, paceMs: 20 },
  camunda8: { pollMs: 300, definitionsMs: 1000, longPollMs: 1000 },
  operaton: { pollMs: 300, definitionsMs: 1000, longPollMs: 1000 },
  elma365: { pollMs: 300, fileMs: 300 },
});

/** A sandbox, a CRM and a database, on which Kickoff can be started. */
export interface PreparedWorld extends Omit<World, 'kickoff' | 'startReplica'> {
  /** Starts a Kickoff, which is stopped when the world is closed. */
  start(): Promise<Kickoff>;
}

/** Uses real Postgres if TEST_DATABASE_URL names a server, else PGlite in memory. */
export async function prepareWorld({
  mode = 'socket',
  environment = {},
  sandbox: options = {},
  database: given,
  timings = {},
  openEngines,
  prepare,
}: WorldOptions = {}): Promise<PreparedWorld> {
  const [sandbox, crm, database] = await Promise.all([
    startSandbox({ manifest: await readFile('manifest.yml', 'utf8'), ...options }),
    startCrm(),
    given ?? openTestDatabase(),
  ]);
  const config = readConfig({
    SLACK_BOT_TOKEN: sandbox.botToken,
    SLACK_API_URL: sandbox.apiUrl,
    ...(mode === 'socket' ? { SLACK_APP_TOKEN: sandbox.appToken } : { SLACK_SIGNING_SECRET: sandbox.signingSecret }),
    DATABASE_URL: database.url,
    DATA_DIR: ':memory:',
    SECRET_CRM_URL: crm.url,
    HTTP_ALLOWED_HOSTS: '127.0.0.1',
    PORT: '0',
    ...environment,
  });
  const log: LogLine[] = [];
  const logger = createLogger('info', {
    write(line) {
      log.push(JSON.parse(line));
      if (process.env.TEST_LOG) process.stdout.write(line);
    },
  });
  const started: Kickoff[] = [];
  let context: SlackContext | undefined;
  return {
    sandbox,
    crm,
    config,
    database,
    log,
    get context() {
      if (!context) throw new Error('Kickoff is not started yet');
      return context;
    },
    async start() {
      const kickoff = await createKickoff({
        config,
        logger,
        timings: changeTimings(quickTimings, timings),
        // Each Kickoff closes what it opened. PGlite has one connection, which belongs to the test.
        ...(database.url ? {} : { openDatabase: async () => ({ ...database, close: async () => {} }) }),
        ...(openEngines && { openEngines }),
        async prepare(prepared) {
          context = prepared;
          await prepare?.(prepared);
        },
      });
      await kickoff.ready;
      started.push(kickoff);
      if (mode === 'http' && started.length === 1) sandbox.deliverOverHttp(requestUrlsOf(kickoff));
      return kickoff;
    },
    async quiet() {
      let pending: string[] = [];
      const isQuiet = async () => {
        await sandbox.traffic.settled({ timeoutMs: quietMs });
        pending = await pendingWork(database.db);
        return pending.length === 0;
      };
      await waitUntil(sandbox.traffic.onChange, isQuiet, {
        timeoutMs: quietMs,
        describe: () => {
          const warnings = log.filter(({ level }) => level >= 40).slice(-20);
          return `quiet; there is still ${pending.join(', ')}\n${warnings.map((line) => JSON.stringify(line)).join('\n')}`;
        },
      });
    },
    async close({ tolerate = false } = {}) {
      // Waits for pending deliveries, whose acknowledgements would otherwise fail.
      await sandbox.traffic.settled({ timeoutMs: 5000 }).catch(() => {});
      await Promise.all(started.map((one) => one.stop()));
      await Promise.all([keepShown(sandbox), sandbox.close(), crm.close()]);
      await database.close();
      expect(postedToClients(sandbox), 'posted where clients can read it').toEqual([]);
      if (tolerate) return;
      expect(log.filter(({ level }) => level >= 50)).toEqual([]);
      expect(sandbox.violations).toEqual([]);
    },
  };
}

/** Starts sandbox, CRM and Kickoff. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const world = await prepareWorld(options);
  const kickoff = await world.start();
  return Object.assign(world, { kickoff, startReplica: world.start });
}

/** Messages of the app in channels with a client, except those of send steps of processes. */
function postedToClients({ traffic, state }: Sandbox): unknown[] {
  const isStaff = (userId: string) => {
    const user = state.users[userId];
    return user?.teamId === state.team.id && !user.isRestricted && !user.isUltraRestricted;
  };
  const clientsRead = (channelId: unknown) => {
    const channel = state.channels[String(channelId)];
    if (!channel || channel.imUser) return false;
    return (
      /^(support|help|vip)-/.test(channel.name) ||
      channel.connectedTeamIds.length > 0 ||
      !channel.members.every(isStaff)
    );
  };
  return [...traffic.callsOf('chat.postMessage'), ...traffic.callsOf('chat.update')]
    .filter(
      ({ args, answer }) =>
        answer?.ok === true &&
        clientsRead(args.channel) &&
        !JSON.stringify(args.metadata ?? '').includes('kickoff_job'),
    )
    .map(({ method, args }) => ({ method, channel: args.channel, text: args.text }));
}
