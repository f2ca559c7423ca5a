import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { openCrm } from '../sandbox/crm/crm.ts';
import { workspaceFolder } from '../sandbox/keep-workspace.ts';
import { foreignness } from '../sandbox/page-server/refuse-foreign.ts';
import { createSandbox, type Sandbox } from '../sandbox/sandbox.ts';
import { defaultSeed } from '../sandbox/seed.ts';
import type { Config } from '../src/config.ts';
import { openDatabase } from '../src/db/client.ts';
import { lockDirectory } from '../src/db/lock-directory.ts';
import { createKickoff, type Kickoff } from '../src/kickoff.ts';
import type { Logger } from '../src/logger.ts';
import { firstMinute } from './first-minute/checklist.ts';
import { openFirstChannel, withholdFirstChannel } from './first-minute/first-channel.ts';
import { seedLiveChat } from './first-minute/seed-live-chat.ts';
import { openEmptied } from './open-emptied.ts';

/** Number of deliveries, and of calls, whose traffic the inspector remembers. */
const keepTraffic = 1000;

/** The directory of the workspace, beside Kickoff's database. */
export const workspaceDirectory = (root: string): string => join(root, 'workspace');

/** The URL at which programs on this machine reach a server that listens at that address. */
function localUrl(host: string, port: number): string {
  if (host === '0.0.0.0' || host === '::') return `http://127.0.0.1:${port}`;
  return `http://${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}

/**
 * Opens the workspace stored below `root` (undefined: in memory), or a new one with its first minute, and starts Kickoff in it.
 * `reset` is called by the page's button.
 */
export async function openSandbox(
  config: Config,
  root: string | undefined,
  logger: Logger,
  reset: () => Promise<void>,
): Promise<Kickoff> {
  const manifest = await readFile('manifest.yml', 'utf8');
  const { sandboxHost } = config;
  const workspaceDir = root && workspaceDirectory(root);
  const unlock = workspaceDir ? await lockDirectory(workspaceDir, 'Stop it, or choose another DATA_DIR.') : undefined;
  const folder = workspaceDir ? workspaceFolder(workspaceDir) : undefined;
  const kept = await folder?.read();
  const secrets = new Map(config.secrets);
  const httpAllowedHosts = [...config.httpAllowedHosts];
  const undo: (() => unknown)[] = [];
  const hostName = isIP(sandboxHost) === 0 ? sandboxHost : undefined;
  let sandbox: Sandbox | undefined;
  const workspace = () => {
    if (!sandbox) throw new Error('the sandbox is not there yet');
    return sandbox;
  };

  const kickoff = await createKickoff({
    config: { ...config, dataDir: root ?? ':memory:', secrets, httpAllowedHosts },
    logger,
    // The sandbox has no limits.
    timings: { calls: { minuteMs: 0 } },
    // Kickoff's records of an earlier workspace do not match a new one. Postgres may have more than one workspace in it.
    openDatabase: kept || config.databaseUrl ? openDatabase : openEmptied,
    async locateSlack(server) {
      const url = localUrl(sandboxHost, server.port);
      const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
      const people = { administrator: 'U0ANNA00001', operator: 'U0OLEG00001', client: 'U0CARL00001' };
      sandbox = createSandbox({
        manifest,
        url,
        kept,
        seed: {
          ...defaultSeed,
          // Times in texts use this machine's time zone, unless the seed gives a person another one.
          users: defaultSeed.users.map((user) => ({ timeZone, ...user })),
          channels: [
            ...defaultSeed.channels,
            {
              name: 'desk-activity',
              members: ['anna', 'oleg', 'olga', 'sam'],
              topic: 'What processes do',
              withApp: true,
            },
          ],
        },
        idsFrom: Date.now(),
        keepTraffic,
        // Other web sites must not be able to guess them.
        tokens: { bot: `xoxb-sandbox-${randomUUID()}`, app: `xapp-sandbox-${randomUUID()}` },
        page: {
          checklist: firstMinute(() => workspace().state, people),
          links: [{ label: 'CRM', url: '/crm' }],
          hostName,
          reset,
        },
      });
      // At once, because pages of an earlier workspace keep trying to reconnect.
      server.route('/', sandbox.handleRequest);
      server.onUpgrade(sandbox.handleUpgrade);
      withholdFirstChannel(sandbox);
      const crm = await openCrm({
        folder: workspaceDir,
        foreignness: (request) => foreignness(request, hostName),
        onLead: () => workspace().checklist.tick('lead'),
      });
      undo.push(() => crm.close());
      if (!secrets.has('CRM_URL')) {
        secrets.set('CRM_URL', `${url}/crm`);
        httpAllowedHosts.push(new URL(url).host);
      }
      server.route('/crm', crm.handleRequest);
      if (isIP(sandboxHost) === 0 ? sandboxHost !== 'localhost' : !/^(127\.|::1$)/.test(sandboxHost)) {
        logger.warn({ host: sandboxHost }, 'SANDBOX_HOST: whoever reaches this port can act as anybody in the sandbox');
      }
      const { botToken, apiUrl, appToken } = sandbox;
      return { botToken, apiUrl, delivery: { mode: 'socket', appToken } };
    },
    async prepare(context) {
      const { state, channel } = workspace();
      const idOf = (handle: string) => Object.values(state.users).find((user) => user.handle === handle)?.id ?? '';
      if (!kept) {
        await seedLiveChat(context, {
          operators: ['oleg', 'olga'].map(idOf),
          supervisors: [idOf('sam')],
          activityChannel: channel('desk-activity').id,
        });
      }
      // Not before: a stored workspace must already have its live chat.
      const keeping = folder?.follow(workspace(), (err) => logger.warn({ err }, 'the workspace could not be stored'));
      undo.push(() => keeping?.stop());
    },
  });

  const ready = kickoff.ready.then(async () => {
    const isTried = () => workspace().checklist.steps.some(({ id, isDone }) => id === 'write' && isDone);
    await openFirstChannel(workspace(), isTried);
    logger.info(`Open http://localhost:${kickoff.port} in your browser: the sandbox workspace is ready`);
  });
  ready.catch(() => {});
  let stopping: Promise<void> | undefined;
  return {
    port: kickoff.port,
    ready,
    stop() {
      stopping ??= (async () => {
        await kickoff.stop();
        for (const step of undo.reverse()) await step();
        await sandbox?.close();
        await unlock?.();
      })();
      return stopping;
    },
  };
}
