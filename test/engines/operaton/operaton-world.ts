import { pino } from 'pino';
import { inject } from 'vitest';
import type { Job, JobHandler, ProcessEngine } from '../../../src/engines/engine.ts';
import type { OperatonTimings } from '../../../src/engines/operaton/context.ts';
import { createOperatonEngine, type OperatonOptions } from '../../../src/engines/operaton/operaton-engine.ts';
import type { Variables } from '../../../src/processes/value-types.ts';
import { openClockedDatabase, type TestDatabase } from '../../helpers/database.ts';
import { contractJobTypes, type EngineUnderTest } from '../contract/engine-under-test.ts';
import { credentials, type Vendor } from './start-server.ts';
import { toCamunda7 } from './translate.ts';

/** Short timings for tests. */
export const quickTimings: Partial<OperatonTimings> = {
  pollMs: 100,
  definitionsMs: 500,
  longPollMs: 500,
  offerAgainMs: 100,
};

export interface OperatonWorld extends EngineUnderTest {
  database: TestDatabase;
  /** `http://…/engine-rest` */
  url: string;
  /** Deploys files in the engine's own dialect. */
  deploy(files: Record<string, string>): Promise<void>;
  /** Like `make`, with other options and nothing deployed. */
  connect(options?: Partial<OperatonOptions>): ProcessEngine;
}

/** A server of the vendor, and a database of Kickoff, shared by any number of engines. */
export async function openOperatonWorld(vendor: Vendor): Promise<OperatonWorld> {
  const address = inject('engineServers')[vendor];
  if (address === undefined) throw new Error(`there is no server of ${vendor}`);
  const url = `${address}/engine-rest`;
  const database = await openClockedDatabase();
  let offset = 0;
  const setClock = (ms: number) => fetch(`${address}/clock`, { method: 'PUT', body: String(ms) });
  await clear(url);
  const connect = (options: Partial<OperatonOptions> = {}): ProcessEngine =>
    createOperatonEngine({
      engine: 'operaton',
      engineName: 'Operaton',
      url,
      ...credentials,
      database,
      jobHandlers: {},
      logger: pino({ level: process.env.TEST_LOG ? 'info' : 'silent' }),
      ...options,
      timings: { ...quickTimings, ...options.timings },
    });
  return {
    database,
    url,
    deploy: (files) => deploy(url, files, (text) => text),
    connect,
    async make(files, handle, jobTypes = contractJobTypes): Promise<ProcessEngine> {
      await deploy(url, files, toCamunda7);
      const doJob: JobHandler = (job: Job, signal: AbortSignal): Promise<Variables> => handle(job, signal);
      return connect({ jobHandlers: Object.fromEntries(jobTypes.map((type) => [type, doJob])) });
    },
    async advance(ms) {
      offset += ms;
      await setClock(offset);
      await database.advance(ms);
      database.signal('remote_messages');
      database.signal('remote_changed');
    },
    async close() {
      await database.close();
      await setClock(0);
    },
  };
}

const authorization = `Basic ${btoa(`${credentials.username}:${credentials.password}`)}`;

export async function ask(url: string, method: string, path: string, body?: FormData | object): Promise<unknown> {
  const isForm = body instanceof FormData;
  const response = await fetch(url + path, {
    method,
    headers: { authorization, ...(body && !isForm ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: isForm ? body : JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

/** The environment of a Kickoff that uses this REST API besides the embedded engine. */
export const connectedTo = (url: string) => ({
  ENGINES: 'embedded,operaton',
  OPERATON_REST_URL: url,
  OPERATON_USERNAME: credentials.username,
  OPERATON_PASSWORD: credentials.password,
});

/** Removes the deployments and instances of earlier tests. */
export async function clear(url: string): Promise<void> {
  const deployments = (await ask(url, 'GET', '/deployment')) as { id: string }[];
  for (const { id } of deployments)
    await ask(url, 'DELETE', `/deployment/${id}?cascade=true&skipIoMappings=true&skipCustomListeners=true`);
}

export async function deploy(
  url: string,
  files: Record<string, string>,
  translate: (xml: string) => string,
): Promise<void> {
  const form = new FormData();
  form.set('deployment-name', 'contract');
  form.set('deploy-changed-only', 'true');
  for (const [path, content] of Object.entries(files)) {
    const text = path.endsWith('.bpmn') ? translate(content) : content;
    form.set(path, new Blob([text]), path);
  }
  if (Object.keys(files).length > 0) await ask(url, 'POST', '/deployment/create', form);
}
