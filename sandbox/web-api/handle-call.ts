import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Core, recordViolation } from '../core.ts';
import type { LostAnswer, PlannedAnswer } from '../faults.ts';
import type { JsonObject } from '../json.ts';
import { SlackError } from '../slack-error.ts';
import type { Call } from '../traffic.ts';
import { Args, parseArguments, readBody } from './arguments.ts';
import { chatMethods } from './chat.ts';
import { conversationMethods } from './conversations.ts';
import { fileMethods } from './files.ts';
import { type Method, type Methods, requireScope } from './method.ts';
import { requireRate } from './rate-limits.ts';
import { userMethods } from './users.ts';
import { validateMethods } from './validate.ts';
import { viewMethods } from './views.ts';

const methods: Methods = {
  ...userMethods,
  ...conversationMethods,
  ...chatMethods,
  ...viewMethods,
  ...fileMethods,
  ...validateMethods,
};

interface Reply {
  status: number;
  body: JsonObject;
  headers?: Record<string, string>;
  lostAs?: LostAnswer;
}

function checkToken(core: Core, token: string | undefined, wanted: NonNullable<Method['token']>): void {
  if (!token) throw new SlackError('not_authed');
  const known = [core.tokens.bot, core.tokens.app, core.tokens.config];
  if (!known.includes(token)) throw new SlackError('invalid_auth');
  if (token !== core.tokens[wanted]) throw new SlackError('not_allowed_token_type');
  if (wanted === 'bot' && core.tokenRefusal) throw new SlackError(core.tokenRefusal);
}

/**
 * Errors that a correct app gets, too: wait, the view has changed, or the file or person is not visible. Neither can an app
 * know that its token was revoked.
 */
const expected = new Set(['ratelimited', 'hash_conflict', 'file_deleted', 'access_denied', 'user_not_visible']);

function refusal(core: Core, method: string, error: SlackError): Reply {
  const { retryAfterSeconds, ...extra } = error.extra;
  const metadata = extra.response_metadata as { messages?: string[] } | undefined;
  const messages = metadata?.messages ?? (extra.needed ? [`needed: ${String(extra.needed)}`] : []);
  if (!expected.has(error.code) && error.code !== core.tokenRefusal) {
    recordViolation(core, { kind: 'web_api', subject: method, error: error.code, messages });
  }
  const body = { ok: false, error: error.code, ...extra };
  if (retryAfterSeconds === undefined) return { status: 200, body };
  return { status: 429, body, headers: { 'retry-after': String(retryAfterSeconds) } };
}

async function answer(
  core: Core,
  method: string,
  args: JsonObject,
  token: string | undefined,
  openSocket: () => string,
): Promise<Reply> {
  const fault = core.faults.take(method);
  await wait(fault.delayMs);
  const { answer: planned } = fault;
  const reply = answerNow(core, method, args, token, openSocket, planned);
  await wait(fault.answerDelayMs);
  return planned?.kind === 'lost' ? { ...reply, lostAs: planned.as } : reply;
}

async function wait(ms: number): Promise<void> {
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
}

function answerNow(
  core: Core,
  method: string,
  args: JsonObject,
  token: string | undefined,
  openSocket: () => string,
  planned: PlannedAnswer | undefined,
): Reply {
  if (planned?.kind === 'rate_limit') {
    const headers = { 'retry-after': String(planned.retryAfterSeconds) };
    return { status: 429, body: { ok: false, error: 'ratelimited' }, headers };
  }
  if (planned?.kind === 'status') return { status: planned.status, body: { ok: false, error: 'fatal_error' } };
  if (planned?.kind === 'error') return { status: 200, body: { ok: false, error: planned.error } };
  try {
    if (method === 'apps.connections.open') {
      checkToken(core, token, 'app');
      return { status: 200, body: { ok: true, url: openSocket() } };
    }
    const implementation = Object.hasOwn(methods, method) ? methods[method] : undefined;
    if (!implementation) throw new SlackError('unknown_method', { req_method: method });
    checkToken(core, token, implementation.token ?? 'bot');
    requireRate(core, method);
    if (implementation.scope) requireScope(core, implementation.scope);
    return { status: 200, body: { ok: true, ...implementation.run(core, new Args(args)) } };
  } catch (error) {
    if (error instanceof SlackError) return refusal(core, method, error);
    // An error in the sandbox itself, recorded so that tests which check the violations fail.
    recordViolation(core, { kind: 'web_api', subject: method, error: 'fatal_error', messages: [String(error)] });
    return { status: 500, body: { ok: false, error: 'fatal_error' } };
  }
}

/** Answers a request to `/api/<method>`. */
export async function handleCall(
  core: Core,
  request: IncomingMessage,
  response: ServerResponse,
  target: { method: string; query: URLSearchParams; openSocket: () => string },
): Promise<void> {
  const body = await readBody(request);
  const { token, ...args } = parseArguments(request, body, target.query);
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const call: Call = { id: randomUUID(), method: target.method, args, at: core.now() };
  core.traffic.called(call);
  const given = bearer ?? (typeof token === 'string' ? token : undefined);
  const reply = await answer(core, target.method, args, given, target.openSocket);
  // Copied: later changes in the workspace must not change the recorded answer.
  const text = JSON.stringify(reply.body);
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'x-oauth-scopes': core.manifest.botScopes.join(','),
    ...reply.headers,
  };
  if (reply.lostAs) loseAnswer(response, reply.lostAs, headers, text);
  else response.writeHead(reply.status, headers).end(text);
  core.traffic.answered(call, JSON.parse(text), reply.status, core.now() - call.at);
}

function loseAnswer(response: ServerResponse, as: LostAnswer, headers: Record<string, string>, text: string): void {
  switch (as) {
    case 'status':
      response.writeHead(503, headers).end('{"ok":false,"error":"service_unavailable"}');
      return;
    case 'cut':
      response.writeHead(200, { ...headers, 'content-length': Buffer.byteLength(text) });
      response.write(text.slice(0, 10), () => response.destroy());
      return;
    case 'page':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Please sign in to the proxy</html>');
  }
}
