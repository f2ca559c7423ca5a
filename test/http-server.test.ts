import { connect } from 'node:net';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type HttpServer, startHttpServer } from '../src/http-server.ts';

let server: HttpServer;
let fault: string | undefined;
const notes: string[] = [];
beforeAll(async () => {
  const logger = pino({ level: 'silent' });
  server = await startHttpServer({ port: 0, host: '127.0.0.1', readiness: async () => ({ fault, notes }), logger });
});
afterAll(() => server.close());

/** Sends a raw request and returns the status of the answer. */
function statusOf(head: string, body = '', connection = 'close'): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1', () =>
      socket.write(
        `${head} HTTP/1.1\r\nhost: x\r\nconnection: ${connection}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      ),
    );
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('end', () => resolve(Number(answer.split(' ')[1])));
    socket.on('error', reject);
  });
}

test('health and readiness', async () => {
  expect(await statusOf('GET /healthz')).toBe(200);
  expect(await statusOf('GET /readyz')).toBe(200);
  notes.push('Operaton is away: connection refused');
  const noted = await fetch(`http://127.0.0.1:${server.port}/readyz`);
  expect([noted.status, await noted.text()]).toEqual([200, 'ok\nOperaton is away: connection refused\n']);
  notes.pop();
  fault = 'Database: gone';
  const response = await fetch(`http://127.0.0.1:${server.port}/readyz`);
  expect([response.status, await response.text()]).toEqual([503, 'Database: gone\n']);
});

test('an idle connection is kept longer than by a proxy in front of Kickoff', async () => {
  const { headers } = await fetch(`http://127.0.0.1:${server.port}/healthz`);
  expect(headers.get('keep-alive')).toBe('timeout=75');
});

test.each([
  ['GET //', 404],
  ['GET http://[', 404],
  ['GET /nothing?x=1', 404],
  ['GET /healthz/x', 404],
  ['GET /constructor', 404],
  ['POST /healthz', 405],
  ['DELETE /readyz', 405],
])('%s is answered with %i', async (head, status) => {
  expect(await statusOf(head)).toBe(status);
  expect(await statusOf('GET /healthz')).toBe(200);
});

test('a WebSocket is refused without a handler, and passed on with one', async () => {
  const ask = () => statusOf('GET /socket', '', 'upgrade\r\nupgrade: websocket');
  expect(await ask()).toBe(503);
  server.onUpgrade((_, socket) => socket.end('HTTP/1.1 418 Short and stout\r\n\r\n'));
  expect(await ask()).toBe(418);
});

test('if a handler throws, the request fails or the WebSocket is closed', async () => {
  server.route('/broken', () => {
    throw new Error('broken');
  });
  expect(await statusOf('GET /broken')).toBe(500);
  server.onUpgrade(() => {
    throw new Error('broken');
  });
  expect(await statusOf('GET /socket', '', 'upgrade\r\nupgrade: websocket')).toBeNaN();
  expect(await statusOf('GET /healthz')).toBe(200);
});
