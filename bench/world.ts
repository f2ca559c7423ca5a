import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Condition } from '../src/bindings/condition.ts';
import { addBinding } from '../src/bindings/queries.ts';
import { openDatabase } from '../src/db/client.ts';
import { insertLiveChat } from '../src/live-chats/queries.ts';
import { freePort } from './free-port.ts';
import { type NodeProcess, startNodeProcess } from './node-process.ts';
import type { BenchOptions } from './options.ts';
import { openPostgres, type PostgresServer } from './postgres.ts';
import { benchProcess } from './process-files.ts';
import type { WorkspaceDescription } from './servers/slack.ts';
import type { Control, ControlAnswers } from './servers/slack-controls.ts';

/** The token for Kickoff's `/metrics`. */
export const metricsToken = 'metrics-of-the-bench';

/** Number of clients' channels, and of other channels. */
const channelCount = 50;

/** The environment of the measurements: a Postgres, a Slack workspace, and servers started on demand. */
export interface World {
  options: BenchOptions;
  postgres: PostgresServer;
  workspace: WorkspaceDescription;
  /** Creates a directory of process files. */
  processesDirectory(files: Iterable<{ name: string; text: string }>): Promise<string>;
  /** Starts a Bolt app; with `databaseUrl`, one that inserts before it acknowledges. */
  startBolt(databaseUrl?: string): Promise<NodeProcess>;
  startKickoff(settings: KickoffSettings): Promise<NodeProcess>;
  /** Starts a server of bench/servers, whose `/environment` returns the environment variables for a Kickoff that uses it. */
  startServer(script: string, environment: Record<string, string>): Promise<NodeProcess>;
  /** Sends a control to the workspace. */
  slack<What extends Control>(control: What): Promise<ControlAnswers[What['do']]>;
  /** Creates a database with a live chat of the clients' channels; their messages start a process once for each condition. */
  createLiveChatDatabase(conditions?: readonly (Condition | null)[]): Promise<string>;
  close(): Promise<void>;
}

export interface KickoffSettings {
  /** Absent: the embedded database, in its own directory. */
  databaseUrl?: string;
  processesDir: string;
  /** Whether Slack has no limits, for each method and channel. */
  isUnlimited?: boolean;
  environment?: Record<string, string>;
}

export async function openWorld(options: BenchOptions): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), 'kickoff-bench-'));
  const undo: (() => Promise<unknown>)[] = [() => rm(directory, { recursive: true, force: true })];
  const close = async () => {
    for (const step of undo.reverse()) await step();
  };
  const start = async (script: string, environment: Record<string, string>, readyPath: string, nodeArgs?: string[]) => {
    const server = await startNodeProcess({
      // From dist/modules/bench to dist/modules.
      script: new URL(`../${script}`, import.meta.url),
      port: await freePort(),
      environment,
      logFile: join(directory, 'servers.log'),
      readyPath,
      ...(nodeArgs ? { nodeArgs } : {}),
    });
    undo.push(() => server.stop());
    return server;
  };
  try {
    const postgres = await openPostgres(options.databaseUrl);
    undo.push(() => postgres.stop());
    const [manifest, nodeArgs] = await Promise.all([readFile('manifest.yml', 'utf8'), startArguments()]);
    const slack = await start(
      'bench/servers/slack.js',
      { MANIFEST: manifest, CHANNELS: String(channelCount) },
      '/workspace',
    );
    const answer = await fetch(`http://127.0.0.1:${slack.port}/workspace`);
    const workspace = (await answer.json()) as WorkspaceDescription;
    let directories = 0;
    const { profileDir } = options;
    return {
      options,
      postgres,
      workspace,
      async processesDirectory(files) {
        directories += 1;
        const path = join(directory, `processes-${directories}`);
        await mkdir(path);
        for (const { name, text } of files) await writeFile(join(path, name), text);
        return path;
      },
      startBolt: (databaseUrl) =>
        start(
          'bench/servers/bolt.js',
          { SIGNING_SECRET: workspace.signingSecret, ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}) },
          '/healthz',
        ),
      startServer: (script, environment) => start(script, environment, '/environment'),
      startKickoff: ({ databaseUrl, processesDir, isUnlimited = false, environment = {} }) =>
        start(
          isUnlimited ? 'bench/servers/kickoff.js' : '../src/main.js',
          {
            SLACK_BOT_TOKEN: workspace.botToken,
            SLACK_SIGNING_SECRET: workspace.signingSecret,
            SLACK_API_URL: workspace.apiUrl,
            ...(databaseUrl === undefined ? { DATA_DIR: join(directory, 'data') } : { DATABASE_URL: databaseUrl }),
            PROCESSES_DIR: processesDir,
            METRICS_TOKEN: metricsToken,
            ...environment,
          },
          '/readyz',
          [...nodeArgs, ...(profileDir ? ['--cpu-prof', `--cpu-prof-dir=${profileDir}`] : [])],
        ),
      async slack(control) {
        const url = `http://127.0.0.1:${slack.port}/control`;
        const answered = await fetch(url, { method: 'POST', body: JSON.stringify(control) });
        if (!answered.ok) throw new Error(`the workspace could not ${control.do}: ${await answered.text()}`);
        return (await answered.json()) as never;
      },
      createLiveChatDatabase: async (conditions = [null]) => {
        const url = await postgres.createDatabase();
        await setUpLiveChat(url, workspace, conditions);
        return url;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The options of Node with which `npm start` runs Kickoff. */
async function startArguments(): Promise<string[]> {
  const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as { scripts: { start: string } };
  return scripts.start.split(' ').filter((word) => word.startsWith('--'));
}

async function setUpLiveChat(
  databaseUrl: string,
  { teamId, operator }: WorkspaceDescription,
  conditions: readonly (Condition | null)[],
): Promise<void> {
  const database = await openDatabase({ databaseUrl, dataDir: '', logger: pino({ level: 'silent' }) });
  const liveChat = await insertLiveChat(database.db, teamId, {
    name: 'Clients',
    source: 'prefix',
    prefixes: ['client-'],
    channels: [],
    clients: 'everyone',
    operators: [operator],
    supervisors: [],
    operatorGroups: [],
    supervisorGroups: [],
    activityChannel: null,
  });
  if (!liveChat) throw new Error('the live chat was not saved');
  for (const condition of conditions) {
    await addBinding(database.db, {
      liveChatId: liveChat.id,
      event: 'message_received',
      processDefinitionId: benchProcess.id,
      processName: benchProcess.name,
      parameters: [],
      mapping: {},
      conditions: condition,
    });
  }
  await database.close();
}
