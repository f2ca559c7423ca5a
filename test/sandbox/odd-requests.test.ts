import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { requestText, sendRaw } from '../helpers/raw-http.ts';
import { manifest } from './helpers.ts';
import { PageClient } from './page-client.ts';

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox({ manifest });
});
afterEach(() => sandbox.close());

const port = () => Number(new URL(sandbox.url).port);
const isAlive = async () => (await fetch(`${sandbox.apiUrl}api.test`, { method: 'POST' })).ok;

test('a file whose name is half a surrogate pair is shared, shown and read like any other', async () => {
  const { anna } = sandbox.people;
  const content = 'picture';
  await anna.post('general', 'Look', { files: [{ name: '\ud800.png', mimetype: 'image/png', content }] });
  const [file] = Object.values(sandbox.state.files);
  expect(file?.name).toBe('\ud800.png');
  const response = await fetch(`${sandbox.url}/sandbox/files/${file?.id}/x`);
  expect(response.status).toBe(200);
  expect(await response.text()).toBe('picture');
  const page = await PageClient.open(sandbox.url, anna.id);
  await page.open('general');
  const message = await page.message('Look');
  expect(JSON.stringify(message)).toContain(`/sandbox/files/${file?.id}/%EF%BF%BD.png`);
  page.close();
});

test.each([
  ['POST /api/chat.postMessage', 5],
  ['POST /respond/T1/R1', 5],
  ['POST /upload/F1', 21],
])('%s with a body of %d MB is refused', async (head, megabytes) => {
  const body = 'x'.repeat(megabytes * 2 ** 20);
  const { status } = await sendRaw(port(), requestText(head, { host: `127.0.0.1:${port()}` }, body));
  // The connection may be reset before the answer, while the client is still sending.
  expect([413, Number.NaN]).toContain(status);
  expect(await isAlive()).toBe(true);
});

test.each(['//[', 'http://[', '/%', '/link/?ticket=%', '/sandbox/socket?x=['])(
  'a WebSocket request at %s is refused or opened, and does no harm',
  async (path) => {
    const headers = { host: `127.0.0.1:${port()}`, connection: 'upgrade', upgrade: 'websocket' };
    const { status } = await sendRaw(port(), requestText(`GET ${path}`, headers));
    expect([400, 403]).toContain(status);
    expect(await isAlive()).toBe(true);
  },
);

test('a connection that is reset while a WebSocket is refused does not end the process', async () => {
  const headers = { host: 'evil.example', connection: 'upgrade', upgrade: 'websocket' };
  for (let i = 0; i < 20; i += 1) {
    await new Promise((resolve) => {
      const socket = connect(port(), '127.0.0.1', () => {
        socket.write(requestText('GET /sandbox/socket', headers) + 'x'.repeat(100_000), () => socket.resetAndDestroy());
      });
      socket.on('error', () => {});
      socket.on('close', resolve);
    });
  }
  expect(await isAlive()).toBe(true);
});
