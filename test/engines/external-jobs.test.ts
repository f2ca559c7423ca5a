import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ProcessEngine, UserTaskClosedError } from '../../src/engines/engine.ts';
import { type HttpServer, startHttpServer } from '../../src/http-server.ts';
import * as b from './diagram-builder.ts';
import { type EmbeddedWorld, openEmbeddedWorld } from './embedded-world.ts';

const token = 'a-token-of-workers';
const logger = pino({ level: 'silent' });

let world: EmbeddedWorld;
let server: HttpServer;
let engine: ProcessEngine;
let starts = 0;
/** Ends the jobs that Kickoff handles itself. */
let release = () => {};

beforeEach(async () => {
  const released = new Promise<Record<string, never>>((resolve) => {
    release = () => resolve({});
  });
  world = await openEmbeddedWorld();
  server = await startHttpServer({ port: 0, readiness: async () => ({ fault: undefined, notes: [] }), logger });
  const process = b.process([
    b.start(),
    b.job('x', { type: 'fax', headers: { tray: '2' }, inputs: { number: '=phone' } }),
    b.boundaryError('busy', 'x', 'BUSY', { outputs: { line: '=line' } }),
    b.end(),
    b.userTask('call'),
    b.flow('start -> x -> end'),
    b.flow('busy -> call'),
  ]);
  const own = b.process([b.start(), b.job('y', { type: 'own' }), b.flow('start -> y')], { id: 'own' });
  const listened = b.process(
    [
      b.start(),
      b.userTask('ask', {
        assignee: 'U1',
        extensions: b.taskListeners(
          { event: 'assigning', type: 'given' },
          { event: 'completing', type: 'check' },
          // The name in the first versions of Camunda 8 with listeners.
          { event: 'cancel', type: 'gone' },
        ),
      }),
      b.end('end', { extensions: b.executionListeners({ event: 'end', type: 'bye' }) }),
      b.flow('start -> ask -> end'),
    ],
    { id: 'listened' },
  );
  const interrupted = b.process(
    [
      b.start(),
      b.userTask('ask', {
        assignee: 'U1',
        extensions: b.taskListeners({ event: 'assigning', type: 'given' }, { event: 'completing', type: 'check' }),
      }),
      b.boundaryTimer('late', 'ask', { duration: 'PT1H' }),
      b.job('y', { type: 'own' }),
      b.end(),
      b.flow('start -> ask -> end'),
      b.flow('late -> y'),
    ],
    { id: 'interrupted' },
  );
  const externalWorkers = { token, route: server.route };
  engine = await world.makeWith(
    { 'a.bpmn': process, 'own.bpmn': own, 'listened.bpmn': listened, 'interrupted.bpmn': interrupted },
    () => released,
    { externalWorkers },
    ['own'],
  );
  await engine.start();
});
afterEach(async () => {
  release();
  await engine.stop();
  await server.close();
  await world.close();
});

async function start(processDefinitionId = 'process'): Promise<string> {
  starts += 1;
  const request = { startId: `start-${starts}`, processDefinitionId, variables: { phone: '112', other: 1 } };
  return (await engine.startProcessInstance(request)).processInstanceKey;
}

async function post(path: string, body: unknown, authorization = `Bearer ${token}`) {
  const response = await fetch(`http://127.0.0.1:${server.port}/v2/jobs/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}
const activation = { type: 'fax', worker: 'w1', timeout: 60_000, maxJobsToActivate: 5, requestTimeout: 1 };
async function activate(options = {}) {
  const { status, body } = await post('activation', { ...activation, ...options });
  expect(status).toBe(200);
  return body.jobs;
}
const statusOf = async (key: string) => (await engine.getProcessInstance(key))?.status;

describe('jobs over HTTP', () => {
  it('go to one worker, with headers and variables, and the process continues with its result', async () => {
    const key = await start();
    const [job, ...others] = await activate();
    expect(others).toEqual([]);
    expect(job).toMatchObject({
      jobKey: expect.stringMatching(/^\d+$/),
      type: 'fax',
      processDefinitionId: 'process',
      processDefinitionVersion: 1,
      processInstanceKey: key,
      elementId: 'x',
      customHeaders: { tray: '2' },
      variables: { phone: '112', other: 1, number: '112' },
      worker: 'w1',
      retries: 3,
      tenantId: '<default>',
    });
    expect(job.deadline).toBeGreaterThan(Date.now());
    expect(await activate()).toEqual([]);
    expect(await post(`${job.jobKey}/completion`, { variables: { pages: 1 } })).toEqual({ status: 204 });
    expect(await statusOf(key)).toBe('completed');
    expect(await engine.getVariables(key)).toMatchObject({ pages: 1 });
    expect(await post(`${job.jobKey}/completion`, {})).toMatchObject({ status: 404, body: { status: 404 } });
  });

  it('have only the variables that the worker asks for', async () => {
    await start();
    expect((await activate({ fetchVariable: ['other', 'gone'] }))[0].variables).toEqual({ other: 1 });
  });

  it('are waited for, for the time in the request', async () => {
    const waiting = activate({ requestTimeout: 10_000 });
    await start();
    expect(await waiting).toHaveLength(1);
  });

  it('are waited for by any number of workers, without a warning of a memory leak', async () => {
    const warnings: Error[] = [];
    const warn = (warning: Error) => warnings.push(warning);
    process.on('warning', warn);
    try {
      const waiting = Array.from({ length: 12 }, () => activate({ type: 'nothing', requestTimeout: 1200 }));
      expect(await Promise.all(waiting)).toEqual(waiting.map(() => []));
    } finally {
      process.off('warning', warn);
    }
    expect(warnings).toEqual([]);
  });

  it('that fail are offered again, and are an incident once no retries are left', async () => {
    const key = await start();
    const [job] = await activate();
    expect((await post(`${job.jobKey}/failure`, { retries: 1, errorMessage: 'no paper' })).status).toBe(204);
    const [again] = await activate();
    expect(again).toMatchObject({ jobKey: job.jobKey, retries: 1 });
    expect((await post(`${job.jobKey}/failure`, { errorMessage: 'no paper' })).status).toBe(204);
    expect(await engine.listIncidents(key)).toMatchObject([{ reason: 'Service task (x): no paper' }]);
    expect(await activate()).toEqual([]);
  });

  it('that fail with a backoff wait for that long', async () => {
    await start();
    const [job] = await activate();
    await post(`${job.jobKey}/failure`, { retries: 2, retryBackOff: 60_000 });
    expect(await activate()).toEqual([]);
    await world.advance(61_000);
    expect(await activate()).toHaveLength(1);
  });

  it('that a worker does not finish in time go to the next, and either may complete them', async () => {
    const key = await start();
    for (let times = 0; times < 5; times += 1) {
      expect(await activate()).toHaveLength(1);
      await world.advance(61_000);
    }
    const [job] = await activate({ worker: 'w2' });
    expect(job).toMatchObject({ worker: 'w2', retries: 3 });
    expect((await post(`${job.jobKey}/completion`, {})).status).toBe(204);
    expect(await statusOf(key)).toBe('completed');
  });

  it('end with an error that the diagram catches', async () => {
    const key = await start();
    const [job] = await activate();
    const error = { errorCode: 'BUSY', errorMessage: 'engaged', variables: { line: 3 } };
    expect((await post(`${job.jobKey}/error`, error)).status).toBe(204);
    await vi.waitFor(async () => expect(await engine.listUserTasks(key)).toMatchObject([{ elementId: 'call' }]));
    expect(await engine.getVariables(key)).toMatchObject({ line: 3 });
  });

  it('of listeners have the task’s data, and can correct or deny it', async () => {
    const key = await start('listened');
    const [given] = await activate({ type: 'given' });
    expect(given).toMatchObject({
      kind: 'TASK_LISTENER',
      listenerEventType: 'ASSIGNING',
      customHeaders: { 'io.camunda.zeebe:action': 'assign', 'io.camunda.zeebe:assignee': 'U1' },
      userTask: { assignee: 'U1', changedAttributes: ['assignee'] },
    });
    // Camunda's clients reject keys that are not numbers, and forms that are null.
    expect(given.userTask).toMatchObject({ userTaskKey: expect.stringMatching(/^\d+$/) });
    expect(given.userTask).not.toHaveProperty('formKey');
    expect(await engine.listUserTasks(key)).toEqual([]);
    const refused = await post(`${given.jobKey}/completion`, { variables: { a: 1 } });
    expect(refused).toMatchObject({
      status: 400,
      body: { detail: 'The listener of a user task cannot set variables' },
    });
    expect((await post(`${given.jobKey}/error`, { errorCode: 'E' })).status).toBe(400);
    await post(`${given.jobKey}/completion`, { result: { type: 'userTask', corrections: { assignee: 'U2' } } });
    const [task] = await engine.listUserTasks(key);
    expect(task).toMatchObject({ assignee: 'U2', status: 'open' });

    const answer = () => {
      const completed = engine.completeUserTask({
        taskKey: task?.key ?? '',
        variables: { amount: 5 },
        completedBy: 'U2',
      });
      return completed.catch((error: Error) => error);
    };
    const denied = answer();
    const [check] = await activate({ type: 'check', requestTimeout: 10_000 });
    expect(check).toMatchObject({ listenerEventType: 'COMPLETING', variables: { amount: 5 } });
    expect(await answer()).toMatchObject({ message: expect.stringMatching(/still checking/) });
    await post(`${check.jobKey}/completion`, { result: { type: 'userTask', denied: true, deniedReason: 'too much' } });
    expect(await denied).toMatchObject({ message: 'The process does not accept this: too much' });
    expect(await engine.listUserTasks(key)).toMatchObject([{ assignee: 'U2', status: 'open' }]);
    expect(await engine.getVariables(key)).not.toHaveProperty('amount');

    const accepted = answer();
    const [again] = await activate({ type: 'check', requestTimeout: 10_000 });
    expect(again.jobKey).not.toBe(check.jobKey);
    await post(`${again.jobKey}/completion`, { result: { corrections: { candidateUsers: ['U3'] } } });
    expect(await accepted).toBeUndefined();
    const done = { status: 'completed', completedBy: 'U2', assignee: 'U2', candidateUsers: ['U3'] };
    expect(await engine.listUserTasks(key)).toMatchObject([done]);

    const [bye] = await activate({ type: 'bye' });
    expect(bye).toMatchObject({ kind: 'EXECUTION_LISTENER', listenerEventType: 'END', elementId: 'end' });
    await post(`${bye.jobKey}/completion`, { variables: { left: true } });
    expect(await statusOf(key)).toBe('completed');
    expect(await engine.getVariables(key)).toMatchObject({ amount: 5, left: true });
  });

  it('of a listener that decides about an assignee delay the claim', async () => {
    const key = await start('listened');
    const [given] = await activate({ type: 'given' });
    await post(`${given.jobKey}/completion`, {});
    const [task] = await engine.listUserTasks(key);
    const claim = engine.assignUserTask({ taskKey: task?.key ?? '', assignee: 'U9', allowOverride: true });
    const claimed = claim.catch((error: Error) => error);
    const [asked] = await activate({ type: 'given', requestTimeout: 10_000 });
    expect(asked.userTask).toMatchObject({ assignee: 'U9', changedAttributes: ['assignee'] });
    await post(`${asked.jobKey}/completion`, { result: { denied: true } });
    expect(await claimed).toMatchObject({ message: 'The process does not accept this.' });
    expect(await engine.listUserTasks(key)).toMatchObject([{ assignee: 'U1' }]);
  });

  it.each([
    [
      'completion',
      'check',
      (taskKey: string) => engine.completeUserTask({ taskKey, variables: {}, completedBy: 'U1' }),
    ],
    [
      'assignment',
      'given',
      (taskKey: string) => engine.assignUserTask({ taskKey, assignee: 'U9', allowOverride: true }),
    ],
  ])('of a listener of a task’s %s do not hide that the task is interrupted meanwhile', async (_, type, act) => {
    const key = await start('interrupted');
    const [given] = await activate({ type: 'given' });
    await post(`${given.jobKey}/completion`, {});
    const [task] = await engine.listUserTasks(key);
    const acted = act(task?.key ?? '').catch((error: Error) => error);
    const [asked] = await activate({ type, requestTimeout: 10_000 });
    expect(asked).toBeDefined();
    await world.advance(3_601_000);
    await vi.waitFor(async () => expect(await engine.listUserTasks(key)).toMatchObject([{ status: 'cancelled' }]));
    const error = await acted;
    expect(error).toBeInstanceOf(UserTaskClosedError);
    expect(error).toMatchObject({ task: { key: task?.key, status: 'cancelled' } });
  });

  it('of a listener of a task’s cancellation delay the end of the instance', async () => {
    const key = await start('listened');
    const [given] = await activate({ type: 'given' });
    await post(`${given.jobKey}/completion`, {});
    const [task] = await engine.listUserTasks(key);
    const answer = () => engine.completeUserTask({ taskKey: task?.key ?? '', variables: {}, completedBy: 'U1' });
    const completed = answer().catch((error: Error) => error);
    const [check] = await activate({ type: 'check', requestTimeout: 10_000 });
    await engine.cancelProcessInstance(key);
    expect(await completed).toMatchObject({ task: { status: 'cancelled' } });
    expect((await post(`${check.jobKey}/completion`, {})).status).toBe(404);
    expect(await engine.listUserTasks(key)).toMatchObject([{ status: 'cancelled' }]);
    await expect(answer()).rejects.toThrow('the task is no longer open');
    const [gone] = await activate({ type: 'gone' });
    expect(gone).toMatchObject({ listenerEventType: 'CANCELING', userTask: { assignee: 'U1' } });
    expect(await statusOf(key)).toBe('active');
    const refused = await post(`${gone.jobKey}/completion`, { result: { denied: true } });
    expect(refused).toMatchObject({
      status: 400,
      body: { detail: 'The cancellation of a user task cannot be denied' },
    });
    await engine.cancelProcessInstance(key);
    await post(`${gone.jobKey}/completion`, { result: { corrections: { candidateUsers: ['U3'] } } });
    expect(await statusOf(key)).toBe('terminated');
    expect(await engine.listUserTasks(key)).toMatchObject([{ status: 'cancelled', candidateUsers: ['U3'] }]);
  });

  it('that Kickoff handles itself are not offered', async () => {
    await start('own');
    expect(await activate({ type: 'own' })).toEqual([]);
  });

  it.each([
    ['no token', '', {}, 'activation', 401],
    ['a wrong token', 'Bearer wrong', {}, 'activation', 401],
    ['a wrong password', `Basic ${Buffer.from('demo:wrong').toString('base64')}`, {}, 'activation', 401],
    ['no type', `Bearer ${token}`, { maxJobsToActivate: 1, timeout: 1 }, 'activation', 400],
    ['no JSON', `Bearer ${token}`, '{', 'activation', 400],
    ['an error without a code', `Bearer ${token}`, {}, '16777217/error', 400],
    ['a key of nothing', `Bearer ${token}`, {}, '99999999999/completion', 404],
    ['a key that is none', `Bearer ${token}`, {}, 'abc/completion', 404],
    ['an unknown action', `Bearer ${token}`, {}, '1/applause', 404],
  ])('are refused for %s', async (_, authorization, body, path, status) => {
    expect(await post(path, body, authorization)).toMatchObject({
      status,
      body: { status, title: expect.any(String) },
    });
  });

  it('are offered also for the token as a password', async () => {
    await start();
    const basic = `Basic ${Buffer.from(`demo:${token}`).toString('base64')}`;
    expect(await post('activation', activation, basic)).toMatchObject({
      status: 200,
      body: { jobs: [{ type: 'fax' }] },
    });
  });
});
