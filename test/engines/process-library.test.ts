import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { selectRows } from '../../src/db/query.ts';
import { createEmbeddedEngine, type EmbeddedEngine } from '../../src/engines/embedded/embedded-engine.ts';
import { switchProcess } from '../../src/starts/switch-process.ts';
import * as b from './diagram-builder.ts';
import { type EmbeddedWorld, openEmbeddedWorld, writeFolder } from './embedded-world.ts';

const by = 'U0ANNA00001';
const asking = (name: string, id = 'process') =>
  b.process([b.start(), b.userTask('x', { name, form: 'f' }), b.flow('start -> x')], { id });
const form = (label: string) => JSON.stringify({ id: 'f', components: [{ type: 'textfield', key: 'a', label }] });
const soon = <T>(check: () => T | Promise<T>) => vi.waitFor(check, { timeout: 10_000 });

let world: EmbeddedWorld;
let engines: EmbeddedEngine[];
let folders: string[];
beforeEach(async () => {
  [engines, folders] = [[], []];
  world = await openEmbeddedWorld();
});
afterEach(async () => {
  for (const engine of engines) await engine.stop();
  for (const folder of folders) await rm(folder, { recursive: true });
  await world.close();
});

async function open(files: Record<string, string> = {}): Promise<EmbeddedEngine> {
  const processesDir = await writeFolder(files);
  folders.push(processesDir);
  const { database, now } = world;
  const workers = { pollIntervalMs: 50, filesIntervalMs: 50 };
  const jobHandlers = { work: async () => ({}) };
  const logger = pino({ level: 'silent' });
  const engine = await createEmbeddedEngine({ database, processesDir, jobHandlers, logger, now, workers });
  await engine.start();
  engines.push(engine);
  return engine;
}

const file = (name: string, text: string) => ({ name, text });
const versionsOf = async ({ library }: EmbeddedEngine) =>
  (await library.listVersions('process', 10)).map(({ version, isCurrent }) => (isCurrent ? `${version}*` : version));
let starts = 0;
async function taskOf(engine: EmbeddedEngine): Promise<string | undefined> {
  const request = { startId: `start-${starts++}`, processDefinitionId: 'process', variables: {} };
  const { processInstanceKey } = await engine.startProcessInstance(request);
  return (await engine.listUserTasks(processInstanceKey))[0]?.name;
}

test('added files are in effect at once, on other replicas soon, and after a restart', async () => {
  const [one, other] = [await open(), await open()];
  const added = await one.library.add([file('a.bpmn', asking('A')), file('a.form', form('A'))], by);
  expect(added).toMatchObject({ faults: [], processes: [{ id: 'process', version: 1 }] });
  expect(await taskOf(one)).toBe('A');
  await soon(async () => expect(await other.listProcessDefinitions()).toMatchObject([{ id: 'process', version: 1 }]));
  const later = await open();
  expect(await taskOf(later)).toBe('A');
});

test('a file with an error adds nothing, and the error names file, element and how to correct it', async () => {
  const engine = await open();
  const added = await engine.library.add([file('a.bpmn', asking('A')), file('b.bpmn', asking('B', 'b'))], by);
  expect(added.faults).toMatchObject([
    { file: 'a.bpmn (new)', elementId: 'x', elementName: 'A', mend: 'form', reason: 'no .form file has the form f' },
    { file: 'b.bpmn (new)', elementId: 'x', elementName: 'B', mend: 'form' },
  ]);
  expect(await engine.listProcessDefinitions()).toEqual([]);
  expect(await selectRows(world.database.db, sql`select id from process_uploads`)).toEqual([]);
  expect((await engine.library.add([file('notes.txt', 'Hello')], by)).faults).toMatchObject([{ file: 'notes.txt' }]);
});

test('a file replaces the one that was uploaded earlier with the same process', async () => {
  const engine = await open();
  await engine.library.add([file('a.bpmn', asking('A')), file('a.form', form('A'))], by);
  const again = await engine.library.add([file('renamed.bpmn', asking('B'))], by);
  expect(again).toMatchObject({ faults: [], processes: [{ version: 2 }] });
  expect(await taskOf(engine)).toBe('B');
  const names = await selectRows(world.database.db, sql`select name from process_uploads order by id`);
  expect(names).toEqual([{ name: 'a.form' }, { name: 'renamed.bpmn' }]);
});

test('a process that is also in PROCESSES_DIR is refused by name, and vice versa', async () => {
  const engine = await open({ 'a.bpmn': asking('A'), 'a.form': form('A') });
  const { faults } = await engine.library.add([file('b.bpmn', asking('B'))], by);
  expect(faults).toMatchObject([{ file: 'b.bpmn (new)', mend: 'taken' }]);
  expect(faults[0]?.reason).toContain('the process process is in a.bpmn already');
  await engine.library.add([file('c.bpmn', asking('C', 'c'))], by);
  await writeFile(join(folders[0] ?? '', 'c.bpmn'), asking('Newcomer', 'c'));
  await soon(() =>
    expect(engine.library.listFaults()).toMatchObject([
      { file: 'c.bpmn', reason: 'the process c is in c.bpmn (upload 1) already, and the one there is taken' },
    ]),
  );
  await engine.library.add([file('c.bpmn', asking('Second', 'c'))], by);
  expect(engine.library.listFaults()).toMatchObject([{ file: 'c.bpmn', mend: 'taken' }]);
});

test('of two files uploaded together with one process id, the second is refused', async () => {
  const engine = await open({ 'a.form': form('A') });
  const { faults } = await engine.library.add([file('a.bpmn', asking('A')), file('a.bpmn', asking('B'))], by);
  expect(faults).toMatchObject([{ file: 'a.bpmn (new 2)', mend: 'taken' }]);
});

test('an earlier version can be used again, on other replicas and after a restart, until the files change', async () => {
  const engine = await open({ 'a.form': form('A') });
  const other = await open({ 'a.form': form('A') });
  await engine.library.add([file('a.bpmn', asking('First'))], by);
  await engine.library.add([file('a.bpmn', asking('Second'))], by);
  expect(await versionsOf(engine)).toEqual(['2*', 1]);
  await engine.library.restore('process', 1, by);
  expect(await versionsOf(engine)).toEqual(['3*', 2, '1*']);
  expect(await taskOf(engine)).toBe('First');
  await soon(async () => expect(await taskOf(other)).toBe('First'));
  const later = await open({ 'a.form': form('A') });
  expect(await taskOf(later)).toBe('First');
  expect(await versionsOf(later)).toEqual(['3*', 2, '1*']);
  await engine.library.restore('process', 2, by);
  expect(await taskOf(engine)).toBe('Second');
  await engine.library.restore('process', 1, by);
  await engine.library.add([file('a.bpmn', asking('Second'))], by);
  expect(await taskOf(engine)).toBe('Second');
  await expect(engine.library.restore('process', 77, by)).rejects.toThrow('There is no version 77.');
});

test('a replica that read the files before a change stores no version of them after it', async () => {
  const engine = await open({ 'a.form': form('A') });
  await engine.library.add([file('a.bpmn', asking('First'))], by);
  await engine.library.add([file('a.bpmn', asking('Second'))], by);
  const others = [await open({ 'a.form': form('A') }), await open({ 'a.form': form('A') })];
  for (let i = 0; i < 10; i++) {
    await engine.library.restore('process', 1, by);
    await engine.library.restore('process', 2, by);
  }
  for (const other of others) await soon(async () => expect(await taskOf(other)).toBe('Second'));
  const [newest] = await engine.library.listVersions('process', 1);
  expect(newest?.version).toBe(22);
});

test('a restored version that cannot run any more is reported, and its files run in its place', async () => {
  const files = { 'a.form': form('A'), 'b.bpmn': asking('B', 'b') };
  const engine = await open(files);
  await engine.library.add([file('a.bpmn', asking('First'))], by);
  await engine.library.add([file('a.bpmn', asking('Second'))], by);
  await engine.library.restore('process', 1, by);
  // As after an upgrade that refuses something in it.
  await world.database.db.execute(sql`update engine_definitions set xml = '<no diagram' where version in (1, 3)`);
  const later = await open(files);
  expect(await taskOf(later)).toBe('Second');
  expect(later.library.listFaults()).toMatchObject([
    {
      file: 'a.bpmn (upload 2)',
      reason: expect.stringContaining('version 1 of process was restored, but cannot run any more'),
    },
  ]);
  expect(await later.listProcessDefinitions()).toHaveLength(2);
});

test('a process of PROCESSES_DIR can go back to an earlier version until its file changes', async () => {
  const engine = await open({ 'a.bpmn': asking('First'), 'a.form': form('A') });
  const write = (name: string) => writeFile(join(folders[0] ?? '', 'a.bpmn'), asking(name));
  await write('Second');
  await soon(async () => expect(await taskOf(engine)).toBe('Second'));
  await engine.library.restore('process', 1, by);
  expect(await taskOf(engine)).toBe('First');
  await write('Third');
  await soon(async () => expect(await taskOf(engine)).toBe('Third'));
});

test('no message starts a process that is switched off; the next one does after it is switched on', async () => {
  const waiting = b.process([b.startOn('on', b.messageDefinition('ordered')), b.userTask('x'), b.flow('on -> x')]);
  const engine = await open();
  await engine.library.add([file('a.bpmn', waiting)], by);
  expect(engine.library.listStartedByEvents()).toMatchObject([{ id: 'process' }]);
  const { db } = world.database;
  const instances = () => selectRows(db, sql`select key from engine_instances`);
  const order = (messageId: string) =>
    engine.publishMessage({ name: 'ordered', messageId, variables: {}, timeToLiveMs: 0 });
  await switchProcess(db, 'process', { isOn: false, by });
  await order('one');
  await soon(async () =>
    expect(await selectRows(db, sql`select key from engine_messages where starts_due_at is not null`)).toEqual([]),
  );
  expect(await instances()).toEqual([]);
  await switchProcess(db, 'process', { isOn: true, by });
  await order('two');
  await soon(async () => expect(await instances()).toHaveLength(1));
});

const computing = (expression: string, { after = 'user' as 'user' | 'end', id = 'calc' } = {}) =>
  b.process([
    b.start(),
    b.script(id, expression, 'result'),
    after === 'user' ? b.userTask('x', { name: 'Check' }) : b.end('x'),
    b.flow(`start -> ${id} -> x`),
  ]);

async function stuckIn(engine: EmbeddedEngine): Promise<string> {
  const request = { startId: `start-${starts++}`, processDefinitionId: 'process', variables: {} };
  const { processInstanceKey } = await engine.startProcessInstance(request);
  expect(await engine.getProcessInstance(processInstanceKey)).toMatchObject({ status: 'incident' });
  return processInstanceKey;
}

test('an instance with an incident can move to the newest version, and continues there', async () => {
  const engine = await open();
  await engine.library.add([file('a.bpmn', computing('=assert(missing, missing != null)'))], by);
  const key = await stuckIn(engine);
  await expect(engine.library.moveToNewest(key)).rejects.toThrow('runs the newest version already');
  await engine.library.add([file('a.bpmn', computing('=1 + 1'))], by);
  await engine.library.moveToNewest(key);
  const [incident] = await engine.listIncidents(key);
  await engine.resolveIncident(incident?.key ?? '');
  expect(await engine.getVariables(key)).toMatchObject({ result: 2 });
  expect(await engine.listUserTasks(key)).toMatchObject([{ name: 'Check', status: 'open' }]);
  await expect(engine.library.moveToNewest(key)).rejects.toThrow('Nothing of this process is stuck any more.');
});

test.each([
  ['is gone', computing('=1', { id: 'other' })],
  ['is of another kind', b.process([b.start(), b.userTask('calc'), b.end(), b.flow('start -> calc -> end')])],
  [
    'is in a sub-process',
    b.process([
      b.start(),
      b.sub('inner', [b.start('s2'), b.script('calc', '=1', 'result'), b.flow('s2 -> calc')]),
      b.flow('start -> inner'),
    ]),
  ],
])('an instance does not move where the element that it hangs at %s', async (_, newest) => {
  const engine = await open();
  await engine.library.add([file('a.bpmn', computing('=assert(missing, missing != null)'))], by);
  const key = await stuckIn(engine);
  const { faults } = await engine.library.add([file('a.bpmn', newest)], by);
  expect(faults).toEqual([]);
  await expect(engine.library.moveToNewest(key)).rejects.toThrow('has no place for where it stands: Script task');
});
