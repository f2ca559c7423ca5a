import { readFileSync } from 'node:fs';
import { Agent, request } from 'undici';

export interface ClusterFetchOptions {
  /** The `CAMUNDA_…` variables. */
  environment: Readonly<Record<string, string>>;
  /** Timeout of a request, in milliseconds. */
  timeoutMs(url: URL): number;
  /** Converts a JSON body before it is sent. */
  outward(body: string): string;
  /** Converts an answer's text before the client reads it. */
  inward(url: URL, status: number, text: string): string;
  /** Called with the `date` header of each answer. */
  onDate(date: Date): void;
}

/**
 * The fetch function for Camunda's client: with a timeout, and with the client certificate of the `CAMUNDA_MTLS_…` variables,
 * which the client passes in an option that Node's fetch does not have. Throws a TypeError, as fetch does.
 */
export function createClusterFetch(options: ClusterFetchOptions): typeof fetch {
  const dispatcher = new Agent({ connect: clientCertificate(options.environment) });
  return async (input, init) => {
    // The client passes API calls as ready Request objects; for tokens it passes an address and options.
    const asked = input instanceof Request && init === undefined ? input : new Request(input, init);
    const url = new URL(asked.url);
    const text = await asked.arrayBuffer();
    const isJson = asked.headers.get('content-type')?.startsWith('application/json') ?? false;
    const abort = new AbortController();
    const late = setTimeout(() => abort.abort(tooLate()), options.timeoutMs(url));
    const given = () => abort.abort(asked.signal.reason);
    asked.signal.addEventListener('abort', given);
    try {
      asked.signal.throwIfAborted();
      const { statusCode, headers, body } = await request(url, {
        dispatcher,
        method: asked.method as 'GET',
        headers: Object.fromEntries(asked.headers),
        ...(text.byteLength > 0 && {
          body: isJson ? options.outward(Buffer.from(text).toString()) : Buffer.from(text),
        }),
        signal: abort.signal,
        // The timeout covers the whole request.
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      const answer = await body.text();
      if (statusCode >= 300 && statusCode < 400) throw new Error('unexpected redirect');
      if (typeof headers.date === 'string') options.onDate(new Date(headers.date));
      const isEmpty = statusCode === 204 || statusCode === 205;
      return new Response(isEmpty ? null : options.inward(url, statusCode, answer), {
        status: statusCode,
        headers: { 'content-type': String(headers['content-type'] ?? '') },
      });
    } catch (cause) {
      // The client recognises only a TypeError as a network error.
      throw new TypeError('fetch failed', { cause });
    } finally {
      clearTimeout(late);
      asked.signal.removeEventListener('abort', given);
    }
  };
}

const tooLate = () => new DOMException('no answer in time', 'TimeoutError');

/** Throws if a file cannot be read. */
function clientCertificate(environment: Readonly<Record<string, string>>) {
  const pem = (name: string) => {
    const path = environment[`${name}_PATH`];
    return environment[name] || (path ? readFileSync(path, 'utf8') : undefined);
  };
  const [cert, key, ca] = ['CAMUNDA_MTLS_CERT', 'CAMUNDA_MTLS_KEY', 'CAMUNDA_MTLS_CA'].map(pem);
  const passphrase = environment.CAMUNDA_MTLS_KEY_PASSPHRASE;
  return { ...(cert && { cert }), ...(key && { key }), ...(ca && { ca }), ...(passphrase && { passphrase }) };
}
