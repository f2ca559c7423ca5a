import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { selectRows } from '../../src/db/query.ts';
import type { ProcessEngine } from '../../src/engines/engine.ts';
import { dmn, table } from './decision-builder.ts';
import * as b from './diagram-builder.ts';
import { type EmbeddedWorld, openEmbeddedWorld, writeFolder } from './embedded-world.ts';

let world: EmbeddedWorld;
let engine: ProcessEngine | undefined;
beforeEach(async () => {
  world = await openEmbeddedWorld();
});
afterEach(async () => {
  await engine?.stop();
  engine = undefined;
  await world.close();
});

async function start(files: Record<string, string>, variables = {}, startId = 'start-1'): Promise<string> {
  engine = await world.make(files, async () => ({}), ['work']);
  await engine.start();
  const request = { startId, processDefinitionId: 'process', variables };
  return (await engine.startProcessInstance(request)).processInstanceKey;
}

const soon = <T>(check: () => T | Promise<T>) => vi.waitFor(check, { timeout: 10_000 });

const listTasks = async (key: string) => (await engine?.listUserTasks(key)) ?? [];

describe('the files of the embedded engine', () => {
  it('have a task’s form in the diagram itself', async () => {
    const json = '{ "components": [{ "type": "textfield", "key": "a", "label": "A" }] }';
    const key = await start({
      'a.bpmn': b.process(
        [
          b.start(),
          b.userTask('x', { extensions: '<zeebe:formDefinition formKey="camunda-forms:bpmn:mine"/>' }),
          b.flow('start -> x'),
        ],
        { extensions: `<zeebe:userTaskForm id="mine">${json}</zeebe:userTaskForm>` },
      ),
    });
    await soon(async () => expect(await listTasks(key)).toHaveLength(1));
    expect((await listTasks(key))[0]?.form?.items).toMatchObject([{ key: 'a', label: 'A' }]);
  });

  it('with one process id: the loaded one stays after a restart, whatever the name of the new one', async () => {
    const named = (name: string) => b.process([b.start(), b.userTask('x', { name, form: 'f' }), b.flow('start -> x')]);
    const form = (label: string) => JSON.stringify({ id: 'f', components: [{ type: 'textfield', key: 'a', label }] });
    await start({ 'm.bpmn': named('First'), 'm.form': form('First') });
    await engine?.stop();
    const key = await start(
      {
        'a.bpmn': named('Newcomer'),
        'm.bpmn': named('First'),
        'a.form': form('Newcomer'),
        'm.form': form('First'),
      },
      {},
      'start-2',
    );
    await soon(async () => expect(await listTasks(key)).toHaveLength(1));
    expect((await listTasks(key))[0]).toMatchObject({ name: 'First', form: { items: [{ label: 'First' }] } });
    expect(await engine?.listProcessDefinitions()).toMatchObject([{ id: 'process', version: 1 }]);
  });

  it('can name a job type without a handler by an expression: an incident that says so', async () => {
    const work = b.job('x', { type: '=kind' });
    const key = await start(
      { 'a.bpmn': b.process([b.start(), work, b.end(), b.flow('start -> x -> end')]) },
      { kind: 'fax' },
    );
    const incidents = (await engine?.listIncidents(key)) ?? [];
    expect(incidents).toMatchObject([{ reason: 'Service task (x): nothing here does jobs of the type fax' }]);
    await engine?.setVariables({ scopeKey: key, variables: { kind: 'work' }, local: false });
    await engine?.resolveIncident(incidents[0]?.key ?? '');
    await soon(async () => expect(await engine?.getProcessInstance(key)).toMatchObject({ status: 'completed' }));
  });
});

describe('files that change while the engine runs', () => {
  const files: string[] = [];
  const engines: ProcessEngine[] = [];
  afterEach(async () => {
    for (const one of engines.splice(0)) await one.stop();
    for (const folder of files.splice(0)) await rm(folder, { recursive: true });
  });

  const asking = (name: string, id = 'process') =>
    b.process([b.start(), b.userTask('x', { name, form: 'f' }), b.flow('start -> x')], { id });
  const form = (label: string) => JSON.stringify({ id: 'f', components: [{ type: 'textfield', key: 'a', label }] });

  async function open(content: Record<string, string>, replicas = 1) {
    const processesDir = await writeFolder(content);
    files.push(processesDir);
    const log: string[] = [];
    const logger = pino({ level: 'warn' }, { write: (line: string) => log.push(JSON.parse(line).msg) });
    let changes = 0;
    for (let index = 0; index < replicas; index += 1) {
      const options = { processesDir, logger, workers: { filesIntervalMs: 200 } };
      const opened = await world.makeWith({}, async () => ({}), options, ['work']);
      opened.onProcessDefinitionsChange(() => {
        changes += 1;
      });
      await opened.start();
      engines.push(opened);
    }
    const [engine] = engines;
    if (!engine) throw new Error('no engine');
    return {
      engine,
      log,
      changes: () => changes,
      write: (file: string, text: string) => writeFile(join(processesDir, file), text),
      remove: (file: string) => rm(join(processesDir, file)),
      async startOf(startId: string, processDefinitionId = 'process', variables = {}) {
        const request = { startId, processDefinitionId, variables };
        return (await engine.startProcessInstance(request)).processInstanceKey;
      },
    };
  }
  const taskOf = async (engine: ProcessEngine, key: string) =>
    soon(async () => {
      const [task] = await engine.listUserTasks(key);
      if (!task) throw new Error('no task yet');
      return task;
    });

  it('are new versions, loaded as a whole set; running instances stay on theirs', async () => {
    const { engine, write, startOf, changes } = await open({ 'a.bpmn': asking('First'), 'a.form': form('First') });
    const before = await startOf('start-1');
    await write('a.bpmn', asking('Second'));
    await write('a.form', form('Second'));
    await soon(async () => {
      expect(await engine.listProcessDefinitions()).toMatchObject([{ id: 'process', version: 2 }]);
    });
    expect(changes()).toBe(1);
    const task = await taskOf(engine, await startOf('start-2'));
    expect(task).toMatchObject({ name: 'Second', form: { items: [{ label: 'Second' }] } });
    expect(await taskOf(engine, before)).toMatchObject({ name: 'First', form: { items: [{ label: 'First' }] } });
  });

  it('of decisions belong to the processes that use them, and the history shows how they were made', async () => {
    const level = (name: string) =>
      dmn(table('level', { inputs: ['points'], outputs: ['level'], rules: [['> 5', `"${name}"`]] }));
    const process = b.process([
      b.start(),
      b.decide('x', 'level', 'level'),
      b.userTask('ask'),
      b.decide('y', 'level', 'again'),
      b.flow('start -> x -> ask -> y'),
    ]);
    const { engine, write, startOf } = await open({ 'a.bpmn': process, 'level.dmn': level('first') });
    const key = await startOf('start-1', 'process', { points: 7 });
    await write('level.dmn', level('second'));
    await soon(async () => expect(await engine.listProcessDefinitions()).toMatchObject([{ version: 2 }]));
    const next = await startOf('start-2', 'process', { points: 7 });
    expect(await engine.getVariables(next)).toMatchObject({ level: 'second' });
    // Like after a restart, when the running version is not that of the files.
    await engine.stop();
    const later = await world.makeWith(
      { 'other.bpmn': asking('Other', 'other'), 'a.form': form('A') },
      async () => ({}),
      {},
    );
    engines.push(later);
    const { key: taskKey } = await taskOf(later, key);
    await later.completeUserTask({ taskKey, variables: {}, completedBy: 'U1' });
    expect(await later.getProcessInstance(key)).toMatchObject({ status: 'completed' });
    const decided = (await later.listElementInstances(key)).filter(({ decisions }) => decisions);
    expect(decided.map(({ elementId, decisions }) => [elementId, decisions])).toEqual(
      ['x', 'y'].map((element) => [
        element,
        [
          {
            id: 'level',
            name: 'level',
            inputs: [{ label: 'points', value: 7 }],
            matchedRules: [{ id: 'level-rule-1', index: 1, outputs: ['first'] }],
            result: 'first',
          },
        ],
      ]),
    );
  });

  it('that are invalid leave their process unchanged, and the error is logged once', async () => {
    const { engine, write, startOf, log, changes } = await open({ 'a.bpmn': asking('First'), 'a.form': form('First') });
    await write('a.bpmn', asking('Second').slice(0, 500));
    await soon(() => expect(log).toContainEqual(expect.stringMatching(/^not loaded: a\.bpmn:/)));
    await taskOf(engine, await startOf('start-1'));
    expect(changes()).toBe(0);
    await write('a.bpmn', asking('Third'));
    await soon(async () => expect(await engine.listProcessDefinitions()).toMatchObject([{ version: 2 }]));
    expect(log).toHaveLength(1);
  });

  it('that are added or removed add or remove processes', async () => {
    const { engine, write, remove, startOf } = await open({ 'a.bpmn': asking('A', 'a'), 'a.form': form('A') });
    const running = await startOf('start-1', 'a');
    await write('c.bpmn', asking('C', 'c'));
    await soon(async () => expect(await engine.listProcessDefinitions()).toHaveLength(2));
    await remove('a.bpmn');
    await soon(async () => expect(await engine.listProcessDefinitions()).toMatchObject([{ id: 'c' }]));
    await expect(startOf('start-2', 'a')).rejects.toThrow();
    const { key: taskKey } = await taskOf(engine, running);
    await engine.completeUserTask({ taskKey, variables: {}, completedBy: 'U1' });
    await soon(async () => expect(await engine.getProcessInstance(running)).toMatchObject({ status: 'completed' }));
  });

  it('are one new version for all replicas, and start by their new events', async () => {
    const waiting = (name: string) =>
      b.process([
        b.start(),
        b.startOn('on', b.messageDefinition(name)),
        b.userTask('x'),
        b.flow('start -> x'),
        b.flow('on -> x'),
      ]);
    const { write } = await open({ 'a.bpmn': waiting('ordered') }, 2);
    await write('a.bpmn', waiting('paid'));
    for (const one of engines) {
      await soon(async () => expect(await one.listProcessDefinitions()).toMatchObject([{ version: 2 }]));
    }
    const { db } = world.database;
    expect(await selectRows(db, sql`select version from engine_definitions order by version`)).toHaveLength(2);
    expect(await selectRows(db, sql`select name from engine_start_events`)).toEqual([{ name: 'paid' }]);
  });
});
