import type { FetchFunction } from '@slack/web-api';
import { type Dispatcher, request } from 'undici';

/**
 * The fetch function of the Web API clients. Node's own takes twice the processor time of all the rest of a call, for streams
 * and checks that a call does not need. Redirects are not followed, and answers are not compressed.
 */
export const slackFetch: FetchFunction = async (url, { method = 'GET', headers = {}, body = null, signal } = {}) => {
  const answer = await request(url, {
    method: method as Dispatcher.HttpMethod,
    headers,
    // The arguments of Kickoff's calls contain no files.
    body: body as string | null,
    ...(signal && { signal }),
  });
  const { statusCode: status } = answer;
  // Read even if the client does not, as after a 429: only then can the connection be used again.
  const text = answer.body.text();
  text.catch(() => {});
  const fields = new Map(Object.entries(answer.headers).map(([name, value]) => [name, String(value)]));
  return {
    url: String(url),
    status,
    statusText: '',
    ok: status >= 200 && status < 300,
    headers: { get: (name) => fields.get(name.toLowerCase()) ?? null, entries: () => fields.entries() },
    text: () => text,
    json: async () => JSON.parse(await text),
    arrayBuffer: async () => new TextEncoder().encode(await text).buffer,
  };
};
