import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWorld, type World } from '../helpers/kickoff.ts';
import { requestText, sendRaw, signedHeaders } from '../helpers/raw-http.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ mode: 'http' });
  await world.quiet();
  // Warms up: the first request to a process runs code that is not compiled yet.
  await sendRaw(world.kickoff.port, requestText('GET /healthz'));
});
afterAll(() => world.close());

const send = (bytes: string | Buffer) => sendRaw(world.kickoff.port, bytes);
const signed = (body: string, options: { type?: string; shift?: number } = {}) =>
  signedHeaders(world.sandbox.signingSecret, body, options);
const form = 'application/x-www-form-urlencoded';
const json = { 'content-type': 'application/json' };

/** A delivery that is acknowledged and has no effect. */
const harmless = JSON.stringify({ type: 'event_callback', event_id: 'Ev1', team_id: 'T1', event: { type: 'unknown' } });

test.each([
  ['POST /slack/events/x', 404],
  ['POST /slack/events/', 404],
  ['POST /slack/events//[', 404],
  ['POST /slack/events%2f', 404],
  ['POST /slack/events;x', 404],
  ['POST /slack/install', 404],
  ['POST //[', 404],
  ['POST http://[', 404],
  ['POST http://kickoff.example/slack/events', 404],
  ['POST /%', 404],
  ['POST /%E0%A4%A', 404],
  ['POST /constructor', 404],
  ['POST /__proto__/x', 404],
  ['OPTIONS *', 404],
  ['GET /slack/events', 405],
  ['PUT /slack/events', 405],
  ['POST /slack/events', 401],
  ['POST /slack/events?x=[', 401],
  ['BREW /slack/events', 400],
  ['CONNECT slack.com:443', Number.NaN],
])('an unsigned %s with a body is answered %d at once', async (head, status) => {
  const answer = await send(requestText(head, json, harmless));
  expect(answer.status).toBe(status);
  expect(answer.after).toBeLessThan(1000);
});

describe('signatures', () => {
  test.each<[string, number, number]>([
    ['of now', 0, 200],
    ['four minutes old', -240, 200],
    ['dated four minutes ahead', 240, 200],
    ['six minutes old', -360, 401],
    ['dated six minutes ahead', 360, 401],
    ['dated a year ahead', 31_536_000, 401],
  ])('a request %s is answered as it deserves', async (_, shift, status) => {
    const answer = await send(requestText('POST /slack/events', signed(harmless, { shift }), harmless));
    expect(answer.status).toBe(status);
  });

  test.each<[string, Record<string, string>]>([
    ['of another body', { 'x-slack-signature': 'v0=00' }],
    ['of another version', { 'x-slack-signature': 'v1=00' }],
    ['that is empty', { 'x-slack-signature': '' }],
    ['without a time', { 'x-slack-request-timestamp': '' }],
    ['with a time that is no number', { 'x-slack-request-timestamp': 'now' }],
    ['with an infinite time', { 'x-slack-request-timestamp': 'Infinity' }],
  ])('a signature %s is refused', async (_, headers) => {
    const answer = await send(requestText('POST /slack/events', { ...signed(harmless), ...headers }, harmless));
    expect(answer.status).toBe(401);
  });

  test('an unsigned body is not waited for', async () => {
    const headers = { ...json, 'content-length': '1000000' };
    const answer = await send(requestText('POST /slack/events', headers, '{'));
    expect(answer.status).toBe(401);
    expect(answer.after).toBeLessThan(1000);
  });

  test('ssl_check does not bypass the signature', async () => {
    const body = 'ssl_check=1&payload={}';
    expect((await send(requestText('POST /slack/events', { 'content-type': form }, body))).status).toBe(401);
  });
});

describe('signed bodies that are not what Slack sends', () => {
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
  test.each<[string, string, string]>([
    ['nothing', '', 'application/json'],
    ['null', 'null', 'application/json'],
    ['a number', '1', 'application/json'],
    ['a list', '[]', 'application/json'],
    ['half an object', '{"type":', 'application/json'],
    ['deep lists', deep, 'application/json'],
    ['a form as JSON', 'a=b', 'application/json'],
    ['JSON under another type', '<xml/>', 'text/xml'],
    ['a payload that is no JSON', 'payload=hello', form],
    ['a payload that is a list', 'payload=%5B%5D', form],
    ['a payload that is null', 'payload=null', form],
    ['a payload of broken percents', 'payload=%7B%E0%A4%A%', form],
    ['an empty payload', 'payload=', form],
  ])('%s is answered with 400', async (_, body, type) => {
    expect((await send(requestText('POST /slack/events', signed(body, { type }), body))).status).toBe(400);
  });

  test('a compressed body is not unpacked', async () => {
    const headers = { ...signed('\u001f\u008b'), 'content-encoding': 'gzip' };
    expect((await send(requestText('POST /slack/events', headers, '\u001f\u008b'))).status).toBe(400);
  });

  test('their content is not logged', async () => {
    const body = '{"secret": Miracle';
    await send(requestText('POST /slack/events', signed(body), body));
    expect(JSON.stringify(world.log)).not.toContain('Miracle');
  });
});

describe('requests that do not end', () => {
  const head = () => requestText('POST /slack/events', { ...signed(harmless), 'content-length': '1000' }, harmless);

  test.each<[string, () => string, number]>([
    ['a body shorter than it claims to be', head, 408],
    ['chunks without an end', () => head().replace('content-length: 1000', 'transfer-encoding: chunked'), 400],
    ['headers that do not end', () => 'POST /slack/events HTTP/1.1\r\nhost: x\r\nx', 408],
    ['an empty connection', () => '', 408],
  ])('%s: the connection is closed within seconds', async (_, bytes, status) => {
    const answer = await send(bytes());
    expect(answer.status).toBe(status);
    expect(answer.after).toBeLessThan(8000);
  });

  test('an announced body that is too large is refused at once', async () => {
    const headers = { ...signed(harmless), 'content-length': String(5 * 1024 * 1024) };
    const answer = await send(requestText('POST /slack/events', headers, '{'));
    expect(answer.status).toBe(413);
    expect(answer.after).toBeLessThan(1000);
  });

  test('a body that turns out to be too large is refused once it is', async () => {
    const headers = { ...signed(harmless), 'transfer-encoding': 'chunked' };
    const opening = requestText('POST /slack/events', headers).replace('content-length: 0\r\n', '');
    const chunk = 'x'.repeat(0x10000);
    const answer = await send(opening + `10000\r\n${chunk}\r\n`.repeat(65));
    expect([413, Number.NaN]).toContain(answer.status);
  });

  test('too many headers are refused', async () => {
    const headers = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`x-${i}`, 'y'.repeat(1000)]));
    expect((await send(requestText('POST /slack/events', headers))).status).toBe(431);
  });

  test.each([
    'GET / HTTP/1.1\r\n\r\n',
    'GET /\r\n\r\n',
    'nonsense\r\n\r\n',
    '\u0000\u0001\u0002',
    'POST /slack/events HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n',
    'POST /slack/events HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n',
    'POST /slack/events HTTP/1.1\r\nhost: x\r\nexpect: miracles\r\n\r\n',
  ])('%j is refused', async (bytes) => {
    const answer = await send(bytes);
    expect([400, 404, 417]).toContain(answer.status);
  });
});

test.each([
  ['websocket', '/'],
  ['websocket', '//['],
  ['h2c', '/slack/events'],
])('an upgrade to %s at %s is refused', async (protocol, path) => {
  const headers = { connection: 'upgrade', upgrade: protocol };
  expect((await send(requestText(`GET ${path}`, headers))).status).toBe(503);
});

test('Slack’s deliveries are still handled afterwards', async () => {
  const answer = await send(requestText('POST /slack/events', signed(harmless), harmless));
  expect(answer.status).toBe(200);
});

test('Slack’s check of the URL is answered with its challenge', async () => {
  const body = JSON.stringify({ token: 't', challenge: '3eZbrw1aBm2rZgRN', type: 'url_verification' });
  const url = `http://127.0.0.1:${world.kickoff.port}/slack/events`;
  const answer = await fetch(url, { method: 'POST', headers: signed(body), body });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({ challenge: '3eZbrw1aBm2rZgRN' });
  const stranger = await fetch(url, { method: 'POST', headers: json, body });
  expect(stranger.status).toBe(401);
});
