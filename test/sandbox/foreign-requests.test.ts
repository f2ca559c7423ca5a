import { once } from 'node:events';
import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { openCrm } from '../../sandbox/crm/crm.ts';
import { foreignness } from '../../sandbox/page-server/refuse-foreign.ts';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { manifest } from './helpers.ts';

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox({ manifest });
});
afterEach(() => sandbox.close());

/** The status of the answer to a request with headers that fetch does not allow. */
function statusOf(path: string, headers: Record<string, string>, method = 'GET'): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(sandbox.url);
    const sent = request({ hostname, port, path, method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject);
    sent.end();
  });
}

async function socketStatus(headers: Record<string, string>): Promise<number | undefined> {
  const socket = new WebSocket(`${sandbox.url.replace('http', 'ws')}/sandbox/socket`, { headers });
  const opened = once(socket, 'open').then(() => 101);
  const refused = once(socket, 'unexpected-response').then(([, response]) => response.statusCode as number);
  const status = await Promise.race([opened, refused.catch(() => undefined)]);
  socket.on('error', () => {});
  socket.terminate();
  return status;
}

const host = () => new URL(sandbox.url).host;

describe('other web sites in the same browser', () => {
  test('cannot speak over the page’s WebSocket, its own pages can', async () => {
    expect(await socketStatus({ origin: sandbox.url })).toBe(101);
    expect(await socketStatus({ origin: 'https://evil.example' })).toBe(403);
    expect(await socketStatus({ origin: 'http://localhost:1' })).toBe(403);
    expect(await socketStatus({ origin: 'null' })).toBe(403);
    // DNS rebinding: the attacker's name resolves to this machine, so the origin equals the host.
    expect(await socketStatus({ origin: 'http://evil.example', host: 'evil.example' })).toBe(403);
  });

  test('cannot post to the Web API, though they can guess its token', async () => {
    const path = `/api/conversations.create?token=${sandbox.botToken}`;
    expect(await statusOf(path, { host: host(), origin: 'https://evil.example' }, 'POST')).toBe(403);
    expect(await statusOf('/', { host: `evil.example:${new URL(sandbox.url).port}` })).toBe(403);
    for (const name of ['localhost', 'kickoff.localhost', '127.0.0.1', '[::1]', '192.168.1.5']) {
      expect(await statusOf('/nothing', { host: `${name}:${new URL(sandbox.url).port}` })).toBe(404);
    }
  });

  test('a configured host name is accepted', () => {
    const headers = { host: 'box.local:3000', origin: 'http://box.local:3000' };
    expect(foreignness({ headers } as never, 'box.local')).toBeUndefined();
    expect(foreignness({ headers } as never, undefined)).toContain('box.local');
  });
});

test.each(['/../package.json', '/..%2fpackage.json', '/assets/../../package.json', '//etc/passwd', '/%00', '/%'])(
  'nothing but the built page is served (%s)',
  async (path) => {
    expect(await statusOf(path, { host: host() })).toBe(404);
    expect(await statusOf('/', { host: host() }, 'POST')).toBe(405);
  },
);

test('a CRM stores a lead once, recognizes it by its e-mail address, and refuses invalid leads', async () => {
  let arrived = 0;
  const onLead = () => {
    arrived += 1;
  };
  const crm = await openCrm({ foreignness: () => undefined, onLead });
  const { createServer } = await import('node:http');
  const server = createServer(crm.handleRequest);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}/crm`;
  const post = async (body: string, headers: Record<string, string> = {}) => {
    const type = { 'content-type': 'application/json', ...headers };
    const response = await fetch(`${url}/leads`, { method: 'POST', headers: type, body });
    return [response.status, ((await response.json()) as { id?: string }).id];
  };
  const carl = JSON.stringify({ name: 'Carl <b>', email: 'carl@acme.example', message: '🌹' });
  expect(await post(carl, { 'idempotency-key': 'k1' })).toEqual([201, 'lead-1']);
  expect(await post(carl, { 'idempotency-key': 'k1' })).toEqual([201, 'lead-1']);
  expect(arrived).toBe(1);
  expect(await post(carl.replace('carl@', 'CARL@'), { 'idempotency-key': 'k2' })).toEqual([409, 'lead-1']);
  expect(await post('{}')).toEqual([201, 'lead-2']);
  expect((await post('no JSON'))[0]).toBe(422);
  expect((await post('[]'))[0]).toBe(422);
  expect((await post(carl, { 'content-type': 'text/plain' }))[0]).toBe(422);
  const { leads } = (await (await fetch(`${url}/leads`)).json()) as { leads: object[] };
  expect(leads).toMatchObject([
    { id: 'lead-2' },
    { id: 'lead-1', name: 'Carl <b>', askedAgainAt: [expect.any(String)] },
  ]);
  expect((await fetch(url)).headers.get('content-type')).toContain('text/html');
  expect((await fetch(`${url}/nothing`)).status).toBe(404);
  crm.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
