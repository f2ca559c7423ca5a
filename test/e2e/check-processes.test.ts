import { spawnSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as b from '../engines/diagram-builder.ts';
import { writeFolder } from '../engines/embedded-world.ts';

let folder: string;
beforeAll(async () => {
  const fax = b.process([
    b.start(),
    b.job('x', { name: 'Send fax', type: 'fax' }),
    b.end(),
    b.flow('start -> x -> end'),
  ]);
  folder = await writeFolder({ 'fax.bpmn': fax });
});
afterAll(() => rm(folder, { recursive: true }));

function check(directory: string, environment: Record<string, string> = {}) {
  const { stdout, stderr, status } = spawnSync('node', ['dist/src/check-processes.js', directory], {
    env: { PATH: process.env.PATH, ...environment },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test('a mistake is a line for editors, and the exit code tells CI', () => {
  expect(check(folder)).toEqual({
    status: 1,
    stdout: `${join(folder, 'fax.bpmn')}:6: error: Send fax (x): nothing here does jobs of the type fax\n0 processes would be loaded, 1 file has errors, 0 warnings\n`,
    stderr: '',
  });
  expect(check('processes')).toMatchObject({ status: 0, stderr: '' });
  expect(check('no/such/folder')).toMatchObject({ status: 2, stdout: '' });
});

test('a missing secret is a warning if other secrets are set', () => {
  const lead = join('processes', 'crm');
  expect(check(lead)).toMatchObject({ stdout: '1 process would be loaded, 0 files have errors, 0 warnings\n' });
  expect(check(lead, { SECRET_OTHER: 'x' }).stdout).toMatch(/: warning: .*CRM_URL/);
});

test('JOB_WORKERS=external accepts jobs for external workers, as Kickoff does', () => {
  expect(check(folder, { JOB_WORKERS: 'external' })).toEqual({
    status: 0,
    stdout: '1 process would be loaded, 0 files have errors, 0 warnings\n',
    stderr: '',
  });
});
