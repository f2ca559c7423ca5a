import { stringifyJson } from '../../../json.ts';
import type { Json } from '../../../processes/value-types.ts';
import { type Job, PermanentJobError } from '../../engine.ts';
import type { HttpAuthentication, HttpJsonInput } from './http-json-input.ts';
import { HttpFailedError, type HttpLimits, type HttpRequest, sendRequest } from './http-request.ts';

/** Builds the request from a connector's inputs, and gets an OAuth token if they ask for one. */
export async function buildRequest(
  job: Job,
  input: HttpJsonInput,
  limits: HttpLimits,
  signal: AbortSignal,
): Promise<HttpRequest> {
  const url = parseUrl(input.url, 'url');
  for (const [name, value] of Object.entries(input.queryParameters ?? {})) {
    for (const item of value === null ? [] : [value].flat()) url.searchParams.append(name, item);
  }
  const headers = new Map<string, string>();
  for (const [name, value] of Object.entries(input.headers ?? {})) {
    // Node sets the headers for the body's length itself.
    const isFraming = /^(?:content-length|transfer-encoding)$/i.test(name);
    if (value !== null && !isFraming) headers.set(name.toLowerCase(), [value].flat().join(', '));
  }
  const request = {
    method: input.method,
    url,
    connectTimeout: input.connectionTimeoutInSeconds * 1000,
    readTimeout: input.readTimeoutInSeconds * 1000,
  };
  await authenticate(input.authentication ?? { type: 'noAuth' }, { url, headers }, (endpoint, form, formHeaders) =>
    requestToken({ ...request, method: 'POST', url: endpoint, headers: formHeaders, body: form }, limits, signal),
  );
  const body = bodyOf(input, headers);
  setDefault(headers, 'accept', 'application/json, */*');
  // Compression is refused because the decompressed size could not be limited.
  headers.set('accept-encoding', 'identity');
  setDefault(headers, 'idempotency-key', job.key);
  return { ...request, headers: Object.fromEntries(headers), body };
}

function parseUrl(url: string, name: string): URL {
  // The message leaves out the value, which may contain a secret.
  if (!URL.canParse(url)) throw new PermanentJobError(`the input ${name} is not a URL`);
  return new URL(url);
}

function setDefault(headers: Map<string, string>, name: string, value: string): void {
  if (!headers.has(name)) headers.set(name, value);
}

type TokenRequest = (endpoint: URL, form: string, headers: Record<string, string>) => Promise<string>;

async function authenticate(
  authentication: HttpAuthentication,
  { url, headers }: { url: URL; headers: Map<string, string> },
  token: TokenRequest,
): Promise<void> {
  switch (authentication.type) {
    case 'noAuth':
      return;
    case 'basic':
      headers.set('authorization', basic(authentication.username, authentication.password ?? ''));
      return;
    case 'bearer':
      headers.set('authorization', `Bearer ${authentication.token}`);
      return;
    case 'apiKey':
      if (authentication.apiKeyLocation === 'query') url.searchParams.append(authentication.name, authentication.value);
      else headers.set(authentication.name.toLowerCase(), authentication.value);
      return;
    case 'oauth-client-credentials-flow':
      headers.set('authorization', `Bearer ${await clientCredentialsToken(authentication, token)}`);
  }
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** RFC 6749, 4.4. */
function clientCredentialsToken(
  authentication: Extract<HttpAuthentication, { type: 'oauth-client-credentials-flow' }>,
  token: TokenRequest,
): Promise<string> {
  const { oauthTokenEndpoint, clientId, clientSecret, audience, scopes, clientAuthentication } = authentication;
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (audience) form.set('audience', audience);
  if (scopes) form.set('scope', scopes);
  const headers: Record<string, string> = { 'content-type': 'application/x-www-form-urlencoded' };
  if (clientAuthentication === 'basicAuthHeader') {
    headers.authorization = basic(clientId, clientSecret);
  } else {
    form.set('client_id', clientId);
    form.set('client_secret', clientSecret);
  }
  return token(parseUrl(oauthTokenEndpoint, 'authentication.oauthTokenEndpoint'), form.toString(), headers);
}

async function requestToken(request: HttpRequest, limits: HttpLimits, signal: AbortSignal): Promise<string> {
  const { status, body } = await sendRequest(request, limits, signal);
  const token = status === 200 ? tokenIn(body) : undefined;
  // The message leaves out the body, which may contain a token.
  if (token === undefined)
    throw new HttpFailedError(String(status), `the OAuth token endpoint answered ${status} and no token`);
  return token;
}

function tokenIn(body: string): string | undefined {
  try {
    const token: unknown = JSON.parse(body)?.access_token;
    return typeof token === 'string' ? token : undefined;
  } catch {
    return undefined;
  }
}

/** Texts are sent unchanged, other values as JSON, or as a form if the content type says so. */
function bodyOf(input: HttpJsonInput, headers: Map<string, string>): string | undefined {
  const { body, method } = input;
  if (body === undefined || body === null || method === 'GET' || method === 'HEAD') return undefined;
  setDefault(headers, 'content-type', 'application/json');
  const type = headers.get('content-type') ?? '';
  if (type.startsWith('multipart/')) throw new PermanentJobError('a multipart body is not supported');
  if (typeof body === 'string') return body;
  const sent = input.ignoreNullValues ? withoutNulls(body) : body;
  if (type.startsWith('application/x-www-form-urlencoded') && isContext(sent)) {
    const form = new URLSearchParams();
    for (const [name, value] of Object.entries(sent)) if (value !== null) form.set(name, formText(value));
    return form.toString();
  }
  return stringifyJson(sent);
}

function isContext(value: Json): value is { [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function formText(value: Json): string {
  return typeof value === 'object' ? stringifyJson(value) : String(value);
}

function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const present = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(present.map(([name, member]) => [name, withoutNulls(member)]));
}
