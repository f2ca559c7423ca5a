import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Core, slackTimings, type Timings, type Tokens, type Violation } from './core.ts';
import { completeEvent, completeInteraction } from './delivery/complete.ts';
import { Deliverer } from './delivery/deliverer.ts';
import { createHttpTransport } from './delivery/http-transport.ts';
import { createSocketMode } from './delivery/socket-mode.ts';
import type { Transport } from './delivery/transport.ts';
import { Channel } from './driver/channel.ts';
import { Person } from './driver/person.ts';
import { WorkspaceAdmin } from './driver/workspace-admin.ts';
import { Faults } from './faults.ts';
import { handleRequest, handleUpgrade } from './handle-request.ts';
import { deliverOnceConnected, type KeptWorkspace, restoredState } from './kept-workspace.ts';
import { type RequestUrls, readManifest } from './manifest.ts';
import type { Checklist } from './page-server/checklist.ts';
import { createPageServer, type PageServerOptions } from './page-server/page-server.ts';
import { defaultSeed, stateFromSeed, type WorkspaceSeed } from './seed.ts';
import { asTables, type WorkspaceState } from './state.ts';
import { Traffic } from './traffic.ts';

export interface SandboxOptions {
  /** The YAML text of the app's manifest, which declares the app's scopes, events, commands and shortcuts. */
  manifest: string;
  seed?: WorkspaceSeed;
  /** The first number of new ids, 0 by default. Set it if the app may still know the ids of an earlier workspace. */
  idsFrom?: number;
  /** The data stored by an earlier sandbox, used in place of the seed. */
  kept?: KeptWorkspace | undefined;
  host?: string;
  /** 0, the default, means any free port. */
  port?: number;
  /** Public base URL, if the sandbox is mounted on another server. */
  url?: string;
  tokens?: Partial<Tokens>;
  timings?: Partial<Timings>;
  /** Minimum interval between two `chat.postMessage` to a channel, in milliseconds; 0, the default, is no limit. */
  postIntervalMs?: number;
  /** Whether the rate limits of the Web API apply, by each method's tier; false by default. */
  rateLimits?: boolean;
  /** The clock, in milliseconds since 1970. */
  now?: () => number;
  /** Further content of the page. */
  page?: PageServerOptions;
  /** Number of deliveries, and of calls, whose traffic is remembered; absent: all. */
  keepTraffic?: number;
}

export type SeededPerson = 'anna' | 'oleg' | 'olga' | 'rita' | 'sam' | 'gina' | 'carl' | 'emma';

export interface Sandbox {
  readonly url: string;
  /** The value for `slackApiUrl`: ends with a slash. */
  readonly apiUrl: string;
  readonly botToken: string;
  readonly appToken: string;
  readonly configToken: string;
  readonly signingSecret: string;
  readonly teamId: string;
  readonly appId: string;
  readonly botUserId: string;
  readonly botId: string;
  /** The people of the default seed. */
  readonly people: Record<SeededPerson, Person>;
  /** Finds a person by handle or id. */
  person(handleOrId: string): Person;
  /** Finds a channel by name (with or without `#`) or id. */
  channel(nameOrId: string): Channel;
  /** Administrators' actions: accounts, user groups. */
  readonly workspace: WorkspaceAdmin;
  readonly traffic: Traffic;
  readonly faults: Faults;
  /** Requests that were refused, and answers that were wrong or too late. Injected faults do not count. */
  readonly violations: Violation[];
  /** Slack's delays; can be changed at any time. */
  readonly timings: Timings;
  readonly state: WorkspaceState;
  /** Returns the data to store for a later sandbox. */
  keep(): KeptWorkspace;
  readonly socketConnections: number;
  /** From now on delivers signed HTTP requests to these URLs in place of Socket Mode. Several sets of URLs take turns. */
  deliverOverHttp(...requestUrls: [RequestUrls, ...RequestUrls[]]): void;
  /** Switches back to Socket Mode. */
  deliverOverSocket(): void;
  /** The steps to try first, shown on the page. */
  readonly checklist: Checklist;
  handleRequest(request: IncomingMessage, response: ServerResponse): void;
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): Promise<void>;
}

/** Creates a sandbox without a server of its own: mount `handleRequest` and `handleUpgrade` below `options.url`. */
export function createSandbox(options: SandboxOptions): Sandbox {
  const manifest = readManifest(options.manifest);
  const now = options.now ?? Date.now;
  const { kept } = options;
  const fresh = stateFromSeed(options.seed ?? defaultSeed, manifest, now(), options.idsFrom);
  const state = asTables(kept ? restoredState(fresh, kept.state) : fresh);
  const timings: Timings = { ...slackTimings, ...options.timings };
  const tokens: Tokens = {
    bot: 'xoxb-sandbox-bot-token',
    app: 'xapp-sandbox-app-token',
    config: 'xoxe.xoxp-sandbox-config-token',
    signingSecret: 'sandbox-signing-secret',
    verification: 'sandbox-verification-token',
    ...options.tokens,
  };
  const traffic = new Traffic(options.keepTraffic);
  const socketMode = createSocketMode({ appId: state.app.id, onChange: () => traffic.changed() });
  let http: Transport | undefined;
  const deliverer = new Deliverer({ traffic, timings, now, transport: () => http ?? socketMode });
  const faults = new Faults({
    deliverer,
    dropConnections: () => socketMode.drop(),
    refuseConnections: (on) => socketMode.refuse(on),
    requestReconnect: () => socketMode.renew(timings.renewalMs),
    completeEvent: (body) => completeEvent(core, body),
    completeInteraction: (body) => completeInteraction(core, body),
  });
  const violations: Violation[] = [];
  const core: Core = {
    state,
    manifest,
    tokens,
    timings,
    traffic,
    faults,
    deliverer,
    violations,
    url: (options.url ?? '').replace(/\/$/, ''),
    postIntervalMs: options.postIntervalMs ?? 0,
    hasRateLimits: options.rateLimits ?? false,
    tokenRefusal: undefined,
    now,
  };
  if (kept) deliverOnceConnected(traffic, () => socketMode.connections > 0, deliverer, kept.undelivered);
  const pages = createPageServer(core, () => socketMode.connections, options.page);
  const person = (handleOrId: string) => new Person(core, handleOrId);
  const names: SeededPerson[] = ['anna', 'oleg', 'olga', 'rita', 'sam', 'gina', 'carl', 'emma'];
  const people = Object.fromEntries(names.map((name) => [name, person(name)])) as Record<SeededPerson, Person>;
  return {
    get url() {
      return core.url;
    },
    set url(value: string) {
      core.url = value;
    },
    get apiUrl() {
      return `${core.url}/api/`;
    },
    botToken: tokens.bot,
    appToken: tokens.app,
    configToken: tokens.config,
    signingSecret: tokens.signingSecret,
    teamId: state.team.id,
    appId: state.app.id,
    botUserId: state.app.botUserId,
    botId: state.app.botId,
    people,
    person,
    channel: (nameOrId) => Channel.named(core, nameOrId),
    workspace: new WorkspaceAdmin(core),
    traffic,
    faults,
    violations,
    timings,
    state,
    keep: () => ({ state, undelivered: deliverer.undelivered }),
    get socketConnections() {
      return socketMode.connections;
    },
    deliverOverHttp(...requestUrls) {
      http?.close();
      http = createHttpTransport({ requestUrls, signingSecret: tokens.signingSecret, now });
    },
    deliverOverSocket() {
      http?.close();
      http = undefined;
    },
    handleRequest(request, response) {
      handleRequest(core, request, response, { issueTicket: () => socketMode.issueTicket(), pages });
    },
    handleUpgrade(request, socket, head) {
      handleUpgrade(core, request, socket, head, { socketMode, pages });
    },
    checklist: pages.checklist,
    async close() {
      pages.close();
      deliverer.stopRedelivery();
      http?.close();
      socketMode.close();
    },
  };
}

/** Starts a sandbox on an HTTP server of its own. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const sandbox: Sandbox & { url: string } = createSandbox(options);
  const server = createServer((request, response) => sandbox.handleRequest(request, response));
  server.on('upgrade', (request, socket, head) => sandbox.handleUpgrade(request, socket, head));
  const host = options.host ?? '127.0.0.1';
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  if (!options.url) {
    const { port } = server.address() as AddressInfo;
    sandbox.url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  }
  const closeSandbox = sandbox.close;
  sandbox.close = async () => {
    await closeSandbox();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return sandbox;
}
