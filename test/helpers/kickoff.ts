import { readFile } from 'node:fs/promises';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../sandbox/sandbox.ts';
import { type Config, readConfig } from '../../src/config.ts';
import { type Kickoff, startKickoff } from '../../src/kickoff.ts';
import { createLogger } from '../../src/logger.ts';
import { type Crm, startCrm } from './crm.ts';
import { createPostgresDatabase } from './database.ts';

export type DeliveryMode = 'socket' | 'http';
export const deliveryModes: DeliveryMode[] = ['socket', 'http'];

/** A company as Kickoff's users see it: its Slack workspace, its CRM, and Kickoff between them. */
export interface World {
  sandbox: Sandbox;
  crm: Crm;
  kickoff: Kickoff;
  config: Config;
  /** Another Kickoff on the same database (real Postgres only; undefined elsewhere). */
  startReplica(): Promise<Kickoff>;
  close(): Promise<void>;
}

export interface WorldOptions {
  mode?: DeliveryMode;
  /** Environment variables over the defaults. */
  environment?: Record<string, string>;
  sandbox?: Partial<SandboxOptions>;
}

/** Starts sandbox, CRM and Kickoff, on real Postgres where TEST_DATABASE_URL names a server, else on PGlite in memory. */
export async function startWorld({
  mode = 'socket',
  environment = {},
  sandbox: options = {},
}: WorldOptions = {}): Promise<World> {
  const [sandbox, crm, database] = await Promise.all([
    startSandbox({ manifest: await readFile('manifest.yml', 'utf8'), ...options }),
    startCrm(),
    process.env.TEST_DATABASE_URL ? createPostgresDatabase() : undefined,
  ]);
  const config = readConfig({
    SLACK_BOT_TOKEN: sandbox.botToken,
    SLACK_API_URL: sandbox.apiUrl,
    ...(mode === 'socket' ? { SLACK_APP_TOKEN: sandbox.appToken } : { SLACK_SIGNING_SECRET: sandbox.signingSecret }),
    DATABASE_URL: database?.url,
    DATA_DIR: ':memory:',
    SECRET_CRM_URL: crm.url,
    HTTP_ALLOWED_HOSTS: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent',
    ...environment,
  });
  const start = async () => {
    const kickoff = await startKickoff(config, createLogger(config.logLevel));
    await kickoff.ready;
    return kickoff;
  };
  const kickoff = await start();
  if (mode === 'http') sandbox.deliverOverHttp(`http://127.0.0.1:${kickoff.port}/slack/events`);
  const replicas: Kickoff[] = [];
  return {
    sandbox,
    crm,
    kickoff,
    config,
    async startReplica() {
      const replica = await start();
      replicas.push(replica);
      return replica;
    },
    async close() {
      await Promise.all([kickoff, ...replicas].map((one) => one.stop()));
      await Promise.all([sandbox.close(), crm.close()]);
      await database?.drop();
    },
  };
}
