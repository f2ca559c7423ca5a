import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Core } from './core.ts';
import type { SocketMode } from './delivery/socket-mode.ts';
import type { PageServer } from './page-server/page-server.ts';
import { maxFileBytes } from './page-server/uploads.ts';
import { SlackError } from './slack-error.ts';
import { readBody, readBytes, TooLargeError } from './web-api/arguments.ts';
import { appMayRead, takeUpload } from './web-api/files.ts';
import { handleCall } from './web-api/handle-call.ts';
import { handleResponseUrl } from './web-api/response-url.ts';

function sendFile(core: Core, request: IncomingMessage, response: ServerResponse, fileId: string): void {
  const file = core.state.files[fileId];
  const authorized = request.headers.authorization === `Bearer ${core.tokens.bot}`;
  if (!file || !authorized || !appMayRead(core, file) || !core.manifest.botScopes.includes('files:read')) {
    // Slack answers with its sign-in page, not with an error.
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end('<!DOCTYPE html><html><title>Sign in</title></html>');
    return;
  }
  response.writeHead(200, { 'content-type': file.mimetype });
  response.end(Buffer.from(file.content, 'base64'));
}

/** The requested path and query, relative to the sandbox's base URL. */
function targetOf(core: Core, request: IncomingMessage): { path: string; query: URLSearchParams } | undefined {
  const asked = `http://sandbox${request.url ?? '/'}`;
  // Request targets of strangers may be invalid URLs.
  if (!URL.canParse(asked)) return undefined;
  const { pathname, searchParams: query } = new URL(asked);
  const prefix = core.url ? new URL(core.url).pathname.replace(/\/$/, '') : '';
  return { path: pathname.startsWith(prefix) ? pathname.slice(prefix.length) : pathname, query };
}

interface Parts {
  issueTicket: () => string;
  pages: PageServer;
}

async function route(core: Core, request: IncomingMessage, response: ServerResponse, { issueTicket, pages }: Parts) {
  const target = targetOf(core, request);
  const reason = target ? pages.foreignness(request) : 'That is no address';
  if (!target || reason !== undefined) {
    response.writeHead(target ? 403 : 404, { 'content-type': 'text/plain' }).end(reason);
    return;
  }
  const { path, query } = target;
  const [, room = '', first = '', second = ''] = path.split('/');
  if (room === 'api' && first) {
    const openSocket = () =>
      `${core.url.replace(/^http/, 'ws')}/link/?ticket=${issueTicket()}&app_id=${core.state.app.id}`;
    await handleCall(core, request, response, { method: first, query, openSocket });
  } else if (room === 'respond') {
    const answer = handleResponseUrl(core, second, await readBody(request));
    response.writeHead(answer.status, { 'content-type': 'text/plain' });
    response.end(answer.text);
  } else if (room === 'upload' && request.method === 'POST') {
    const taken = takeUpload(core, first, await readBytes(request, maxFileBytes));
    response.writeHead(taken === undefined ? 400 : 200, { 'content-type': 'text/plain' }).end(taken);
  } else if (room === 'files-pri') {
    sendFile(core, request, response, first.split('-').slice(1).join('-'));
  } else {
    await pages.handleRequest(request, response, path);
  }
}

/** Answers a request to the sandbox: Web API, `response_url`, file contents, the page. */
export function handleRequest(core: Core, request: IncomingMessage, response: ServerResponse, parts: Parts): void {
  route(core, request, response, parts).catch((error: unknown) => {
    // The answer is incomplete: ends the connection, or the client would wait for the rest.
    if (response.headersSent) return void response.destroy();
    if (error instanceof TooLargeError) return void response.writeHead(413, { connection: 'close' }).end();
    const known = error instanceof SlackError;
    response.writeHead(known ? 200 : 500, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ ok: false, error: known ? error.code : `fatal_error: ${String(error)}` }));
  });
}

/** Accepts a WebSocket: of Socket Mode, or of the page. */
export function handleUpgrade(
  core: Core,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  { socketMode, pages }: { socketMode: SocketMode; pages: PageServer },
): void {
  // Node has removed its own listener, and a connection reset without a listener would end the process.
  socket.on('error', () => socket.destroy());
  const target = targetOf(core, request);
  if (!target || pages.foreignness(request) !== undefined) {
    socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n');
  } else if (target.path === '/sandbox/socket') pages.handleUpgrade(request, socket, head);
  else socketMode.handleUpgrade(request, socket, head, target.query.get('ticket') ?? '');
}
