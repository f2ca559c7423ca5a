import { lookup as dnsLookup } from 'node:dns';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isAllowedHost, isPrivateAddress } from './private-address.ts';

export interface HttpRequest {
  method: string;
  url: URL;
  headers: Record<string, string>;
  body: string | undefined;
  /** Timeout for connecting, in milliseconds; 0: no limit. */
  connectTimeout: number;
  /** Timeout from then to the end of the response, in milliseconds; 0: no limit. */
  readTimeout: number;
}

export interface HttpResponse {
  status: number;
  /** Names as sent by the server; a repeated header is a list. */
  headers: Record<string, string | string[]>;
  body: string;
}

export interface HttpLimits {
  allowedHosts: readonly string[];
  /** Maximum size of a response's body in bytes. */
  maximumBody: number;
  /** Resolves host names; the system's resolver by default. */
  lookup?: typeof dnsLookup;
}

/** The request must not be made, or its response is not acceptable; a retry would not help. */
export class HttpRefusedError extends Error {
  override readonly name = 'HttpRefusedError';
}

/** No response came. `code` is Node's (`ECONNREFUSED`) or `ETIMEDOUT`; the message holds no address. */
export class HttpFailedError extends Error {
  override readonly name = 'HttpFailedError';
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * Sends one HTTP request. Unless the host is allowed, it connects only to public addresses. The address is checked while the
 * name is resolved for this connection, so that it cannot change afterwards. Redirects are not followed.
 *
 * @throws HttpRefusedError, HttpFailedError, and the signal's reason if it is aborted.
 */
export async function sendRequest(
  request: HttpRequest,
  limits: HttpLimits,
  signal: AbortSignal,
): Promise<HttpResponse> {
  signal.throwIfAborted();
  const { url } = request;
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new HttpRefusedError('the URL is neither http nor https');
  const isAllowed = isAllowedHost(url, limits.allowedHosts);
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  // Node does not call lookup for a literal address.
  if (!isAllowed && isIP(literal) !== 0 && isPrivateAddress(literal)) throw privateHost();
  const deadline = new AbortController();
  try {
    return await exchange(request, limits, isAllowed, AbortSignal.any([signal, deadline.signal]), deadline);
  } catch (error) {
    signal.throwIfAborted();
    if (deadline.signal.aborted) throw deadline.signal.reason;
    throw failure(error);
  }
}

async function exchange(
  { method, url, headers, body, connectTimeout, readTimeout }: HttpRequest,
  { maximumBody, lookup = dnsLookup }: HttpLimits,
  isAllowed: boolean,
  signal: AbortSignal,
  deadline: AbortController,
): Promise<HttpResponse> {
  const expire = (milliseconds: number, what: string) =>
    milliseconds > 0
      ? setTimeout(
          () => deadline.abort(new HttpFailedError('ETIMEDOUT', `${what} within ${milliseconds / 1000} s`)),
          milliseconds,
        )
      : undefined;
  let timer = expire(connectTimeout, 'no connection');
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const send = url.protocol === 'https:' ? requestHttps : requestHttp;
      const outgoing = send(url, {
        method,
        headers,
        signal,
        agent: false,
        lookup: isAllowed ? lookup : publicOnly(lookup),
      });
      outgoing.on('socket', (socket) =>
        socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
          clearTimeout(timer);
          timer = expire(readTimeout, 'no complete answer');
        }),
      );
      outgoing.on('response', resolve);
      outgoing.on('error', reject);
      outgoing.end(body);
    });
    return {
      status: response.statusCode ?? 0,
      headers: headersOf(response),
      body: await readBody(response, maximumBody),
    };
  } finally {
    clearTimeout(timer);
  }
}

function publicOnly(lookup: typeof dnsLookup): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      if (addresses.some(({ address }) => isPrivateAddress(address))) return callback(privateHost(), []);
      const [first] = addresses;
      if (options.all || !first) return callback(null, addresses);
      callback(null, first.address, first.family);
    });
  };
}

function privateHost(): HttpRefusedError {
  return new HttpRefusedError('the host is private or local, and HTTP_ALLOWED_HOSTS does not name it');
}

async function readBody(response: IncomingMessage, maximum: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    const buffer = Buffer.from(chunk);
    size += buffer.length;
    if (size > maximum) {
      response.destroy();
      throw new HttpRefusedError(`the answer is larger than ${maximum} bytes`);
    }
    chunks.push(buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function headersOf({ rawHeaders }: IncomingMessage): HttpResponse['headers'] {
  const headers = new Map<string, string | string[]>();
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const [name = '', value = ''] = rawHeaders.slice(i, i + 2);
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : [before, value].flat());
  }
  return Object.fromEntries(headers);
}

/** Uses Node's error code, not its message, which names the address, and that may be a secret. */
function failure(error: unknown): Error {
  if (error instanceof HttpRefusedError || error instanceof HttpFailedError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
  if (code === 'ERR_INVALID_CHAR' || code === 'ERR_INVALID_HTTP_TOKEN') {
    return new HttpRefusedError('a header has characters that HTTP does not allow');
  }
  return new HttpFailedError(code, `the server could not be reached (${code})`);
}
