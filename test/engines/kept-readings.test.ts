import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { selectRows } from '../../src/db/query.ts';
import type { EmbeddedEngine } from '../../src/engines/embedded/embedded-engine.ts';
import { createKeptReadings } from '../../src/engines/embedded/library/kept-readings.ts';
import { dmn, table } from './decision-builder.ts';
import * as b from './diagram-builder.ts';
import { type EmbeddedWorld, openEmbeddedWorld, writeFolder } from './embedded-world.ts';

let world: EmbeddedWorld;
let folder: string;
const engines: EmbeddedEngine[] = [];
beforeEach(async () => {
  world = await openEmbeddedWorld();
  // Readings are kept from test to test.
  await world.database.db.execute(sql`delete from file_readings`);
});
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.stop();
  await rm(folder, { recursive: true });
  await world.close();
});

/** Starts a Kickoff with the folder's files; returns its engine, how many files it parsed, and what it said about files. */
async function start() {
  const lines: { level: number; msg: string; parsed?: number }[] = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => lines.push(JSON.parse(line)) });
  const options = { processesDir: folder, logger, secrets: new Set<string>(), workers: { filesIntervalMs: 50 } };
  const jobTypes = ['work', 'io.camunda:http-json:1'];
  const engine = (await world.makeWith({}, async () => ({}), options, jobTypes)) as EmbeddedEngine;
  engines.push(engine);
  await engine.start();
  const parsed = () => lines.flatMap((line) => line.parsed ?? []);
  return { engine, parsed, said: lines.flatMap(({ level, msg }) => (level > 30 ? msg : [])) };
}

async function restart() {
  for (const engine of engines.splice(0)) await engine.stop();
  return start();
}

const keptRows = () =>
  selectRows<{ key: string; reading: string }>(world.database.db, sql`select * from file_readings`);

const asking = (id: string, name = id) =>
  b.process([b.start(), b.userTask('x', { name, form: 'f', assignee: '="U" + "1"' }), b.flow('start -> x')], { id });
const form = JSON.stringify({ id: 'f', components: [{ type: 'textfield', key: 'a', label: 'A' }] });
const files = { 'a.bpmn': asking('a'), 'b.bpmn': asking('b'), 'f.form': form };

describe('what was read from process files', () => {
  it('has no mark of secrets, which another process does not know', async () => {
    const type = 'io.camunda:http-json:1';
    const inputs = { url: '{{secrets.CRM}}/a', body: '="{{secrets.CRM}}/b"', method: 'GET' };
    const content = [b.start(), b.job('x', { type, inputs }), b.end(), b.flow('start -> x -> end')];
    folder = await writeFolder({ 'posting.bpmn': b.process(content, { id: 'posting' }) });
    await start();
    const [row] = await keptRows();
    const kept = Buffer.from(row?.reading ?? '', 'base64').toString('latin1');
    expect(kept.match(/\{\{secrets\.CRM.{0,4}/g)).toEqual(['{{secrets.CRM}}/a', '{{secrets.CRM}}/b']);
  });

  it('is not read again by a restart, and runs as before', async () => {
    folder = await writeFolder({ ...files, 'unheard.bpmn': b.process([b.start(), b.end(), b.flow('start -> end')]) });
    const first = await start();
    expect(first.parsed()).toEqual([4]);
    const again = await restart();
    expect(again.parsed()).toEqual([0]);
    const request = { startId: 's', processDefinitionId: 'a', variables: {} };
    const { processInstanceKey } = await again.engine.startProcessInstance(request);
    expect(await again.engine.listUserTasks(processInstanceKey)).toMatchObject([
      { name: 'a', assignee: 'U1', form: { items: [{ key: 'a', label: 'A' }] } },
    ]);
    expect(await again.engine.listProcessDefinitions()).toMatchObject([{ version: 1 }, { version: 1 }, { version: 1 }]);
  });

  it('is read again by a restart where a file has changed, and only there', async () => {
    folder = await writeFolder(files);
    await start();
    await writeFile(join(folder, 'b.bpmn'), asking('b', 'Changed'));
    const again = await restart();
    expect(again.parsed()).toEqual([1]);
    expect(await again.engine.listProcessDefinitions()).toMatchObject([
      { id: 'a', version: 1 },
      { id: 'b', version: 2 },
    ]);
  });

  it('is not read again by another replica, nor where a file changes while it runs', async () => {
    folder = await writeFolder(files);
    await start();
    const other = await start();
    expect(other.parsed()).toEqual([0]);
    await writeFile(join(folder, 'b.bpmn'), asking('b', 'Changed'));
    await vi.waitFor(() => expect(other.parsed()).toHaveLength(2), { timeout: 10_000 });
    expect(other.parsed()[1]).toBeLessThanOrEqual(1);
  });

  it('has the faults and warnings of each start, and the people that tasks name', async () => {
    const around = (id: string, content: string) =>
      b.process([b.start(), content, b.end(), b.flow('start -> x -> end')], { id });
    const hanging = [b.start(), b.xor('x', 'x-a'), b.task('a'), b.task('b'), b.and('join'), b.end()];
    const flows = [b.flow('start -> x -> a -> join -> end'), b.flow('x -> b', '=n = 1'), b.flow('b -> join')];
    folder = await writeFolder({
      'refused.bpmn': b.process([b.start(), b.element('complexGateway', 'g'), b.flow('start -> g')], { id: 'refused' }),
      'no-form.bpmn': around('no_form', b.userTask('x', { form: 'missing' })),
      'no-decision.bpmn': around('no_decision', b.decide('x', 'missing', 'result')),
      'no-worker.bpmn': around('no_worker', b.job('x', { type: 'nobody' })),
      'no-method.bpmn': around('no_method', b.job('x', { type: 'io.camunda:http-json:1', inputs: { method: 'X' } })),
      'no-secret.bpmn': around('a', b.job('x', { type: 'io.camunda:http-json:1', inputs: { url: '{{secrets.CRM}}' } })),
      'no-signal.bpmn': around('b', b.catchEvent('x', b.signalDefinition('never thrown'))),
      'hanging.bpmn': b.process([...hanging, ...flows], { id: 'c' }),
      'people.bpmn': around('d', b.userTask('x', { assignee: 'anna' })),
    });
    const first = await start();
    expect(first.said).toHaveLength(8);
    expect(first.engine.library.listNamedPeople()).toMatchObject([{ file: 'people.bpmn', names: ['anna'] }]);
    const again = await restart();
    expect(again.parsed()).toEqual([0]);
    expect(again.said).toEqual(first.said);
    expect(again.engine.library.listNamedPeople()).toEqual(first.engine.library.listNamedPeople());
  });

  it('is read again where it is damaged, and then kept', async () => {
    folder = await writeFolder(files);
    await start();
    await world.database.db.execute(
      sql`update file_readings set reading = overlay(reading placing 'AAAAAAAA' from 60) where key = (select min(key) from file_readings)`,
    );
    expect((await restart()).parsed()).toEqual([1]);
    expect((await restart()).parsed()).toEqual([0]);
  });

  it('takes the decision that the folder has now', async () => {
    const level = (name: string) =>
      dmn(table('level', { inputs: ['points'], outputs: ['level'], rules: [['> 5', `"${name}"`]] }));
    const rule = b.decide('rate', 'level', 'result');
    const waiting = b.process([b.start(), rule, b.userTask('x'), b.flow('start -> rate -> x')]);
    folder = await writeFolder({ 'a.bpmn': waiting, 'a.dmn': level('gold') });
    await start();
    await writeFile(join(folder, 'a.dmn'), level('silver'));
    const { engine, parsed } = await restart();
    expect(parsed()).toEqual([0]);
    const request = { startId: 's', processDefinitionId: 'process', variables: { points: 6 } };
    const { processInstanceKey } = await engine.startProcessInstance(request);
    expect(await engine.getVariables(processInstanceKey)).toMatchObject({ result: 'silver' });
  });

  it('is forgotten a day after its file was removed', async () => {
    folder = await writeFolder(files);
    await start();
    await rm(join(folder, 'b.bpmn'));
    await restart();
    expect(await keptRows()).toHaveLength(3);
    await world.advance(25 * 3_600_000);
    await restart();
    expect(await keptRows()).toHaveLength(2);
    await writeFile(join(folder, 'b.bpmn'), asking('b'));
    expect((await restart()).parsed()).toEqual([1]);
  });

  it('is not kept of files that a person tried to add and that were refused', async () => {
    folder = await writeFolder(files);
    const { engine } = await start();
    const broken = b.process([b.start(), b.userTask('x', { form: 'none' }), b.flow('start -> x')], { id: 'new' });
    const { faults } = await engine.library.add([{ name: 'new.bpmn', text: broken }], 'U1');
    expect(faults).toHaveLength(1);
    expect(await keptRows()).toHaveLength(3);
  });

  it('is nothing to another version of Kickoff, which replaces it within a day', async () => {
    folder = await writeFolder({});
    const { db } = world.database;
    const before = createKeptReadings(db, 'before');
    const after = createKeptReadings(db, 'after');
    await before.keep(new Map([['text', Buffer.from('read before')]]), ['text']);
    expect((await after.find(['text'])).size).toBe(0);
    await after.keep(new Map([['text', Buffer.from('read after')]]), ['text']);
    expect((await before.find(['text'])).get('text')?.toString()).toBe('read before');
    await world.advance(25 * 3_600_000);
    await after.keep(new Map(), ['text']);
    expect((await before.find(['text'])).size).toBe(0);
    expect((await after.find(['text'])).get('text')?.toString()).toBe('read after');
  });
});
