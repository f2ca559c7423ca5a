import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { App } from '@slack/bolt';
import { expect, test } from 'vitest';
import { createSandbox } from '../../sandbox/sandbox.ts';
import { manifest, quiet } from './helpers.ts';

test('a sandbox below a path of somebody else’s server', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack`;
  const sandbox = createSandbox({ manifest, url });
  server.on('request', (request, response) => sandbox.handleRequest(request, response));
  server.on('upgrade', (request, socket, head) => sandbox.handleUpgrade(request, socket, head));
  const app = new App({
    token: sandbox.botToken,
    appToken: sandbox.appToken,
    socketMode: true,
    clientOptions: { slackApiUrl: sandbox.apiUrl },
    logger: quiet,
  });
  app.event('channel_created', async ({ client, event }) => {
    await client.conversations.join({ channel: event.channel.id });
  });
  await app.start();
  const roses = await sandbox.people.anna.createChannel('roses');
  await sandbox.traffic.until(() => roses.hasApp);
  await sandbox.traffic.settled();
  expect(sandbox.violations).toEqual([]);
  await app.stop();
  await sandbox.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
