import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import type { RequestUrls } from '../../sandbox/manifest.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../sandbox/sandbox.ts';

/** The manifest of an app that is unrelated to Kickoff. */
export const manifest = `
display_information: { name: Florist }
features:
  app_home: { messages_tab_enabled: true }
  bot_user: { display_name: florist }
  shortcuts:
    - { name: Order flowers, type: message, callback_id: order, description: Orders flowers }
  slash_commands:
    - { command: /flowers, description: Shows flowers, should_escape: false }
oauth_config:
  scopes:
    bot: [channels:history, channels:join, channels:read, chat:write, commands, files:read, groups:history,
          groups:read, im:write, team:read, usergroups:read, users:read, users:read.email]
settings:
  event_subscriptions:
    bot_events: [channel_archive, channel_created, channel_deleted, channel_id_changed, channel_left, channel_rename,
                 channel_shared, channel_unarchive, channel_unshared, group_archive, group_deleted, group_left,
                 group_rename, group_unarchive, member_joined_channel, member_left_channel, message.channels,
                 message.groups, subteam_created, subteam_members_changed, subteam_updated, team_join, user_change]
`;

/** One URL for all kinds of deliveries, as for Bolt's receiver. */
const everythingAt = (url: string): RequestUrls => ({
  events: url,
  interactivity: url,
  options: url,
  commands: { '/flowers': url },
});

export const quiet = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => LogLevel.ERROR,
  setName() {},
};

export type Mode = 'socket' | 'http';

export interface RunningApp {
  sandbox: Sandbox;
  app: App;
  stop(): Promise<void>;
}

/** A sandbox with a real Bolt app, over Socket Mode or HTTP. */
export async function startApp(
  mode: Mode,
  register: (app: App) => void,
  options: Partial<SandboxOptions> = {},
): Promise<RunningApp> {
  const sandbox = await startSandbox({
    manifest,
    ...options,
    timings: { retryDelaysMs: [0, 10, 20], ...options.timings },
  });
  const clientOptions = { slackApiUrl: sandbox.apiUrl };
  const common = { token: sandbox.botToken, clientOptions, logger: quiet };
  const app =
    mode === 'socket'
      ? new App({ ...common, socketMode: true, appToken: sandbox.appToken })
      : new App({
          ...common,
          receiver: new HTTPReceiver({ signingSecret: sandbox.signingSecret, logger: quiet }),
        });
  register(app);
  if (mode === 'socket') {
    await app.start();
  } else {
    const server = await app.start(0);
    const address = server && 'address' in server ? server.address() : null;
    if (typeof address !== 'object' || address === null) throw new Error('no address');
    sandbox.deliverOverHttp(everythingAt(`http://127.0.0.1:${address.port}/slack/events`));
  }
  return {
    sandbox,
    app,
    async stop() {
      await sandbox.traffic.settled();
      await app.stop();
      await sandbox.close();
    },
  };
}

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  raw: string;
  /** The parsed body: JSON, or the form's `payload`, or the form's fields. */
  body: Record<string, unknown>;
}

export interface Answer {
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
  /** Whether the app does not answer at all. */
  silent?: boolean;
}

/** A sandbox whose app is a plain HTTP server with answers from the test. */
export async function startBareApp(
  answer: (received: Received, nth: number) => Answer | Promise<Answer>,
  options: Partial<SandboxOptions> = {},
) {
  const sandbox = await startSandbox({
    manifest,
    ...options,
    timings: { retryDelaysMs: [0, 10, 20], ...options.timings },
  });
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks).toString();
    const form = new URLSearchParams(raw);
    const json = request.headers['content-type'] === 'application/json' ? raw : form.get('payload');
    const body = json ? JSON.parse(json) : Object.fromEntries(form);
    const delivery = { path: request.url ?? '', headers: request.headers, raw, body };
    received.push(delivery);
    const { status = 200, body: text, headers, silent } = await answer(delivery, received.length);
    if (silent) return;
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(text === undefined ? '' : JSON.stringify(text));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  sandbox.deliverOverHttp(everythingAt(`${url}/`));
  const call = async (method: string, args: Record<string, unknown> = {}, token = sandbox.botToken) => {
    const response = await fetch(`${sandbox.apiUrl}${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(args),
    });
    return (await response.json()) as Record<string, unknown> & { ok: boolean; error?: string };
  };
  return {
    sandbox,
    /** The URL of the app. */
    url,
    received,
    call,
    async stop() {
      await sandbox.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type BareApp = Awaited<ReturnType<typeof startBareApp>>;
