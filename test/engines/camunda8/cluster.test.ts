import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { EngineRefusedError, EngineUnavailableError } from '../../../src/engines/engine.ts';
import * as b from '../diagram-builder.ts';
import { writeFolder } from '../embedded-world.ts';
import { type Camunda8World, openCamunda8World } from './camunda8-world.ts';
import type { Fate } from './stand-in.ts';

const task = (id: string, extensions = '') =>
  b.process([b.start(), b.userTask('ask', { extensions }), b.end(), b.flow('start -> ask -> end')], { id });
const waiting = { timeout: 10_000, interval: 50 };
const begin = (processDefinitionId: string) => ({ startId: randomUUID(), processDefinitionId, variables: {} });

let world: Camunda8World;
beforeAll(async () => {
  world = await openCamunda8World();
});
afterAll(() => world?.close());
afterEach(() => {
  world.cluster.askFor({ strategy: 'NONE' });
  world.cluster.fate = () => 'pass';
});

test('OAUTH: a revoked token is replaced, and with a wrong secret the engine counts as unavailable', async () => {
  world.cluster.askFor({ strategy: 'OAUTH', clientId: 'kickoff', clientSecret: 'secret' });
  await world.cluster.deploy({ 'a.bpmn': task('a') });
  const before = await world.cluster.countInstances();
  const engine = world.connect();
  await engine.checkHealth();
  world.cluster.revokeTokens();
  expect((await engine.listProcessDefinitions()).map(({ id }) => id)).toContain('a');
  const stranger = world.connect({ environment: { CAMUNDA_CLIENT_SECRET: 'wrong' } });
  await expect(stranger.checkHealth()).rejects.toThrow(EngineUnavailableError);
  await expect(stranger.startProcessInstance(begin('a'))).rejects.toThrow('does not accept');
  expect(await world.cluster.countInstances()).toBe(before);
});

test.each<[string, Fate, string]>([
  ['breaks the connection', 'cut before', 'does not answer: UND_ERR_SOCKET'],
  ['is overloaded', { status: 503, title: 'Service Unavailable' }, 'does not answer: HTTP 503'],
])('OAUTH: a token server that %s is not taken for wrong credentials', async (_, fate, reason) => {
  world.cluster.askFor({ strategy: 'OAUTH', clientId: 'kickoff', clientSecret: 'secret' });
  await world.cluster.deploy({ 'a.bpmn': task('a') });
  const engine = world.connect();
  world.cluster.fate = (call) => (call === 'POST /oauth/token' ? fate : 'pass');
  await expect(engine.checkHealth()).rejects.toThrow(reason);
  world.cluster.fate = () => 'pass';
  await engine.checkHealth();
});

test('BASIC: with a wrong password the engine counts as unavailable', async () => {
  world.cluster.askFor({ strategy: 'BASIC', username: 'kickoff', password: 'secret' });
  await world.connect().checkHealth();
  const stranger = world.connect({ environment: { CAMUNDA_BASIC_AUTH_PASSWORD: 'wrong' } });
  await expect(stranger.checkHealth()).rejects.toThrow('does not accept');
});

test('CAMUNDA_DEPLOY deploys the folder, and its processes are reported', async () => {
  const deployFrom = await writeFolder({
    'deployed.bpmn': task('deployed'),
    'forms/lead.form': '{"id":"lead","components":[]}',
  });
  const engine = world.connect({ deployFrom });
  let told = 0;
  engine.onProcessDefinitionsChange(() => {
    told += 1;
  });
  await engine.start();
  try {
    await vi.waitFor(async () => {
      const definitions = await engine.listProcessDefinitions();
      expect(definitions.map(({ id, version }) => `${id} ${version}`)).toContain('deployed 1');
      expect(told).toBeGreaterThan(0);
    }, waiting);
  } finally {
    await engine.stop();
    await rm(deployFrom, { recursive: true });
  }
});

test('tasks that are claimed or completed elsewhere are reported', async () => {
  await world.cluster.deploy({ 'a.bpmn': task('a') });
  const engine = world.connect();
  const told: string[] = [];
  engine.onProcessInstanceChange(async (key) => {
    const [one] = await engine.listUserTasks(key);
    told.push(`${one?.status} ${one?.assignee}`);
  });
  await engine.start();
  try {
    const { processInstanceKey: key } = await engine.startProcessInstance(begin('a'));
    await vi.waitFor(() => expect(told).toContain('open undefined'), waiting);
    const others = world.cluster.engine();
    const [own] = await others.listUserTasks(world.cluster.keyOf(key));
    const taskKey = own?.key ?? '';
    await others.assignUserTask({ taskKey, assignee: 'anna', allowOverride: true });
    await vi.waitFor(() => expect(told).toContain('open anna'), waiting);
    await others.completeUserTask({ taskKey, variables: {}, completedBy: 'anna' });
    await vi.waitFor(() => expect(told).toContain('completed anna'), waiting);
  } finally {
    await engine.stop();
  }
});

test('a task with a form of another application is shown, and not completed', async () => {
  await world.cluster.deploy({ 'foreign.bpmn': task('foreign') });
  const engine = world.connect();
  const { processInstanceKey } = await engine.startProcessInstance(begin('foreign'));
  const [plain] = await engine.listUserTasks(processInstanceKey);
  expect(plain?.form).toBeUndefined();
  world.cluster.replaceXml('foreign', (xml) =>
    xml.replace(/(<bpmn:userTask [^>]*>\s*<bpmn:extensionElements>)/, '$1<zeebe:formDefinition formKey="custom"/>'),
  );
  const fresh = world.connect({
    environment: {
      CAMUNDA_OPERATE_BASE_URL: 'https://camunda.example/operate/',
      CAMUNDA_TASKLIST_BASE_URL: 'https://camunda.example/tasklist',
    },
  });
  expect(engine.instanceLink(processInstanceKey)).toBeUndefined();
  expect(fresh.instanceLink(processInstanceKey)).toEqual({
    engine: 'Camunda 8',
    url: `https://camunda.example/operate/processes/${processInstanceKey}`,
  });
  const [foreign] = await fresh.listUserTasks(processInstanceKey);
  expect(foreign?.form?.items[0]).toMatchObject({ kind: 'text', text: expect.stringContaining('Camunda 8') });
  expect(JSON.stringify(foreign?.form)).toContain(
    `[Open in Camunda 8](https://camunda.example/tasklist/${foreign?.key})`,
  );
  const completing = fresh.completeUserTask({ taskKey: foreign?.key ?? '', variables: {}, completedBy: 'U1' });
  await expect(completing).rejects.toThrow(EngineRefusedError);
  expect(await fresh.getUserTask(foreign?.key ?? '')).toMatchObject({ status: 'open' });
});

test('a message that started a process does not answer that process’s question', async () => {
  const waits = b.process(
    [
      b.start(),
      b.catchEvent('wait', b.messageDefinition('live-chat:message-received', '=sessionId')),
      b.end(),
      b.flow('start -> wait -> end'),
    ],
    { id: 'waits' },
  );
  await world.cluster.deploy({ 'waits.bpmn': waits });
  const engine = world.connect();
  await engine.start();
  try {
    expect(await engine.findMessageReceivers('live-chat:message-received')).toEqual({
      processDefinitionIds: ['waits'],
      withoutStart: true,
    });
    expect(await engine.findMessageReceivers('live-chat:session-closed')).toEqual({
      processDefinitionIds: [],
      withoutStart: false,
    });
    const say = (text: string, saidAt: number) =>
      engine.publishMessage({
        name: 'live-chat:message-received',
        correlationKey: 'a session',
        variables: { text },
        timeToLiveMs: 3_600_000,
        messageId: text,
        saidAt,
      });
    await say('Hello', 10);
    const variables = { sessionId: 'a session' };
    const { processInstanceKey: key } = await engine.startProcessInstance({
      ...begin('waits'),
      variables,
      hearsAfter: 10,
    });
    await say('Five, please', 20);
    const done = await vi.waitFor(async () => {
      const instance = await engine.getProcessInstance(key);
      if (instance?.status !== 'completed') throw new Error('not yet');
      return instance;
    }, waiting);
    expect(done.variables).toMatchObject({ text: 'Five, please' });
  } finally {
    await engine.stop();
  }
});

test('an instance’s tasks show a claim by Kickoff, although the index shows it later', async () => {
  await world.cluster.deploy({ 'a.bpmn': task('a') });
  const engine = world.connect();
  const { processInstanceKey: key } = await engine.startProcessInstance(begin('a'));
  const [open] = await engine.listUserTasks(key);
  await world.cluster.stopExporting();
  await engine.assignUserTask({ taskKey: open?.key ?? '', assignee: 'U1', allowOverride: false });
  const tasks = engine.listUserTasks(key);
  world.cluster.startExporting();
  expect(await tasks).toMatchObject([{ assignee: 'U1' }]);
});

test('reading a task takes two calls, and reading what the own start changed takes no call twice', async () => {
  await world.cluster.deploy({
    'nested.bpmn': b.process(
      [
        b.start(),
        b.sub('around', [b.start('begin'), b.userTask('ask'), b.flow('begin -> ask')], {
          inputs: { answer: '="inner"' },
        }),
        b.end(),
        b.flow('start -> around -> end'),
      ],
      { id: 'nested' },
    ),
  });
  const engine = world.connect();
  await engine.listProcessDefinitions();
  const { calls } = world.cluster;
  const callsOf = async (work: () => Promise<unknown>) => {
    const before = calls.length;
    await work();
    return calls.slice(before);
  };
  const variables = { answer: 'outer', long: 'x'.repeat(9000) };
  const { processInstanceKey: key } = await engine.startProcessInstance({ ...begin('nested'), variables });
  // Telling people of a change reads both.
  const own = await callsOf(() => Promise.all([engine.getProcessInstance(key), engine.listUserTasks(key)]));
  const once = own.filter((call, n) => call !== 'POST /v2/element-instances/search' || own[n + 1] !== call);
  expect(once.map((call) => call.replaceAll(/\d{5,}/g, '…')).sort()).toEqual([
    'GET /v2/process-instances/…',
    'POST /v2/element-instances/search',
    'POST /v2/user-tasks/search',
    'POST /v2/user-tasks/…/variables/search',
    'POST /v2/variables/search',
  ]);
  const other = world.connect();
  await other.listProcessDefinitions();
  const listed = await callsOf(() => other.listUserTasks(key));
  expect(listed).toHaveLength(2);
  const [task] = await other.listUserTasks(key);
  expect(task).toMatchObject({ elementId: 'ask', variables: { ...variables, answer: 'inner' } });
  const got = await callsOf(() => other.getUserTask(task?.key ?? ''));
  expect(got).toHaveLength(2);
});

test('reading changes takes no more calls for twenty instances than for none', async () => {
  await world.cluster.deploy({ 'a.bpmn': task('a') });
  const engine = world.connect();
  const told = new Set<string>();
  engine.onProcessInstanceChange(async (key) => {
    told.add(key);
  });
  await engine.start();
  try {
    const searches = () => world.cluster.calls.filter((call) => call.endsWith('/search')).length;
    const rounds = () => world.cluster.calls.filter((call) => call === 'POST /v2/incidents/search').length;
    const perRound = async () => {
      const [calls, round] = [searches(), rounds()];
      await vi.waitFor(() => expect(rounds() - round).toBeGreaterThanOrEqual(6), waiting);
      return (searches() - calls) / (rounds() - round);
    };
    const idle = await perRound();
    const starts = Array.from({ length: 20 }, () => engine.startProcessInstance(begin('a')));
    const keys = (await Promise.all(starts)).map(({ processInstanceKey }) => processInstanceKey);
    await vi.waitFor(() => expect(keys.filter((key) => !told.has(key))).toEqual([]), waiting);
    expect(await perRound()).toBeLessThan(idle + 1);
  } finally {
    await engine.stop();
  }
});
