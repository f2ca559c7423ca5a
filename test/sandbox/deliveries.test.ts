import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts';
import { type BareApp, manifest, startApp, startBareApp } from './helpers.ts';

let close: (() => Promise<void>) | undefined;
afterEach(async () => {
  await close?.();
  close = undefined;
});

async function bareApp(...args: Parameters<typeof startBareApp>): Promise<BareApp> {
  const bare = await startBareApp(...args);
  close = () => bare.stop();
  return bare;
}

describe('over HTTP', () => {
  test('requests are signed', async () => {
    const { sandbox, received } = await bareApp(() => ({}));
    await sandbox.people.anna.createChannel('roses');
    await sandbox.traffic.settled();
    const [request] = received;
    const timestamp = request?.headers['x-slack-request-timestamp'];
    const digest = createHmac('sha256', sandbox.signingSecret).update(`v0:${timestamp}:${request?.raw}`).digest('hex');
    expect(request?.headers['x-slack-signature']).toBe(`v0=${digest}`);
    expect(request?.body).toMatchObject({
      type: 'event_callback',
      authorizations: [{ team_id: sandbox.teamId, user_id: sandbox.botUserId, is_bot: true }],
      event: { type: 'channel_created', channel: { name: 'roses' } },
    });
  });

  test('an event is repeated three times, with the same id and the reason', async () => {
    const { sandbox, received } = await bareApp(() => ({ status: 500 }));
    await sandbox.people.anna.createChannel('roses');
    await sandbox.traffic.settled();
    expect(new Set(received.map((request) => request.body.event_id)).size).toBe(1);
    expect(received.map(({ headers }) => [headers['x-slack-retry-num'], headers['x-slack-retry-reason']])).toEqual([
      [undefined, undefined],
      ['1', 'http_error'],
      ['2', 'http_error'],
      ['3', 'http_error'],
    ]);
    expect(sandbox.traffic.deliveries).toMatchObject([{ state: 'given_up' }]);
  });

  test('no answer is a timeout; an acknowledgement ends the redeliveries; no-retry is honoured', async () => {
    const { sandbox, received } = await bareApp((_request, nth) => (nth === 1 ? { silent: true } : {}), {
      timings: { acknowledgeMs: 1000 },
    });
    await sandbox.people.anna.createChannel('roses');
    await sandbox.traffic.settled();
    expect(received).toHaveLength(2);
    expect(received[1]?.headers['x-slack-retry-reason']).toBe('http_timeout');
    await close?.();

    const stubborn = await bareApp(() => ({ status: 500, headers: { 'x-slack-no-retry': '1' } }));
    await stubborn.sandbox.people.anna.createChannel('roses');
    await stubborn.sandbox.traffic.settled();
    expect(stubborn.received).toHaveLength(1);
  });

  test('a person waits three seconds and is told that the app did not answer', async () => {
    const { sandbox } = await bareApp(() => ({ silent: true }), { timings: { acknowledgeMs: 50 } });
    const { anna } = sandbox.people;
    expect(await anna.command('/flowers')).toMatchObject({ acknowledged: false, reason: 'http_timeout' });
    expect(anna.notices).toEqual(['/flowers failed with the error "operation_timeout"']);
    expect(sandbox.violations).toMatchObject([{ kind: 'timeout', subject: '/flowers' }]);
    expect(sandbox.traffic.deliveriesOf('/flowers')[0]?.attempts).toHaveLength(1);
  });

  test('held events are released in the requested order and number', async () => {
    const { sandbox, received } = await bareApp(() => ({}));
    sandbox.faults.holdDeliveries();
    await sandbox.people.anna.createChannel('roses');
    await sandbox.people.anna.createChannel('tulips');
    expect(received).toHaveLength(0);
    await sandbox.faults.releaseDeliveries({ reverse: true, times: 2 });
    const names = received.map(({ body }) => (body.event as { channel: { name: string } }).channel.name);
    expect(names).toEqual(['tulips', 'roses', 'tulips', 'roses']);
    await sandbox.people.anna.createChannel('lilies');
    await sandbox.traffic.settled();
    expect(received).toHaveLength(5);
  });

  test('raw events and forged interactions are delivered as given', async () => {
    const { sandbox, received } = await bareApp(() => ({}));
    const sample = { token: '', team_id: '', authorizations: [{ team_id: '' }], type: '', event_id: 'Ev1' };
    const outcome = await sandbox.faults.deliver({ ...sample, event: { type: 'app_uninstalled' } });
    expect(outcome.acknowledged).toBe(true);
    expect(received[0]?.body).toMatchObject({
      type: 'event_callback',
      event_id: 'Ev1',
      team_id: sandbox.teamId,
      authorizations: [{ team_id: sandbox.teamId, user_id: sandbox.botUserId }],
    });
    await sandbox.faults.deliverInteraction({ type: 'view_submission', view: { id: 'V1' }, user: { id: 'U1' } });
    expect(received[1]?.body).toMatchObject({ type: 'view_submission', view: { id: 'V1' }, api_app_id: sandbox.appId });
  });
});

interface Envelope {
  type: string;
  envelope_id: string;
  retry_attempt?: number;
  retry_reason?: string;
  payload?: { event_id: string };
}

async function connect(sandbox: Sandbox, onEnvelope: (envelope: Envelope, socket: WebSocket) => void) {
  const response = await fetch(`${sandbox.apiUrl}apps.connections.open`, {
    method: 'POST',
    headers: { authorization: `Bearer ${sandbox.appToken}` },
  });
  const { url } = (await response.json()) as { url: string };
  const socket = new WebSocket(url);
  await new Promise<void>((resolve) => {
    socket.on('message', (data) => {
      const envelope: Envelope = JSON.parse(data.toString());
      if (envelope.type === 'hello') resolve();
      else onEnvelope(envelope, socket);
    });
  });
  return { socket, url };
}

describe('over Socket Mode', () => {
  test('an envelope goes to one connection, and again until it is acknowledged', async () => {
    const sandbox = await startSandbox({ manifest, timings: { acknowledgeMs: 50, retryDelaysMs: [0, 5, 5] } });
    close = () => sandbox.close();
    const seen: [string, number | undefined, string | undefined][] = [];
    const listen = (name: string) => (envelope: Envelope, socket: WebSocket) => {
      seen.push([name, envelope.retry_attempt, envelope.retry_reason]);
      if (seen.length === 3) socket.send(JSON.stringify({ envelope_id: envelope.envelope_id }));
    };
    await connect(sandbox, listen('one'));
    await connect(sandbox, listen('two'));
    await sandbox.people.anna.createChannel('roses');
    await sandbox.traffic.settled();
    expect(seen.map(([, attempt, reason]) => [attempt, reason])).toEqual([
      [0, ''],
      [1, 'timeout'],
      [2, 'timeout'],
    ]);
    expect(new Set(seen.map(([name]) => name))).toEqual(new Set(['one', 'two']));
    expect(sandbox.traffic.deliveries).toMatchObject([{ state: 'acknowledged' }]);
  });

  test('a ticket opens one connection, and none while connections are refused', async () => {
    const sandbox = await startSandbox({ manifest });
    close = () => sandbox.close();
    const { url } = await connect(sandbox, () => {});
    const refused = (target: string) =>
      new Promise<string>((resolve) => new WebSocket(target).on('error', (error) => resolve(error.message)));
    expect(await refused(url)).toContain('403');
    sandbox.faults.refuseConnections(true);
    expect(await refused(url)).toContain('503');
    sandbox.faults.dropConnections();
    await sandbox.traffic.until(() => sandbox.socketConnections === 0);
  });

  test('Bolt reconnects when asked to', async () => {
    const running = await startApp('socket', () => {});
    close = () => running.stop();
    const opened = () => running.sandbox.traffic.callsOf('apps.connections.open').length;
    expect(opened()).toBe(1);
    running.sandbox.faults.requestReconnect();
    await running.sandbox.traffic.until(() => opened() === 2 && running.sandbox.socketConnections === 1);
    await running.sandbox.people.anna.createChannel('roses');
    await running.sandbox.traffic.settled();
    expect(running.sandbox.traffic.deliveries).toMatchObject([{ type: 'channel_created', state: 'acknowledged' }]);
  });
});
