import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { pino } from 'pino';
import type { Database } from '../../../src/db/client.ts';
import { createEmbeddedEngine } from '../../../src/engines/embedded/embedded-engine.ts';
import {
  EngineRefusedError,
  type ProcessEngine,
  UserTaskAssignedError,
  UserTaskClosedError,
} from '../../../src/engines/engine.ts';
import { parseJson, stringifyJson } from '../../../src/json.ts';
import type { Variables } from '../../../src/processes/value-types.ts';
import { type Address, listenAtAddress } from '../../helpers/address.ts';
import { type ClockedDatabase, openClockedDatabase } from '../../helpers/database.ts';
import { notFound, Problem } from './problem.ts';
import { createSearchIndex, type RowKind } from './search-index.ts';
import { type Indexed, searchRows } from './search-rows.ts';
import { elementPlace, jobPlace, numberKey, ownJobKey, ownKey, placeKey, placeOf } from './stand-in-keys.ts';

/**
 * The fate of a call: it passes; its connection breaks before the cluster gets it, or after the cluster has carried it out; it
 * is never answered, and never reaches the cluster or does; or the cluster refuses it.
 */
export type Fate = 'pass' | 'cut before' | 'lose answer' | 'hold' | 'hold answer' | { status: number; title: string };

export type Auth =
  | { strategy: 'NONE' }
  | { strategy: 'BASIC'; username: string; password: string }
  | { strategy: 'OAUTH'; clientId: string; clientSecret: string };

/** The part of a Camunda 8.8 cluster that Kickoff uses: Kickoff's own engine behind Camunda's REST API. */
export interface StandIn extends Address {
  /** Returns the fate of a call, named `POST /v2/…`; every call passes unless a test sets another function. */
  fate(call: string): Fate;
  /** The calls that reached the cluster. */
  calls: string[];
  /** The calls that were not answered. */
  held: string[];
  /** Stops updating the search index. */
  stopExporting(): Promise<void>;
  startExporting(): void;
  /** The environment variables with which Kickoff finds the cluster and signs in. */
  readonly environment: Record<string, string>;
  /** Requires this authentication from now on; none by default. */
  askFor(auth: Auth): void;
  /** Deploys files, and waits until the index shows them. */
  deploy(files: Record<string, string>): Promise<void>;
  /** Shows another file for a process than the one that is executed. */
  replaceXml(processId: string, change: (xml: string) => string): void;
  /** Revokes all access tokens. */
  revokeTokens(): void;
  /** The engine itself, to act as another client of the cluster. */
  engine(): ProcessEngine;
  /** Number of process instances, however they were started. */
  countInstances(): Promise<number>;
  /** The embedded engine's key for a key of the stand-in. */
  keyOf(processInstanceKey: string): string;
  advance(ms: number): Promise<void>;
  close(): Promise<void>;
}

export interface StandInOptions {
  /** How far the index is behind, in milliseconds. */
  lagMs?: number;
  /** Acts like 8.9: refuses a second active instance of a process with the same business id. */
  enforcesBusinessIds?: boolean;
  /** The tenant that everything belongs to; absent: the one of a cluster without tenants. */
  tenant?: string;
  /** The database for its own state; absent: a new test database whose clock can be moved. */
  database?: Database;
}

interface Call {
  path: string[];
  body: Record<string, unknown>;
  raw: Buffer;
  request: IncomingMessage;
}
type Answer = { status?: number; body?: unknown; type?: string } | undefined;
type Handler = (call: Call) => Promise<Answer>;

const logger = pino({ level: 'silent' });
const defaultTenant = '<default>';
const token = 'the-jobs-of-the-stand-in';

export async function startStandIn(options: StandInOptions = {}): Promise<StandIn> {
  const { lagMs = 50, enforcesBusinessIds = false, tenant = defaultTenant } = options;
  let auth: Auth = { strategy: 'NONE' };
  const database: Database & Partial<ClockedDatabase> = options.database ?? (await openClockedDatabase());
  const folder = await mkdtemp(join(tmpdir(), 'kickoff-cluster-'));
  let offset = 0;
  const now = () => new Date(Date.now() + offset);
  const tags = new Map<string, string[]>();
  /** Process and business id → its last instance. */
  const businessIds = new Map<string, string>();
  const index = createSearchIndex({ db: database.db, tagsOf: (instance) => tags.get(instance) ?? [], tenant });
  const checkTenant = (given: unknown = defaultTenant) => {
    if (given !== tenant) throw new Problem(400, 'INVALID_ARGUMENT', `there is no tenant '${given}'`);
  };
  const retries = new Map<string, number>();
  const tokens = new Set<string>();
  const replaced = new Map<string, (xml: string) => string>();
  let handleJobs: (request: IncomingMessage, response: ServerResponse) => void = () => {};

  const openEngine = async (): Promise<ProcessEngine> => {
    const opened = await createEmbeddedEngine({
      database,
      processesDir: folder,
      jobHandlers: {},
      externalWorkers: {
        token,
        route(_, handler) {
          handleJobs = handler;
        },
      },
      logger,
      now,
      workers: { filesIntervalMs: 3_600_000 },
    });
    await opened.start();
    return opened;
  };
  let engine = await openEngine();

  const deploy = async (files: Record<string, string>) => {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    const old = engine;
    engine = await openEngine();
    await old.stop();
  };

  /** Reads only the rows of the instances named in the filter, if it names any. */
  const rowsFor = (kind: RowKind, filter: Call['body']['filter']): Indexed[] => {
    const { processInstanceKey: of } = (filter ?? {}) as { processInstanceKey?: string | { $in?: string[] } };
    const keys = typeof of === 'string' ? [of] : of?.$in;
    return index.rows(
      kind,
      keys?.map((key) => placeOf('element', key)?.instance ?? ''),
    );
  };
  const search =
    (kind: RowKind, fields: string): Handler =>
    async ({ body }) => ({ body: searchRows(rowsFor(kind, body.filter), body, fields.split(' ')) });
  const row = (kind: RowKind, keyName: string, key: string) => {
    const place = placeOf(kind === 'tasks' ? 'task' : 'element', key);
    return index.rows(kind, place && [place.instance]).find(({ shown }) => shown[keyName] === key)?.shown;
  };
  const get =
    (kind: RowKind, keyName: string, what: string): Handler =>
    async ({ path: [key = ''] }) => {
      const body = row(kind, keyName, key);
      if (!body) throw notFound(`${what} with key '${key}'`);
      return { body };
    };
  /** The element's key and those of the scopes around it, out to the instance. */
  const scopesAround = (elementKey: string): Set<string> => {
    const place = placeOf('element', elementKey);
    const elements = index.rows('elements', place && [place.instance]);
    const scopes = new Set<string>();
    for (let key: unknown = elementKey; typeof key === 'string' && !scopes.has(key); ) {
      scopes.add(key);
      key = elements.find(({ shown }) => shown.elementInstanceKey === key)?.hidden?.elementInstanceScopeKey;
    }
    return scopes;
  };
  /** Rows as the query of the request wants them: with long values truncated, or whole. */
  const variableRows = (rows: Indexed[], { url = '' }: IncomingMessage): Indexed[] =>
    url.includes('truncateValues=false')
      ? rows.map(({ shown, hidden }) => ({ shown: { ...shown, value: hidden?.whole, isTruncated: false } }))
      : rows;
  const own = (kind: 'element' | 'task', key: string | undefined) => {
    const place = placeOf(kind, key ?? '');
    if (!place) throw notFound(`something with key '${key}'`);
    return ownKey(place);
  };
  const formOf = (definitionKey: unknown, elementId: string): Answer => {
    const definition = index.definition(String(definitionKey));
    const element = new RegExp(`<bpmn:(userTask|startEvent) [^>]*\\bid="${elementId}"[^>]*>(.*?)</bpmn:\\1>`, 's');
    const formId = /formDefinition[^>]* formId="([^"]*)"/.exec(element.exec(definition?.xml ?? '')?.[2] ?? '')?.[1];
    const text = formId === undefined ? undefined : definition?.forms[formId];
    if (text === undefined) return { status: 204 };
    return {
      body: { tenantId: tenant, formId, schema: parseJson(text), version: 1, formKey: numberKey('definition', 1) },
    };
  };

  const routes: [string, RegExp, Handler][] = [
    ['GET', /^\/topology$/, async () => ({ body: topology(enforcesBusinessIds ? '8.9.0' : '8.8.0') })],
    [
      'POST',
      /^\/deployments$/,
      async ({ raw, request }) => {
        const type = request.headers['content-type'] ?? '';
        const form = await new Response(new Uint8Array(raw), { headers: { 'content-type': type } }).formData();
        checkTenant(form.get('tenantId') ?? undefined);
        const files = form.getAll('resources').flatMap((part) => (typeof part === 'string' ? [] : [part]));
        const contents = await Promise.all(files.map(async (file) => [file.name, await file.text()] as const));
        await deploy(Object.fromEntries(contents));
        return { body: { tenantId: tenant, deploymentKey: numberKey('definition', 99), deployments: [] } };
      },
    ],
    [
      'POST',
      /^\/process-definitions\/search$/,
      async ({ body }) => ({
        body: searchRows(index.definitions(), body, ['isLatestVersion', 'tenantId', 'processDefinitionId']),
      }),
    ],
    [
      'GET',
      /^\/process-definitions\/(\d+)$/,
      async ({ path: [key = ''] }) => {
        const found = index.definitions().find(({ shown }) => shown.processDefinitionKey === key);
        if (!found) throw notFound(`a definition with key '${key}'`);
        return { body: found.shown };
      },
    ],
    [
      'GET',
      /^\/process-definitions\/(\d+)\/xml$/,
      async ({ path: [key = ''] }) => {
        const definition = index.definition(key);
        if (!definition) throw notFound(`a definition with key '${key}'`);
        const change = replaced.get(definition.processId) ?? ((xml: string) => xml);
        return { body: change(definition.xml), type: 'text/xml' };
      },
    ],
    [
      'GET',
      /^\/process-definitions\/(\d+)\/form$/,
      async ({ path: [key = ''] }) => {
        const xml = index.definition(key)?.xml ?? '';
        return formOf(key, /<bpmn:startEvent [^>]*\bid="([^"]*)"/.exec(xml)?.[1] ?? '');
      },
    ],
    [
      'POST',
      /^\/process-instances$/,
      async ({ body }) => {
        const { processDefinitionId, variables = {}, tags: given = [], tenantId } = body;
        checkTenant(tenantId);
        const { businessId } = body;
        if (businessId !== undefined && !enforcesBusinessIds) {
          throw new Problem(400, 'Bad Request', 'Request property [businessId] cannot be parsed');
        }
        const place = `${processDefinitionId} ${businessId}`;
        const holder = businessIds.get(place);
        if (holder !== undefined && (await engine.getProcessInstance(holder))?.status === 'active') {
          throw new Problem(409, 'ALREADY_EXISTS', `an active instance has the business id '${businessId}'`);
        }
        const tagged = given as string[];
        if (tagged.some((tag) => !/^[A-Za-z][\w:.-]{0,99}$/.test(tag))) {
          throw new Problem(400, 'INVALID_ARGUMENT', 'The provided tags are invalid');
        }
        const { processInstanceKey } = await engine.startProcessInstance({
          startId: randomUUID(),
          processDefinitionId: String(processDefinitionId),
          variables: variables as Variables,
        });
        tags.set(processInstanceKey, tagged);
        if (businessId !== undefined) businessIds.set(place, processInstanceKey);
        return {
          body: {
            processDefinitionId,
            processDefinitionVersion: 1,
            tenantId: tenant,
            variables: {},
            processDefinitionKey: numberKey('definition', 1),
            processInstanceKey: placeKey('element', { instance: processInstanceKey, token: 0 }),
            tags: tagged,
          },
        };
      },
    ],
    [
      'POST',
      /^\/process-instances\/search$/,
      search(
        'instance',
        'tenantId endDate startDate state tags processInstanceKey parentProcessInstanceKey processDefinitionKey',
      ),
    ],
    ['GET', /^\/process-instances\/(\w+)$/, get('instance', 'processInstanceKey', 'an instance')],
    [
      'POST',
      /^\/process-instances\/(\w+)\/cancellation$/,
      async ({ path: [key] }) => {
        const instance = await engine.getProcessInstance(own('element', key));
        if (!instance || ['completed', 'terminated'].includes(instance.status)) throw notFound('such an instance');
        await engine.cancelProcessInstance(own('element', key));
        return undefined;
      },
    ],
    [
      'POST',
      /^\/process-instances\/(\w+)\/incidents\/search$/,
      async ({ path: [key = ''], body }) => {
        if (!row('instance', 'processInstanceKey', key)) throw notFound(`an instance with key '${key}'`);
        const tree = new Set([key]);
        for (const caller of tree) {
          for (const { shown } of index.rows('instance')) {
            if (shown.parentProcessInstanceKey === caller) tree.add(String(shown.processInstanceKey));
          }
        }
        const rows = index.rows('incidents').filter(({ shown }) => tree.has(String(shown.processInstanceKey)));
        return { body: searchRows(rows, body, []) };
      },
    ],
    [
      'POST',
      /^\/user-tasks\/search$/,
      search('tasks', 'tenantId state creationDate completionDate processInstanceKey'),
    ],
    ['GET', /^\/user-tasks\/(\d+)$/, get('tasks', 'userTaskKey', 'a user task')],
    [
      'GET',
      /^\/user-tasks\/(\d+)\/form$/,
      async ({ path: [key = ''] }) => {
        const task = row('tasks', 'userTaskKey', key);
        if (!task) throw notFound(`a user task with key '${key}'`);
        return formOf(task.processDefinitionKey, String(task.elementId));
      },
    ],
    [
      'POST',
      /^\/user-tasks\/(\d+)\/assignment$/,
      async ({ path: [key], body }) => {
        const { assignee, allowOverride } = body;
        await engine.assignUserTask({
          taskKey: own('task', key),
          assignee: String(assignee),
          allowOverride: allowOverride !== false,
        });
        return undefined;
      },
    ],
    [
      'POST',
      /^\/user-tasks\/(\d+)\/completion$/,
      async ({ path: [key], body: { variables } }) => {
        const taskKey = own('task', key);
        await engine.completeUserTask({ taskKey, variables: (variables ?? {}) as Variables, completedBy: 'the API' });
        return undefined;
      },
    ],
    [
      'POST',
      /^\/variables\/search$/,
      async ({ body, request }) => {
        const rows = variableRows(rowsFor('variables', body.filter), request);
        return { body: searchRows(rows, body, ['scopeKey', 'processInstanceKey']) };
      },
    ],
    [
      'POST',
      /^\/user-tasks\/(\d+)\/variables\/search$/,
      async ({ path: [key = ''], body, request }) => {
        const task = row('tasks', 'userTaskKey', key);
        if (!task) throw notFound(`a user task with key '${key}'`);
        const scopes = scopesAround(String(task.elementInstanceKey));
        const rows = rowsFor('variables', { processInstanceKey: task.processInstanceKey });
        const visible = rows.filter(({ shown }) => scopes.has(String(shown.scopeKey)));
        return { body: searchRows(variableRows(visible, request), body, ['name']) };
      },
    ],
    [
      'GET',
      /^\/variables\/(\d+)$/,
      async ({ path: [key] }) => {
        const found = index.rows('variables').find(({ shown }) => shown.variableKey === key);
        if (!found) throw notFound(`a variable with key '${key}'`);
        const { isTruncated: _, ...shown } = found.shown;
        return { body: { ...shown, value: found.hidden?.whole } };
      },
    ],
    ['POST', /^\/element-instances\/search$/, search('elements', 'processInstanceKey state elementInstanceScopeKey')],
    ['GET', /^\/element-instances\/(\d+)$/, get('elements', 'elementInstanceKey', 'an element')],
    [
      'PUT',
      /^\/element-instances\/(\d+)\/variables$/,
      async ({ path: [key], body: { variables, local } }) => {
        const scopeKey = own('element', key);
        await engine
          .setVariables({ scopeKey, variables: variables as Variables, local: local === true })
          .catch((error: unknown) => {
            throw error instanceof EngineRefusedError ? notFound(`an element with key '${key}'`) : error;
          });
        return undefined;
      },
    ],
    ['POST', /^\/incidents\/search$/, search('incidents', 'tenantId creationTime state processInstanceKey')],
    ['GET', /^\/incidents\/(\d+)$/, get('incidents', 'incidentKey', 'an incident')],
    [
      'POST',
      /^\/incidents\/(\d+)\/resolution$/,
      async ({ path: [key = ''] }) => {
        const incident = index.elementOf(key);
        if (!incident) throw notFound(`an incident with key '${key}'`);
        const jobKey = placeKey('job', elementPlace(incident.element));
        const left = retries.get(jobKey);
        if (incident.type === 'JOB_NO_RETRIES' && left === undefined) {
          throw new Problem(409, 'INVALID_STATE', 'Expected the job to have retries left, but it has none');
        }
        retries.delete(jobKey);
        await engine.resolveIncident(incident.element, left === undefined ? {} : { retries: left });
        index.noteResolved(incident.element);
        return undefined;
      },
    ],
    [
      'POST',
      /^\/messages\/publication$/,
      async ({ body }) => {
        const { name, correlationKey, variables, timeToLive = 0, messageId, tenantId } = body;
        checkTenant(tenantId);
        const id = messageId === undefined ? '' : String(messageId);
        if (id !== '' && Number(timeToLive) > 0) {
          const kept = `${name} ${correlationKey} ${id}`;
          if ((messages.get(kept) ?? 0) > now().getTime()) {
            throw new Problem(409, 'ALREADY_EXISTS', `a message with id '${id}' is already published`);
          }
          messages.set(kept, now().getTime() + Number(timeToLive));
        }
        await engine.publishMessage({
          name: String(name),
          ...(typeof correlationKey === 'string' && { correlationKey }),
          variables: (variables ?? {}) as Variables,
          timeToLiveMs: Number(timeToLive),
          ...(id !== '' && { messageId: id }),
        });
        return { body: { tenantId: tenant, messageKey: numberKey('subscription', 1) } };
      },
    ],
    [
      'POST',
      /^\/message-subscriptions\/search$/,
      search('subscriptions', 'tenantId messageName correlationKey messageSubscriptionState lastUpdatedDate'),
    ],
    [
      'POST',
      /^\/signals\/broadcast$/,
      async ({ body: { signalName, variables, tenantId } }) => {
        checkTenant(tenantId);
        await engine.broadcastSignal({ name: String(signalName), variables: (variables ?? {}) as Variables });
        return { body: { tenantId: tenant, signalKey: numberKey('subscription', 2) } };
      },
    ],
    [
      'PATCH',
      /^\/jobs\/(\d+)$/,
      async ({ path: [key = ''], body }) => {
        const place = placeOf('job', key);
        const { retries: left, timeout } = body.changeset as { retries?: number; timeout?: number };
        const due = timeout === undefined ? sql`due_at` : sql`now() + ${timeout}::int * interval '1 millisecond'`;
        const rows = await database.db.execute(sql`update engine_jobs set due_at = ${due}
          where instance_key = ${place?.instance ?? '0'}::bigint and token = ${place?.token ?? 0}::int returning token`);
        const found = Array.isArray(rows) ? rows : (rows as { rows: unknown[] }).rows;
        if (found.length === 0) throw notFound(`a job with key '${key}'`);
        if (left !== undefined) retries.set(key, left);
        return undefined;
      },
    ],
  ];
  /** Message → the time until which the cluster keeps it. */
  const messages = new Map<string, number>();

  /** Jobs are those of Kickoff's own jobs API, with keys of the stand-in. */
  const askJobs = async (
    { body: { tenantIds = [defaultTenant], ...body } }: Call,
    path: string,
    left: AbortSignal,
  ): Promise<Answer> => {
    const [, key, action] = /^\/jobs\/(?:(\d+)\/)?(\w+)$/.exec(path) ?? [];
    const place = key === undefined ? undefined : placeOf('job', key);
    if (action === 'activation') for (const one of tenantIds as unknown[]) checkTenant(one);
    if (key !== undefined && !place) throw notFound(`a job with key '${key}'`);
    const answer = await fetch(`${jobsAddress.url}/v2/jobs/${place ? `${ownJobKey(place)}/` : ''}${action}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: stringifyJson(body),
      signal: left,
    });
    const text = await answer.text();
    if (!answer.ok) {
      const { title, detail } = JSON.parse(text) as { title: string; detail: string };
      throw new Problem(answer.status, title, detail);
    }
    if (action !== 'activation') return undefined;
    const { jobs } = parseJson(text) as { jobs: Parameters<typeof withKeys>[0][] };
    return { body: { jobs: jobs.map(withKeys) } };
  };
  const withKeys = (job: Record<string, string> & { userTask?: Record<string, unknown> }) => {
    const place = jobPlace(job.jobKey ?? '0');
    return {
      ...job,
      tenantId: tenant,
      jobKey: placeKey('job', place),
      elementInstanceKey: placeKey('element', place),
      processInstanceKey: placeKey('element', { instance: place.instance, token: 0 }),
      processDefinitionKey: numberKey('definition', job.processDefinitionKey ?? '0'),
      ...(job.userTask && { userTask: { ...job.userTask, userTaskKey: placeKey('task', place) } }),
      ...(tags.get(place.instance)?.length && { tags: tags.get(place.instance) }),
    };
  };

  const authorize = (request: IncomingMessage) => {
    const given = request.headers.authorization ?? '';
    const isKnown =
      auth.strategy === 'NONE' ||
      (auth.strategy === 'BASIC' && given === `Basic ${btoa(`${auth.username}:${auth.password}`)}`) ||
      (auth.strategy === 'OAUTH' && tokens.has(given.replace('Bearer ', '')));
    if (!isKnown) throw new Problem(401, 'Unauthorized', 'An Authentication object was not found');
  };

  const giveToken = (raw: Buffer): Answer => {
    const form = new URLSearchParams(raw.toString());
    const isKnown =
      auth.strategy === 'OAUTH' &&
      form.get('client_id') === auth.clientId &&
      form.get('client_secret') === auth.clientSecret;
    if (!isKnown) throw new Problem(401, 'Unauthorized', 'invalid_client');
    const given = randomUUID();
    tokens.add(given);
    return { body: { access_token: given, token_type: 'Bearer', expires_in: 3600 } };
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://cluster');
    const name = `${request.method} ${url.pathname}`;
    const fate = standIn.fate(name);
    if (fate === 'hold') return void standIn.held.push(name);
    if (fate === 'cut before') return void response.destroy();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks);
    if (typeof fate === 'object') throw new Problem(fate.status, fate.title, 'The broker is busy');
    if (url.pathname === '/oauth/token') return send(response, giveToken(raw));
    authorize(request);
    standIn.calls.push(name);
    const path = url.pathname.replace('/v2', '');
    const isJson = request.headers['content-type']?.startsWith('application/json') && raw.length > 0;
    const body = isJson ? (parseJson(raw.toString()) as Record<string, unknown>) : {};
    const call = { path: [], body, raw, request };
    const left = new AbortController();
    response.on('close', () => left.abort());
    const answer = await answerTo(request.method ?? '', path, call, left.signal);
    if (fate === 'hold answer') return void standIn.held.push(name);
    if (fate === 'lose answer') return void response.destroy();
    send(response, answer);
  };

  const answerTo = (method: string, path: string, call: Call, left: AbortSignal): Promise<Answer> => {
    for (const [ofMethod, pattern, handler] of routes) {
      const found = ofMethod === method ? pattern.exec(path) : null;
      if (found) return handler({ ...call, path: found.slice(1) });
    }
    if (path.startsWith('/jobs/')) return askJobs(call, path, left);
    throw new Problem(404, 'Not Found', `No static resource ${path}`);
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      const { status, title, message: detail } = problemOf(error);
      const instance = request.url?.split('?')[0];
      if (response.destroyed) return;
      response
        .writeHead(status, { 'content-type': 'application/problem+json' })
        .end(JSON.stringify({ type: 'about:blank', title, status, detail, instance }));
    });
  });
  const jobsServer = createServer((request, response) => handleJobs(request, response));
  const [address, jobsAddress] = await Promise.all([listenAtAddress(server), listenAtAddress(jobsServer)]);
  const { url } = address;
  const standIn: StandIn = {
    ...address,
    fate: () => 'pass',
    calls: [],
    held: [],
    async stopExporting() {
      isExporting = false;
      await refreshing;
    },
    startExporting() {
      isExporting = true;
    },
    get environment() {
      const tenants = tenant === defaultTenant ? {} : { CAMUNDA_DEFAULT_TENANT_ID: tenant };
      return { CAMUNDA_REST_ADDRESS: url, ...tenants, ...environmentOf(auth, url) };
    },
    askFor(asked) {
      auth = asked;
    },
    async deploy(files) {
      if (Object.keys(files).length === 0) return;
      await deploy(files);
      await index.refresh(engine);
    },
    replaceXml: (processId, change) => void replaced.set(processId, change),
    revokeTokens: () => tokens.clear(),
    engine: () => engine,
    async countInstances() {
      const rows = await database.db.execute(sql`select key from engine_instances`);
      return (Array.isArray(rows) ? rows : (rows as { rows: unknown[] }).rows).length;
    },
    keyOf: (key) => ownKey(placeOf('element', key) ?? { instance: key, token: 0 }),
    async advance(ms) {
      offset += ms;
      await database.advance?.(ms);
      for (const signal of ['engine_due', 'engine_changed', 'engine_events'] as const) database.signal(signal);
    },
    async close() {
      await Promise.all([address.leave(), jobsAddress.leave()]);
      isStopped = true;
      await exporting;
      await engine.stop();
      await database.close();
      await rm(folder, { recursive: true });
    },
  };
  // Plays the exporter: updates the index with a delay.
  let isExporting = true;
  let isStopped = false;
  let refreshing: Promise<void> = Promise.resolve();
  const exporting = (async () => {
    while (!isStopped) {
      await delay(lagMs);
      if (isExporting && !isStopped) refreshing = index.refresh(engine).catch(() => {});
      await refreshing;
    }
  })();
  return standIn;
}

function environmentOf(auth: Auth, url: string): Record<string, string> {
  const common = { CAMUNDA_AUTH_STRATEGY: auth.strategy };
  switch (auth.strategy) {
    case 'NONE':
      return common;
    case 'BASIC':
      return {
        ...common,
        CAMUNDA_BASIC_AUTH_USERNAME: auth.username,
        CAMUNDA_BASIC_AUTH_PASSWORD: auth.password,
      };
    case 'OAUTH':
      return {
        ...common,
        CAMUNDA_OAUTH_URL: `${url}/oauth/token`,
        CAMUNDA_CLIENT_ID: auth.clientId,
        CAMUNDA_CLIENT_SECRET: auth.clientSecret,
      };
  }
}

function send(response: ServerResponse, answer: Answer): void {
  if (response.destroyed) return;
  const { status = answer?.body === undefined ? 204 : 200, body, type = 'application/json' } = answer ?? {};
  if (body === undefined) response.writeHead(status).end();
  else response.writeHead(status, { 'content-type': type }).end(type === 'text/xml' ? body : stringifyJson(body));
}

function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof UserTaskClosedError) return notFound('an open user task');
  if (error instanceof UserTaskAssignedError) return new Problem(409, 'INVALID_STATE', error.message);
  if (error instanceof EngineRefusedError) {
    if (/There is no process/.test(error.message)) return notFound('a process definition');
    return new Problem(409, 'INVALID_STATE', error.message);
  }
  return new Problem(500, 'INTERNAL_ERROR', String(error));
}

const topology = (gatewayVersion: string) => ({
  brokers: [],
  clusterSize: 1,
  partitionsCount: 4,
  replicationFactor: 1,
  gatewayVersion,
  lastCompletedChangeId: '0',
});
