import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { systemReason } from './errors.ts';
import type { Logger } from './logger.ts';

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;
export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

export interface Readiness {
  /** Why Kickoff is not ready; undefined if it is. */
  fault: string | undefined;
  /** Problems that do not keep Kickoff from working, one line each. */
  notes: string[];
}

export interface HttpServerOptions {
  port: number;
  host?: string | undefined;
  /** Whether Kickoff is ready. */
  readiness(): Promise<Readiness>;
  logger: Logger;
}

/**
 * In milliseconds: how long a request's headers, and all of it, may take to arrive; how often that is checked; and how long an
 * idle connection is kept. A proxy in front keeps its connections for 60 s (nginx, AWS): if Kickoff closed one first, a request
 * that was just sent would be lost.
 */
const patience = {
  headersTimeout: 5000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 1000,
  keepAliveTimeout: 75_000,
};

export interface HttpServer {
  port: number;
  /** Routes a path, and paths below it, to `handler`; `/` gets what no other route matches. */
  route(path: string, handler: RequestHandler): void;
  /** Routes requests for another protocol (WebSocket) to `handler`. */
  onUpgrade(handler: UpgradeHandler): void;
  close(): Promise<void>;
}

/** Starts Kickoff's only HTTP server: health, readiness, and routes that are added later. */
export async function startHttpServer({ port, host, readiness, logger }: HttpServerOptions): Promise<HttpServer> {
  const routes = new Map<string, RequestHandler>();
  const probes: Record<string, () => Promise<Readiness>> = {
    '/healthz': async () => ({ fault: undefined, notes: [] }),
    '/readyz': () => readiness().catch(() => ({ fault: 'not ready', notes: [] })),
  };
  const server = createServer(patience, (request, response) => {
    // Not parsed as a URL: strangers can request anything.
    const path = request.url?.split('?')[0] ?? '/';
    const probe = Object.hasOwn(probes, path) ? probes[path] : undefined;
    const handler = probe ? answerProbe(probe) : (handlerOf(routes, path) ?? notFound);
    try {
      handler(request, response);
    } catch (err) {
      logger.error({ err }, 'a request failed');
      if (response.headersSent) response.destroy();
      else answer(response, 500, 'failed');
    }
  });
  // Node no longer tracks a connection that became a WebSocket, but would wait for its end.
  const upgraded = new Set<Duplex>();
  let upgrade: UpgradeHandler = refuseUpgrade;
  server.on('upgrade', (request, socket, head) => {
    upgraded.add(socket);
    socket.once('close', () => upgraded.delete(socket));
    // Node has no listener on it any more, and a connection reset without one would end the process.
    socket.on('error', () => socket.destroy());
    try {
      upgrade(request, socket, head);
    } catch (err) {
      logger.error({ err }, 'a request failed');
      socket.destroy();
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(new Error(`PORT ${port} ${refusalOf(cause)}`, { cause })));
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    route: (path, handler) => routes.set(path, handler),
    onUpgrade(handler) {
      upgrade = handler;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        for (const socket of upgraded) socket.destroy();
      }),
  };
}

function refusalOf(error: Error): string {
  const isTaken = 'code' in error && error.code === 'EADDRINUSE';
  if (isTaken) return 'is in use by another program. Stop it, or choose another PORT.';
  return `cannot be listened on: ${systemReason(error)}`;
}

/** Refuses clients that connect too early; without an answer they would wait forever. */
function refuseUpgrade(_: IncomingMessage, socket: Duplex): void {
  socket.end('HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\n\r\n', () => socket.destroy());
}

/** The longest route that contains the path. */
function handlerOf(routes: ReadonlyMap<string, RequestHandler>, path: string): RequestHandler | undefined {
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
    const handler = routes.get(path.slice(0, end));
    if (handler) return handler;
  }
  return routes.get('/');
}

const notFound: RequestHandler = (_, response) => answer(response, 404, 'not found');

function answerProbe(probe: () => Promise<Readiness>): RequestHandler {
  return ({ method }, response) => {
    if (method !== 'GET' && method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
      return;
    }
    void probe().then(({ fault, notes }) =>
      answer(response, fault === undefined ? 200 : 503, [fault ?? 'ok', ...notes].join('\n')),
    );
  };
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}
