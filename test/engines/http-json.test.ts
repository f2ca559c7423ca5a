import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { visibleVariables } from '../../src/engines/embedded/interpreter/variables.ts';
import { assertConnectorExpressions } from '../../src/engines/embedded/job-handlers/connector-expressions.ts';
import { createHttpJsonHandler } from '../../src/engines/embedded/job-handlers/http-json.ts';
import { readFile } from '../../src/engines/embedded/reading/read-file.ts';
import { BpmnError, type Job, JobError, PermanentJobError } from '../../src/engines/engine.ts';
import type { Variables } from '../../src/processes/value-types.ts';
import * as b from './diagram-builder.ts';
import { play } from './play.ts';

interface Received {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingMessage['headers'];
  body: string;
}

const received: Received[] = [];
let answer: (request: Received, response: ServerResponse) => void;
let port = 0;

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const { method, url, headers } = request;
  const entry = { method, url, headers, body: Buffer.concat(chunks).toString() };
  received.push(entry);
  answer(entry, response);
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  received.length = 0;
  answer = json(200, { id: 7 });
});

function json(status: number, body: unknown, headers: Record<string, string> = {}) {
  return (_: Received, response: ServerResponse) =>
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));
}

interface Call {
  /** The diagram's inputs, with placeholders for the diagram's own secrets. */
  variables?: Variables;
  /** Replaces `variables`: a job's variables and secrets as the engine passes them. */
  entered?: Pick<Job, 'variables' | 'secrets'>;
  retries?: number;
  headers?: Record<string, string>;
  secrets?: Record<string, string>;
  allowedHosts?: string[];
  maximumBody?: number;
  signal?: AbortSignal;
}

function call({
  variables = {},
  entered = marked(variables),
  headers = {},
  retries = 3,
  secrets = {},
  allowedHosts = ['127.0.0.1'],
  maximumBody,
  signal,
}: Call) {
  const handler = createHttpJsonHandler({
    secrets: new Map(Object.entries(secrets)),
    allowedHosts,
    ...(maximumBody === undefined ? {} : { maximumBody }),
    lookup: resolveToLoopback,
  });
  const job: Job = {
    key: 'job-1',
    type: 'io.camunda:http-json:1',
    processInstanceKey: 'i1',
    elementId: 'e1',
    ...entered,
    variables: { method: 'POST', url: `http://127.0.0.1:${port}/leads`, ...entered.variables },
    headers,
    attempt: 1,
    retries,
  };
  return handler(job, signal ?? new AbortController().signal);
}

function marked(variables: Variables): Pick<Job, 'variables' | 'secrets'> {
  const names: string[] = [];
  const text = JSON.stringify(variables).replace(/\{\{ ?secrets\.(\w+) ?\}\}/g, (_, name: string) => {
    names.push(name);
    return `{{secrets.${name}#mark}}`;
  });
  return { variables: JSON.parse(text) as Variables, secrets: { mark: '#mark', names } };
}

/** Evaluates a connector's inputs like the engine, over the variables of a process. */
async function entered(sources: Record<string, string>, process: Variables = {}) {
  const xml = b.process([
    b.start(),
    b.job('x', { type: 'io.camunda:http-json:1', inputs: sources }),
    b.flow('start -> x'),
  ]);
  const { models } = await readFile(xml);
  const instance = await play(xml, process);
  const { token } = instance.opened('x');
  const mark = instance.state().tokens[token]?.secretMark;
  return {
    variables: visibleVariables(instance.state(), token),
    ...(mark !== undefined && { secrets: { mark, names: models[0]?.elements.get('x')?.secrets ?? [] } }),
  };
}

/** Resolves every name to this machine, like an attacker's name server. */
const resolveToLoopback = ((_: string, options: { all?: boolean }, callback: (...results: unknown[]) => void) => {
  if (options.all) callback(null, [{ address: '127.0.0.1', family: 4 }]);
  else callback(null, '127.0.0.1', 4);
}) as typeof import('node:dns').lookup;

describe('the request', () => {
  test('method, path, query, headers and JSON body', async () => {
    await call({
      variables: {
        method: 'put',
        headers: { 'X-Source': 'kickoff', 'X-Number': 5, 'X-None': null },
        queryParameters: { q: 'a b&c', tag: ['x', 'y'], none: null },
        body: { name: 'Анна', age: null },
      },
    });
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({
      method: 'PUT',
      url: '/leads?q=a+b%26c&tag=x&tag=y',
      headers: { 'x-source': 'kickoff', 'x-number': '5', 'content-type': 'application/json' },
      body: '{"name":"Анна","age":null}',
    });
    expect(received[0]?.headers).not.toHaveProperty('x-none');
  });

  test.each<[string, Variables, string]>([
    ['a text as it is', { body: '<a/>', headers: { 'content-type': 'text/xml' } }, '<a/>'],
    ['without null values', { body: { a: null, b: { c: null, d: [1] } }, ignoreNullValues: 'true' }, '{"b":{"d":[1]}}'],
    [
      'a form',
      { body: { a: 'x y', b: 2 }, headers: { 'Content-Type': 'application/x-www-form-urlencoded' } },
      'a=x+y&b=2',
    ],
    ['no body with GET', { method: 'GET', body: { a: 1 } }, ''],
  ])('body: %s', async (_, variables, body) => {
    await call({ variables });
    expect(received[0]?.body).toBe(body);
  });

  test('a process cannot set the length of the body', async () => {
    await call({ variables: { body: 'abc', headers: { 'Content-Length': '1', 'transfer-encoding': 'chunked' } } });
    expect(received[0]).toMatchObject({ body: 'abc', headers: { 'content-length': '3' } });
  });

  test('the job’s key is the idempotency key, unless the process has one', async () => {
    await call({});
    await call({ variables: { headers: { 'Idempotency-Key': 'mine' } } });
    expect(received.map(({ headers }) => headers['idempotency-key'])).toEqual(['job-1', 'mine']);
  });

  test.each<[string, Variables, object]>([
    ['basic', { type: 'basic', username: 'ann', password: 'p:w' }, { authorization: 'Basic YW5uOnA6dw==' }],
    ['bearer', { type: 'bearer', token: 't0k' }, { authorization: 'Bearer t0k' }],
    ['API key', { type: 'apiKey', apiKeyLocation: 'headers', name: 'X-Key', value: 'k' }, { 'x-key': 'k' }],
  ])('authentication: %s', async (_, authentication, headers) => {
    await call({ variables: { authentication } });
    expect(received[0]?.headers).toMatchObject(headers);
  });

  test('authentication: API key in the query', async () => {
    await call({ variables: { authentication: { type: 'apiKey', apiKeyLocation: 'query', name: 'key', value: 'k' } } });
    expect(received[0]?.url).toBe('/leads?key=k');
  });

  test('authentication: OAuth client credentials', async () => {
    answer = (request, response) =>
      json(200, request.url === '/token' ? { access_token: 'at' } : {})(request, response);
    await call({
      variables: {
        authentication: {
          type: 'oauth-client-credentials-flow',
          oauthTokenEndpoint: `http://127.0.0.1:${port}/token`,
          clientId: 'me',
          clientSecret: 'shh',
          scopes: 'leads',
        },
      },
    });
    expect(received[0]).toMatchObject({
      url: '/token',
      headers: { authorization: 'Basic bWU6c2ho' },
      body: 'grant_type=client_credentials&scope=leads',
    });
    expect(received[1]).toMatchObject({ url: '/leads', headers: { authorization: 'Bearer at' } });
  });
});

describe('the result', () => {
  test('as a whole, and by expression', async () => {
    answer = json(201, { id: 7, tags: ['a'] }, { 'X-Request-Id': 'r1' });
    const headers = {
      resultVariable: 'answer',
      resultExpression:
        '={leadId: response.body.id, first: body.tags[1], made: status = 201, by: headers["X-Request-Id"]}',
    };
    const result = await call({
      headers: { ...headers, resultExpression: headers.resultExpression.replace(/, by.*\]/, '') },
    });
    expect(result).toEqual({
      answer: {
        status: 201,
        headers: expect.objectContaining({ 'X-Request-Id': 'r1', 'Content-Type': 'application/json' }),
        body: { id: 7, tags: ['a'] },
      },
      leadId: 7,
      first: 'a',
      made: true,
    });
  });

  test('no result unless the process asks for it; text and empty bodies are results, too', async () => {
    expect(await call({})).toEqual({});
    answer = (_, response) => response.writeHead(204).end();
    expect(await call({ headers: { resultExpression: '={b: body, s: status}' } })).toEqual({ b: null, s: 204 });
    answer = (_, response) => response.writeHead(200).end('plain');
    expect(await call({ headers: { resultExpression: '={b: body}' } })).toEqual({ b: 'plain' });
  });

  test.each([
    ['no context', '=body.id', /must give a context/],
    ['no FEEL', '={a: }', /^resultExpression: /],
  ])('a result expression that fails is a permanent failure: %s', async (_, resultExpression, reason) => {
    const promise = call({ headers: { resultExpression } });
    await expect(promise).rejects.toThrow(PermanentJobError);
    await expect(promise).rejects.toThrow(reason);
  });
});

describe('failures', () => {
  test('a status other than 2xx is retried, and reported with the beginning of the answer', async () => {
    answer = json(503, { error: 'down for maintenance' });
    const error = await call({}).catch((reason: unknown) => reason);
    expect(error).not.toBeInstanceOf(PermanentJobError);
    expect(String(error)).toBe(
      `Error: POST http://127.0.0.1:${port}/leads: answered 503: {"error":"down for maintenance"}`,
    );
  });

  test('redirects are not followed', async () => {
    answer = (_, response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end();
    await expect(call({})).rejects.toThrow(/answered 302; redirects are not followed$/);
    expect(received).toHaveLength(1);
  });

  test('a server that is not running', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port: free } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    await expect(call({ variables: { url: `http://127.0.0.1:${free}/` } })).rejects.toThrow(/ECONNREFUSED/);
  });

  test('a server that does not answer in time', async () => {
    answer = (_, response) => response.writeHead(200).write('{');
    await expect(call({ variables: { readTimeoutInSeconds: '1' } })).rejects.toThrow(/no complete answer within 1 s/);
  });

  test('a job that is aborted ends at once', async () => {
    answer = () => {};
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('shutting down')), 50);
    await expect(call({ signal: controller.signal })).rejects.toThrow('shutting down');
  });

  test.each([1001, 100_000])(
    'an answer of %d nested lists is a permanent failure, also with a long number in it',
    async (depth) => {
      for (const inside of ['', '7615917337495251231']) {
        answer = (_, response) => response.end(`${'['.repeat(depth)}${inside}${']'.repeat(depth)}`);
        const promise = call({ headers: { resultVariable: 'answer' } });
        await expect(promise).rejects.toThrow(PermanentJobError);
        await expect(promise).rejects.toThrow(/more than 1000 levels deep/);
      }
      answer = (_, response) => response.end(`${'['.repeat(1000)}${']'.repeat(1000)}`);
      expect(JSON.stringify(await call({ headers: { resultVariable: 'answer' } }))).toContain('['.repeat(1000));
    },
  );

  test('an answer of more than 4 MB is a permanent failure', async () => {
    answer = (_, response) => response.end(JSON.stringify('x'.repeat(4_000_000)));
    const promise = call({ headers: { resultVariable: 'answer' } });
    await expect(promise).rejects.toThrow(PermanentJobError);
    await expect(promise).rejects.toThrow(/larger than 4000000 bytes/);
  });

  test('an answer that is too large is a permanent failure', async () => {
    answer = (_, response) => response.writeHead(200).end('x'.repeat(2000));
    const promise = call({ maximumBody: 1000 });
    await expect(promise).rejects.toThrow(PermanentJobError);
    await expect(promise).rejects.toThrow(/larger than 1000 bytes/);
  });

  test.each<[string, Variables, RegExp]>([
    ['method', { method: 'STEAL' }, /the input method is not usable/],
    ['URL', { url: 'crm/leads' }, /the input url is not a URL/],
    ['protocol', { url: 'file:///etc/passwd' }, /neither http nor https/],
    ['authentication', { authentication: { type: 'magic' } }, /the input authentication.type/],
    ['header', { headers: { 'X-A': 'a\r\nX-B: b' } }, /characters that HTTP does not allow/],
    ['multipart', { headers: { 'content-type': 'multipart/form-data' }, body: {} }, /multipart/],
  ])('an unusable input fails without a retry: %s', async (_, variables, reason) => {
    const promise = call({ variables });
    await expect(promise).rejects.toThrow(PermanentJobError);
    await expect(promise).rejects.toThrow(reason);
    expect(received).toHaveLength(0);
  });
});

describe('error expressions', () => {
  test('a status becomes a BPMN error with variables', async () => {
    answer = json(409, { existing: 3 });
    const headers = {
      errorExpression:
        '=if error.code = "409" then bpmnError("DUPLICATE", "exists", {leadId: error.variables.response.body.existing}) else null',
    };
    const error = await call({ headers }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(BpmnError);
    expect(error).toMatchObject({ code: 'DUPLICATE', message: 'exists', variables: { leadId: 3 } });
    answer = json(500, {});
    await expect(call({ headers })).rejects.toThrow(/answered 500/);
  });

  test('a response of 200 can become a BPMN error as well', async () => {
    answer = json(200, { ok: false });
    const headers = { errorExpression: 'if response.body.ok = false then bpmnError("NOT_OK", "no") else null' };
    await expect(call({ headers })).rejects.toMatchObject({ code: 'NOT_OK' });
    answer = json(200, { ok: true });
    expect(await call({ headers: { ...headers, resultExpression: '={ok: body.ok}' } })).toEqual({ ok: true });
  });

  test('ignoreError completes the job', async () => {
    answer = json(404, {});
    expect(await call({ headers: { errorExpression: '=ignoreError({found: false})' } })).toEqual({ found: false });
  });

  test.each<[string, { message: string; retries: number; timeout: string }]>([
    ['jobError("no")', { message: 'no', retries: 0, timeout: 'PT0S' }],
    ['jobError("no", {a: 1})', { message: 'no', retries: 0, timeout: 'PT0S' }],
    ['jobError("later", {}, job.retries - 1)', { message: 'later', retries: 1, timeout: 'PT0S' }],
    ['jobError("later", {}, 5, duration("PT10S"))', { message: 'later', retries: 5, timeout: 'PT10S' }],
    ['jobError(message: "later", retries: 2)', { message: 'later', retries: 2, timeout: 'PT0S' }],
  ])('a job error says what the job has left: %s', async (expression, expected) => {
    answer = json(404, {});
    const error = await call({ retries: 2, headers: { errorExpression: `=${expression}` } }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(JobError);
    expect(error).toMatchObject(expected);
  });

  test.each(['={}', '=null', '=if false then bpmnError("A", "b") else {}', '={code: ""}'])(
    'no error is mapped by %s',
    async (errorExpression) => {
      expect(await call({ headers: { errorExpression, resultExpression: '={id: body.id}' } })).toEqual({ id: 7 });
    },
  );

  test('it sees the variables of the result expressions', async () => {
    const headers = {
      resultVariable: 'whole',
      resultExpression: '={lead: body.id}',
      errorExpression: '=if lead = 7 and whole.status = 200 then bpmnError("SEVEN", "it is") else null',
    };
    await expect(call({ headers })).rejects.toMatchObject({ code: 'SEVEN' });
  });

  test.each([
    ['=bpmnError(', /^errorExpression: /],
    ['="oops"', /must give bpmnError/],
    ['=bpmnEror("A", "b")', /errorExpression/],
  ])('an invalid one is a permanent failure: %s', async (errorExpression, reason) => {
    const promise = call({ headers: { errorExpression } });
    await expect(promise).rejects.toThrow(PermanentJobError);
    await expect(promise).rejects.toThrow(reason);
  });
});

test.each<[string, Record<string, string>, RegExp | undefined]>([
  [
    'both good',
    { resultExpression: '={a: body.b.c}', errorExpression: '=if error.code = "1" then bpmnError("A", "b") else null' },
    undefined,
  ],
  [
    'forgiving',
    { errorExpression: 'if is defined(error) then bpmnError(error.code, error.message) else null' },
    undefined,
  ],
  ['none', {}, undefined],
  ['result', { resultExpression: '={a: }' }, /^resultExpression: /],
  ['error', { errorExpression: '=if then' }, /^errorExpression: /],
  ['its own functions', { errorExpression: '=jobError("again", {}, 2, "PT1M")' }, undefined],
])('expressions can be checked beforehand: %s', (_, headers, reason) => {
  const check = () => assertConnectorExpressions(headers);
  if (reason) expect(check).toThrow(reason);
  else expect(check).not.toThrow();
});

describe('secrets', () => {
  const secrets = { TOKEN: 's3cr3t-value', HOST: '127.0.0.1' };

  test('fill whole values and parts, in both of Camunda’s forms', async () => {
    await call({
      secrets,
      variables: {
        url: `http://{{secrets.HOST}}:${port}/leads`,
        authentication: { type: 'bearer', token: '{{secrets.TOKEN}}' },
        headers: { 'X-Part': 'v={{ secrets.TOKEN }};' },
        body: { deep: [{ key: '{{secrets.TOKEN}}' }], mentions: 'see secrets.TOKEN for more' },
      },
    });
    expect(received[0]?.headers).toMatchObject({ authorization: 'Bearer s3cr3t-value', 'x-part': 'v=s3cr3t-value;' });
    expect(received[0]?.body).toBe('{"deep":[{"key":"s3cr3t-value"}],"mentions":"see secrets.TOKEN for more"}');
  });

  test('an unknown one is a permanent failure that names it', async () => {
    const promise = call({ secrets, variables: { body: '{{secrets.CRM_URL}}' } });
    await expect(promise).rejects.toThrow(PermanentJobError);
    await expect(promise).rejects.toThrow('there is no secret CRM_URL (set SECRET_CRM_URL)');
  });

  test('are filled in at their places in the diagram', async () => {
    const inputs = {
      url: `http://127.0.0.1:${port}/{{secrets.TOKEN}}`,
      'authentication.type': 'bearer',
      'authentication.token': 'secrets.TOKEN',
      body: '={a: "{{ secrets.TOKEN }}", b: "secrets.TOKEN", c: trim(" {{secrets.TOKEN}} "), d: "see secrets.TOKEN for more"}',
    };
    await call({ secrets, entered: await entered(inputs) });
    expect(received[0]).toMatchObject({ url: '/s3cr3t-value', headers: { authorization: 'Bearer s3cr3t-value' } });
    expect(JSON.parse(received[0]?.body ?? '')).toEqual({
      a: 's3cr3t-value',
      b: 's3cr3t-value',
      c: 's3cr3t-value',
      d: 'see secrets.TOKEN for more',
    });
  });

  test.each([
    '={m: messageText, k: "{{secrets.HOST}}"}',
    '={m: trim(messageText), k: "{{secrets.TOKEN}}"}',
    '={m: "From: " + substring(messageText, 1) + "!"}',
    '={m: string join(split(messageText, " "), " "), k: "{{secrets.TOKEN}}"}',
    '={m: "{{" + name + "}}", k: "{{secrets.TOKEN}}"}',
    '={m: replace("{{secrets.HOST}}", "HOST", "TOKEN")}',
    '={m: name}',
  ])('a text that looks like one stays a text: %s', async (body) => {
    const process = { messageText: ' hi {{secrets.TOKEN}} and secrets.TOKEN', name: 'secrets.TOKEN' };
    await call({ secrets, entered: await entered({ body }, process) });
    const sent = JSON.parse(received[0]?.body ?? '');
    expect(sent.m).toMatch(/secrets\.TOKEN/);
    expect(sent.m).not.toMatch(/s3cr3t|#/);
  });

  test('are not filled in in process variables', async () => {
    const process = { body: '{{secrets.TOKEN}}', headers: { 'X-A': 'secrets.TOKEN' } };
    await call({
      secrets,
      entered: await entered({ method: 'POST', 'authentication.token': '{{secrets.TOKEN}}' }, process).then(
        ({ secrets: granted, variables: { authentication, ...variables } }) => ({
          variables,
          ...(granted && { secrets: granted }),
        }),
      ),
    });
    expect(received[0]).toMatchObject({ body: '{{secrets.TOKEN}}', headers: { 'x-a': 'secrets.TOKEN' } });
  });

  test('outputs that contain an input have the placeholders again', async () => {
    const instance = await play(
      b.process([
        b.start(),
        b.job('x', {
          type: 'io.camunda:http-json:1',
          inputs: { url: '{{secrets.HOST}}/leads' },
          outputs: { sent: '=url' },
        }),
        b.userTask('ask'),
        b.flow('start -> x -> ask'),
      ]),
    );
    instance.complete('x');
    expect(instance.variables()).toEqual({ sent: '{{secrets.HOST}}/leads' });
  });

  test('are in no error, also in encoded form', async () => {
    const value = 'p"w&d é/1';
    const reply = [
      Buffer.from(`me:${value}`).toString('base64'),
      encodeURIComponent(value),
      new URLSearchParams({ value }).toString(),
      JSON.stringify(value),
    ];
    answer = json(200, { reply: reply.join(' ') });
    const error = await call({
      secrets: { WORD: value },
      variables: { authentication: { type: 'basic', username: 'me', password: '{{secrets.WORD}}' } },
      headers: { errorExpression: '=bpmnError("A", body.reply, {said: body.reply, deep: [{it: body.reply}]})' },
    }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(BpmnError);
    const told = `${error instanceof Error && error.message} ${JSON.stringify(error instanceof BpmnError && error.variables)}`;
    expect(told).toContain('{{secrets.WORD}}');
    for (const form of [Buffer.from(value).toString('base64').slice(0, 8), ...reply, 'p%22w', 'p"w', 'p\\"w']) {
      expect(told).not.toContain(form);
    }
    expect(told).not.toContain(Buffer.from(`me:${value}`).toString('base64').slice(4, -4));
  });

  test('are in no error, wherever it comes from', async () => {
    const url = `http://{{secrets.HOST}}:${port}/leads?key={{secrets.TOKEN}}`;
    const failures: [Variables, typeof answer][] = [
      [{ url }, json(401, { error: 'bad token s3cr3t-value', host: '127.0.0.1' })],
      [{ url: 'http://{{secrets.HOST}}:1/' }, answer],
      [{ url: '{{secrets.TOKEN}}' }, answer],
      [{ url, method: '{{secrets.TOKEN}}' }, answer],
      [{ url, authentication: { type: '{{secrets.TOKEN}}' } }, answer],
      [{ url, headers: { a: '{{secrets.TOKEN}}\n' } }, answer],
      [{ url, readTimeoutInSeconds: '{{secrets.TOKEN}}' }, answer],
    ];
    const echo = json(200, { token: 's3cr3t-value' });
    const expressions: Record<string, string>[] = [
      { resultExpression: '={a: 1 + body.token}' },
      { errorExpression: '=jobError("said " + response.body.token)' },
      { errorExpression: '=bpmnError("A", "said " + response.body.token)' },
    ];
    for (const headers of expressions) {
      answer = echo;
      const error = await call({ secrets, variables: { url }, headers }).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(Error);
      expect(error instanceof Error && error.stack).not.toMatch(/s3cr3t/);
    }
    for (const [variables, reply] of failures) {
      answer = reply;
      const error = await call({ secrets, variables }).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(Error);
      expect(String(error)).not.toMatch(/s3cr3t|127\.0\.0\.1/);
    }
  });
});

test.each<[Variables, number]>([
  [{}, 45_000],
  [{ connectionTimeoutInSeconds: '5', readTimeoutInSeconds: 300 }, 310_000],
  [{ readTimeoutInSeconds: 0 }, 3_625_000],
  [{ authentication: { type: 'oauth-client-credentials-flow' } }, 85_000],
])('a job may take as long as its request: %j', (variables, expected) => {
  const handler = createHttpJsonHandler({ secrets: new Map(), allowedHosts: [] });
  const job = { key: '1', type: 't', processInstanceKey: '1', elementId: 'x', headers: {}, attempt: 1 };
  expect(handler.timeoutMs?.({ ...job, variables })).toBe(expected);
});

describe('hosts', () => {
  const at = (host: string) => ({ url: `http://${host}:${port}/`, method: 'GET' });

  test.each([
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '[::1]',
    '0177.0.0.1',
    '127.0.0.1.',
    '[::ffff:127.0.0.1]',
    '[::ffff:0:127.0.0.1]',
    '[64:ff9b::7f00:1]',
    'localhost',
    'rebind.example',
  ])('a private one is a permanent failure: %s', async (host) => {
    const promise = call({ variables: at(host), allowedHosts: [] });
    await expect(promise).rejects.toThrow(PermanentJobError);
    await expect(promise).rejects.toThrow(/private or local, and HTTP_ALLOWED_HOSTS does not name it/);
    expect(received).toHaveLength(0);
  });

  test('an allowed one is called, by host or by host and port', async () => {
    await call({ variables: at('rebind.example'), allowedHosts: ['Rebind.example'] });
    await call({ variables: at('rebind.example'), allowedHosts: [`rebind.example:${port}`] });
    expect(received).toHaveLength(2);
    await expect(call({ variables: at('rebind.example'), allowedHosts: ['rebind.example:1'] })).rejects.toThrow(
      /private/,
    );
  });

  test('the OAuth endpoint has the same limits', async () => {
    const authentication = {
      type: 'oauth-client-credentials-flow',
      oauthTokenEndpoint: 'http://169.254.169.254/token',
      clientId: 'a',
      clientSecret: 'b',
    };
    await expect(call({ variables: { authentication } })).rejects.toThrow(/private or local/);
  });
});
