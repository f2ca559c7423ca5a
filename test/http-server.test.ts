import { connect } from 'node:net';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type HttpServer, startHttpServer } from '../src/http-server.ts';
import { createReceiver } from '../src/slack/receiver.ts';

let server: HttpServer;
let fault: string | undefined;
const notes: string[] = [];
beforeAll(async () => {
  server = await startHttpServer({ port: 0, host: '127.0.0.1', readiness: async () => ({ fault, notes }) });
  const delivery = { mode: 'http' as const, signingSecret: 'secret' };
  const config = { botToken: 'xoxb-1', apiUrl: 'http://127.0.0.1:1/api/', delivery };
  const { handleRequest } = createReceiver(config, pino({ level: 'silent' }));
  if (handleRequest) server.route('/slack/events', handleRequest);
});
afterAll(() => server.close());

/** The status of the answer to a request as it is on the wire. */
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

test.each([
  ['GET //', '', 404],
  ['GET http://[', '', 404],
  ['GET /nothing?x=1', '', 404],
  ['GET /slack/events', '{}', 405],
  ['PUT /slack/events', 'a=b', 405],
  ['POST /slack/events', '', 400],
  ['POST /slack/events', '[]', 400],
  ['POST /slack/events', '{}', 401],
])('%s %s is answered with an error and does no harm', async (head, body, status) => {
  expect(await statusOf(head, body)).toBe(status);
  expect(await statusOf('GET /healthz')).toBe(200);
});

test('a WebSocket is refused while nobody takes it, and then handed on', async () => {
  const ask = () => statusOf('GET /socket', '', 'upgrade\r\nupgrade: websocket');
  expect(await ask()).toBe(503);
  server.onUpgrade((_, socket) => socket.end('HTTP/1.1 418 Short and stout\r\n\r\n'));
  expect(await ask()).toBe(418);
});
