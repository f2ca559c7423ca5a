import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EngineUnavailableError } from '../../../src/engines/engine.ts';
import * as b from '../diagram-builder.ts';
import { type Camunda8World, openCamunda8World } from './camunda8-world.ts';

let world: Camunda8World;
let folder: string;
let gate: Server;
let address: string;
beforeAll(async () => {
  world = await openCamunda8World();
  folder = await mkdtemp(join(tmpdir(), 'kickoff-certificates-'));
  await makeCertificates();
  const [key, cert, ca] = await Promise.all(['server.key', 'server.pem', 'ca.pem'].map(read));
  gate = createServer({ key, cert, ca, requestCert: true, rejectUnauthorized: true } as object, passOn);
  await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve));
  address = `https://127.0.0.1:${(gate.address() as AddressInfo).port}`;
});
afterAll(async () => {
  gate?.close();
  gate?.closeAllConnections();
  await world?.close();
  await rm(folder, { recursive: true });
});

test('a cluster that asks for a client certificate gets the one at CAMUNDA_MTLS_CERT_PATH', async () => {
  await world.cluster.deploy({ 'a.bpmn': b.process([b.start(), b.end(), b.flow('start -> end')], { id: 'a' }) });
  const engine = connect(inFiles({ CERT_PATH: 'client.pem', KEY_PATH: 'client.key', CA_PATH: 'ca.pem' }));
  await engine.checkHealth();
  await engine.startProcessInstance({ startId: 'start', processDefinitionId: 'a', variables: {} });
  expect(await world.cluster.countInstances()).toBe(1);
});

test('the certificate may be in the variables themselves, its key behind a passphrase', async () => {
  const [CERT = '', KEY = '', CA = ''] = await Promise.all(['client.pem', 'locked.key', 'ca.pem'].map(read));
  await connect({ CERT, KEY, CA, KEY_PASSPHRASE: 'open' }).checkHealth();
});

test('OAUTH: a token is asked for with the certificate, too', async () => {
  world.cluster.askFor({ strategy: 'OAUTH', clientId: 'kickoff', clientSecret: 'secret' });
  try {
    passed.length = 0;
    const files = inFiles({ CERT_PATH: 'client.pem', KEY_PATH: 'client.key', CA_PATH: 'ca.pem' });
    const token = { CAMUNDA_OAUTH_URL: `${address}/oauth/token` };
    await connect(files, token).checkHealth();
    expect(passed).toEqual(['POST /oauth/token', 'GET /v2/topology']);
    const strange = inFiles({ CERT_PATH: 'stranger.pem', KEY_PATH: 'stranger.key', CA_PATH: 'ca.pem' });
    await expect(connect(strange, token).checkHealth()).rejects.toThrow(EngineUnavailableError);
    expect(passed).toHaveLength(2);
  } finally {
    world.cluster.askFor({ strategy: 'NONE' });
  }
});

test('a cluster that rejects the certificate counts as unavailable', async () => {
  const engine = connect(inFiles({ CERT_PATH: 'stranger.pem', KEY_PATH: 'stranger.key', CA_PATH: 'ca.pem' }));
  await expect(engine.checkHealth()).rejects.toThrow(EngineUnavailableError);
});

function connect(mtls: Record<string, string>, environment: Record<string, string> = {}) {
  const named = Object.entries(mtls).map(([name, value]) => [`CAMUNDA_MTLS_${name}`, value]);
  return world.connect({
    environment: { CAMUNDA_REST_ADDRESS: address, ...environment, ...Object.fromEntries(named) },
  });
}

const inFiles = (files: Record<string, string>) =>
  Object.fromEntries(Object.entries(files).map(([name, file]) => [name, join(folder, file)]));
const read = (file: string) => readFile(join(folder, file), 'utf8');

/** The requests that passed the gate. */
const passed: string[] = [];

/** Requests that pass the gate are answered by the cluster. */
async function passOn(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { method = 'GET', headers } = request;
  passed.push(`${method} ${request.url}`);
  const answer = await fetch(`${world.cluster.url}${request.url}`, {
    method,
    headers: {
      'content-type': headers['content-type'] ?? 'application/json',
      ...(headers.authorization !== undefined && { authorization: headers.authorization }),
    },
    ...(method !== 'GET' && { body: Buffer.concat(chunks) }),
  });
  response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
  response.end(Buffer.from(await answer.arrayBuffer()));
}

/** Creates a certificate authority, a server and a client certificate by it, and a client certificate by another authority. */
async function makeCertificates(): Promise<void> {
  const openssl = async (command: string) => {
    await promisify(execFile)('openssl', command.split(' '), { cwd: folder });
  };
  const newKey = '-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes';
  await openssl(`req -x509 ${newKey} -keyout ca.key -out ca.pem -subj /CN=authority -days 2`);
  const ofNobody = (name: string) =>
    `req -x509 ${newKey} -keyout ${name}.key -out ${name}.pem -subj /CN=${name} -days 2 -addext subjectAltName=IP:127.0.0.1`;
  for (const name of ['server', 'client']) await openssl(`${ofNobody(name)} -CA ca.pem -CAkey ca.key`);
  await openssl(ofNobody('stranger'));
  await openssl('pkcs8 -topk8 -in client.key -out locked.key -passout pass:open');
}
