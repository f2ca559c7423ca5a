import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { checkFolder } from '../../src/engines/embedded/check-folder.ts';
import * as b from './diagram-builder.ts';
import { writeFolder } from './embedded-world.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function check(files: Record<string, string>) {
  const folder = await writeFolder(files);
  folders.push(folder);
  const checked = await checkFolder(folder);
  return { ...checked, lines: checked.lines.map((line) => line.replace(join(folder, '/'), '')) };
}

const around = (x: string) => b.process([b.start(), x, b.end(), b.flow('start -> x -> end')]);

test('a valid folder has no output', async () => {
  expect(await checkFolder('processes')).toEqual({
    lines: [],
    counts: [],
    summary: '5 processes would be loaded, 0 files have errors, 0 warnings',
    isInOrder: true,
  });
});

test('each error is a line with file, line, element and reason, sorted by file and line', async () => {
  const { lines, summary, isInOrder } = await check({
    'z.bpmn': around(b.element('task', 'x', { name: 'Wait', extensions: '<zeebe:taskHeaders/>' })),
    'a.bpmn': around(b.job('x', { name: 'Send fax', type: 'fax' })).replace('id="process"', 'id="other"'),
    'b.form': '{',
  });
  expect(lines).toEqual([
    'a.bpmn:6: error: Send fax (x): nothing here does jobs of the type fax',
    expect.stringMatching(/^b\.form: error: not JSON: line 1/),
    'z.bpmn:6: warning: Wait (x): zeebe:taskHeaders on a task means nothing; it is ignored',
  ]);
  expect(summary).toBe('1 process would be loaded, 2 files have errors, 1 warning');
  expect(isInOrder).toBe(false);
});

test('a multi-line name or expression does not break the line of its error', async () => {
  const { lines, counts } = await check({
    'a.bpmn': around(b.script('x', '=1 +↵+', 'r', { name: 'Count↵lines' })).replaceAll('↵', '&#10;'),
  });
  expect(lines).toEqual([expect.stringMatching(/^a\.bpmn:\d+: error: Count lines \(x\): .*=1 \+/)]);
  expect([...lines, ...counts].join('')).not.toContain('\n');
});

test('jobs for external workers are valid if there are external workers', async () => {
  const folder = await writeFolder({ 'a.bpmn': around(b.job('x', { name: 'Send fax', type: 'fax' })) });
  folders.push(folder);
  expect((await checkFolder(folder)).lines).toEqual([expect.stringMatching(/nothing here does jobs of the type fax$/)]);
  expect(await checkFolder(folder, { hasWorkers: true })).toMatchObject({ lines: [], isInOrder: true });
});

test('reasons are counted over all files, the most frequent first', async () => {
  const refused = (id: string, retries: string) =>
    around(b.job('x', { type: 'io.camunda:http-json:1', retries })).replace('id="process"', `id="${id}"`);
  const { counts } = await check({ 'a.bpmn': refused('a', 'many'), 'b.bpmn': refused('b', 'few'), 'c.form': '' });
  expect(counts).toEqual([
    expect.stringMatching(/^ {4}2 {2}error: retries should be a whole number up to \d+, but are “…”$/),
    expect.stringMatching(/^ {4}1 {2}error: not JSON/),
  ]);
});

test('a missing folder has its own error', async () => {
  await expect(checkFolder('no/such/folder')).rejects.toThrow(/ENOENT/);
});
