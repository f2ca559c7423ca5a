import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Core } from './core.ts';
import { SlackError } from './slack-error.ts';
import { readBody } from './web-api/arguments.ts';
import { appMayRead } from './web-api/files.ts';
import { handleCall } from './web-api/handle-call.ts';
import { handleResponseUrl } from './web-api/response-url.ts';

function sendFile(core: Core, request: IncomingMessage, response: ServerResponse, fileId: string): void {
  const file = core.state.files[fileId];
  const authorized = request.headers.authorization === `Bearer ${core.tokens.bot}`;
  if (!file || !authorized || !appMayRead(core, file) || !core.manifest.botScopes.includes('files:read')) {
    // Slack answers with its sign-in page rather than with an error.
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end('<!DOCTYPE html><html><title>Sign in</title></html>');
    return;
  }
  response.writeHead(200, { 'content-type': file.mimetype });
  response.end(Buffer.from(file.content, 'base64'));
}

async function route(core: Core, request: IncomingMessage, response: ServerResponse, ticket: () => string) {
  const url = new URL(request.url ?? '/', 'http://sandbox');
  const prefix = core.url ? new URL(core.url).pathname.replace(/\/$/, '') : '';
  const path = url.pathname.startsWith(prefix) ? url.pathname.slice(prefix.length) : url.pathname;
  const [, room = '', first = '', second = ''] = path.split('/');
  if (room === 'api' && first) {
    const openSocket = () => `${core.url.replace(/^http/, 'ws')}/link/?ticket=${ticket()}&app_id=${core.state.app.id}`;
    await handleCall(core, request, response, { method: first, query: url.searchParams, openSocket });
  } else if (room === 'respond') {
    const answer = handleResponseUrl(core, second, await readBody(request));
    response.writeHead(answer.status, { 'content-type': 'text/plain' });
    response.end(answer.text);
  } else if (room === 'files-pri') {
    sendFile(core, request, response, first.split('-').slice(1).join('-'));
  } else {
    response.writeHead(404, { 'content-type': 'text/plain' });
    response.end('Not found');
  }
}

/** Answers a request to the sandbox: Web API, `response_url`, file contents. */
export function handleRequest(core: Core, request: IncomingMessage, response: ServerResponse, ticket: () => string) {
  route(core, request, response, ticket).catch((error: unknown) => {
    if (response.headersSent) return;
    const known = error instanceof SlackError;
    response.writeHead(known ? 200 : 500, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ ok: false, error: known ? error.code : `fatal_error: ${String(error)}` }));
  });
}
