import type { IncomingMessage, ServerResponse } from 'node:http';
import { HTTPModuleFunctions, isValidSlackRequest } from '@slack/bolt';
import type { Logger } from '../logger.ts';

/** The only path that Slack sends deliveries to. */
export const deliveriesPath = '/slack/events';

/** Maximum size of a body in bytes, larger than any delivery: a view's state with all its texts is about 300 KB. */
const bodyLimit = 4 * 1024 * 1024;

/** How long a body may take to arrive, in milliseconds: Slack gives up after 3 seconds. */
const bodyPatienceMs = 3000;

/** Slack: a request whose timestamp is more than five minutes off can be a replay. */
const clockSkewSeconds = 5 * 60;

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

interface GuardOptions {
  signingSecret: string;
  logger: Logger;
}

/** A request that is refused; the status is the whole answer. The message never quotes the request. */
class RefusedRequestError extends Error {
  override readonly name = 'RefusedRequestError';
  readonly status: number;
  readonly headers: Record<string, string>;
  constructor(status: number, reason: string, headers: Record<string, string> = {}) {
    super(reason);
    this.status = status;
    this.headers = headers;
  }
}

/**
 * Passes only requests to Bolt's receiver that Slack signed and that can be parsed. Bolt reads a body before it checks the
 * signature, quotes bodies in its log, and throws from event listeners, which ends the process. Here, a request without a
 * signature is refused before its body is read.
 */
export function guardRequests(listener: Listener, { signingSecret, logger }: GuardOptions): Listener {
  return (request, response) => {
    admit(request, signingSecret)
      .then((rawBody) => listener(Object.assign(request, { rawBody }), response))
      .catch((error: unknown) => {
        const isRefused = error instanceof RefusedRequestError;
        if (isRefused) logger.warn({ status: error.status, reason: error.message }, 'a request was refused');
        else logger.error({ err: error }, 'a request failed');
        if (response.headersSent) response.destroy();
        else response.writeHead(isRefused ? error.status : 503, isRefused ? error.headers : {}).end();
      });
  };
}

/** Reads the body of a request signed by Slack. Throws {@link RefusedRequestError}. */
async function admit(request: IncomingMessage, signingSecret: string): Promise<Buffer> {
  if (request.url?.split('?')[0] !== deliveriesPath) throw new RefusedRequestError(404, 'no such path');
  if (request.method !== 'POST') throw new RefusedRequestError(405, 'not a POST', { allow: 'POST' });
  const signature = request.headers['x-slack-signature'];
  const timestamp = Number(request.headers['x-slack-request-timestamp'] ?? Number.NaN);
  if (typeof signature !== 'string') throw new RefusedRequestError(401, 'no signature');
  if (!(Math.abs(Date.now() / 1000 - timestamp) <= clockSkewSeconds)) {
    throw new RefusedRequestError(401, 'the timestamp is more than five minutes off');
  }
  if (Number(request.headers['content-length'] ?? 0) > bodyLimit) throw tooLarge();
  const rawBody = await readBody(request);
  const headers = { 'x-slack-signature': signature, 'x-slack-request-timestamp': timestamp };
  if (!isValidSlackRequest({ signingSecret, body: rawBody.toString(), headers })) {
    throw new RefusedRequestError(401, 'wrong signature');
  }
  if (!isParsable(Object.assign(request, { rawBody })))
    throw new RefusedRequestError(400, 'the body is no JSON object');
  return rawBody;
}

function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const timer = setTimeout(() => {
      reject(new RefusedRequestError(408, 'the body did not arrive in time', { connection: 'close' }));
    }, bodyPatienceMs);
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= bodyLimit) chunks.push(chunk);
      else reject(tooLarge());
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', () => reject(new RefusedRequestError(400, 'the connection ended within the body')));
    request.on('close', () => clearTimeout(timer));
  });
}

/** Closes the connection with the answer, so that the rest of the body is not read. */
function tooLarge(): RefusedRequestError {
  return new RefusedRequestError(413, 'the body is too large', { connection: 'close' });
}

/** Whether Bolt will find an object in the body: a JSON object, a form with a `payload` that is one, or another form. */
function isParsable(request: IncomingMessage & { rawBody: Buffer }): boolean {
  try {
    const body: unknown = HTTPModuleFunctions.parseHTTPRequestBody(request);
    return typeof body === 'object' && body !== null && !Array.isArray(body);
  } catch {
    return false;
  }
}
