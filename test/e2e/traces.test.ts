import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Channel } from '../../sandbox/driver/channel.ts';
import { type CrashWorld, startCrashWorld } from '../helpers/crash-world.ts';
import { setUpByClicking } from '../helpers/set-up-by-clicking.ts';

/** A span in OTLP's JSON, with its attributes by name. */
interface Span {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  attributes: Record<string, string>;
}

let collector: Server;
let spans: Span[] = [];
const services: string[] = [];
let received = () => {};
let world: CrashWorld;
let channel: Channel;

beforeAll(async () => {
  collector = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { resourceSpans } = JSON.parse(Buffer.concat(chunks).toString());
    const named = (attributes: { key: string; value: { stringValue: string } }[] = []) =>
      Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue]));
    for (const { resource, scopeSpans } of resourceSpans) {
      services.push(named(resource.attributes)['service.name'] ?? '');
      for (const scope of scopeSpans) {
        for (const span of scope.spans) spans.push({ ...span, attributes: named(span.attributes) });
      }
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    received();
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const { port } = collector.address() as AddressInfo;
  world = await startCrashWorld({
    environment: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_BSP_SCHEDULE_DELAY: '50',
      OTEL_EXPORTER_OTLP_TIMEOUT: '500',
    },
  });
  await setUpByClicking(world, {
    bindings: { 'Session created': { process: 'Post channel' }, 'Message received': { process: 'Post message' } },
  });
  const { anna, gina } = world.sandbox.people;
  channel = await anna.createChannel('support-globex');
  await anna.invite(channel, gina);
  await world.sandbox.traffic.until(() => channel.hasApp);
  await world.sandbox.traffic.settled();
});
afterAll(async () => {
  await world.close();
  collector.close();
});

async function untilReceived(isIt: (span: Span) => boolean): Promise<Span> {
  for (;;) {
    const found = spans.find(isIt);
    if (found) return found;
    await new Promise<void>((resolve) => {
      received = resolve;
    });
  }
}

test.each([
  {
    event: 'message',
    process: 'post-message',
    what: () => world.sandbox.people.gina.post(channel, 'My order is late (confidential)'),
  },
  {
    event: 'channel_created',
    process: 'post-channel',
    what: () => world.sandbox.people.anna.createChannel('support-initech'),
  },
])('a trace leads from the delivery of $event to the process instance', async ({ event, process, what }) => {
  await world.sandbox.traffic.settled();
  spans = [];
  await what();
  const started = await untilReceived(({ attributes }) => attributes['kickoff.process.id'] === process);
  const delivery = await untilReceived(({ spanId }) => spanId === started.parentSpanId);
  const instance = await untilReceived(
    ({ name, parentSpanId }) => name === 'start process instance' && parentSpanId === started.spanId,
  );
  expect(started).toMatchObject({ name: 'start', traceId: delivery.traceId });
  expect(started.attributes['kickoff.start.status']).toBe('running');
  expect(delivery).toMatchObject({ name: 'delivery', attributes: { 'slack.event.type': event } });
  expect(instance.traceId).toBe(delivery.traceId);
  expect(instance.attributes['kickoff.instance.key']).toMatch(/\d/);
  expect(services).toContain('kickoff');
  expect(JSON.stringify(spans)).not.toContain('confidential');
});

test('an unavailable collector loses its spans and has no other effect', async () => {
  const { port } = collector.address() as AddressInfo;
  collector.closeAllConnections();
  await new Promise((resolve) => collector.close(resolve));
  await world.sandbox.people.gina.post(channel, 'Is anybody there?');
  await world.posted('/messages', ['Is anybody there?']);
  await world.log.says('spans are not sent');
  collector.listen(port, '127.0.0.1');
  expect(await world.terminate()).toBe(0);
  await world.start();
});
