import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { slackFetch } from '../../../src/slack/calls/slack-fetch.ts';
import { type Address, listenAtAddress } from '../../helpers/address.ts';

let connections: number;
let address: Address | undefined;
afterEach(() => address?.leave());

async function serve(answer: RequestListener): Promise<string> {
  connections = 0;
  address = await listenAtAddress(createServer(answer).on('connection', () => (connections += 1)));
  return `${address.url}/api/chat.postMessage`;
}

test('an answer has its status, its headers and its text', async () => {
  const url = await serve((_, response) => {
    response.writeHead(429, { 'Retry-After': '7' }).end('slow down');
  });
  const answer = await slackFetch(url, { method: 'POST', body: 'text=hello' });
  expect(answer).toMatchObject({ url, status: 429, ok: false });
  expect(answer.headers.get('Retry-After')).toBe('7');
  expect(answer.headers.get('X-OAuth-Scopes')).toBeNull();
  expect(await answer.text()).toBe('slow down');
});

test('connections are used again, even if nobody reads the answers', async () => {
  let sent = Promise.resolve();
  const url = await serve((_, response) => {
    sent = once(response, 'close').then(() => {});
    response.writeHead(429).end('slow down'.repeat(100_000));
  });
  for (let call = 0; call < 20; call += 1) {
    await slackFetch(url, { method: 'POST', body: 'text=hello' });
    await sent;
  }
  // A call that comes before the client has read the end of the last answer takes another one.
  expect(connections).toBeLessThan(15);
});

test('a compressed answer is read', async () => {
  const url = await serve(({ headers }, response) => {
    expect(headers['accept-encoding']).toBe('gzip');
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"ok":true,"name":"Ångström"}'));
  });
  const answer = await slackFetch(url, { method: 'POST', body: 'text=hello' });
  expect(await answer.json()).toEqual({ ok: true, name: 'Ångström' });
});

test('an empty answer is empty, even if it says that it is compressed', async () => {
  const url = await serve((_, response) => response.writeHead(503, { 'content-encoding': 'gzip' }).end());
  const answer = await slackFetch(url, { method: 'POST', body: 'text=hello' });
  expect(await answer.text()).toBe('');
});

test('an answer that only says that it is compressed fails when it is read', async () => {
  const url = await serve((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('{"ok":true}'));
  const answer = await slackFetch(url, { method: 'POST', body: 'text=hello' });
  await expect(answer.text()).rejects.toThrow('incorrect header');
});

test('an answer that is cut off fails when it is read', async () => {
  const url = await serve((_, response) => {
    response.writeHead(200, { 'content-length': 100 }).write('{"ok":');
    setImmediate(() => response.destroy());
  });
  const answer = await slackFetch(url, { method: 'POST', body: 'text=hello' });
  await expect(answer.text()).rejects.toThrow();
});

test('a call without an answer in time fails', async () => {
  const url = await serve(() => {});
  const signal = AbortSignal.timeout(50);
  await expect(slackFetch(url, { method: 'POST', body: 'text=hello', signal })).rejects.toThrow('timeout');
});
