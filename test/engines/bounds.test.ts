import { randomUUID } from 'node:crypto';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadProcesses } from '../../src/engines/embedded/reading/load-processes.ts';
import type { ProcessEngine } from '../../src/engines/engine.ts';
import type { Json, Variables } from '../../src/processes/value-types.ts';
import * as b from './diagram-builder.ts';
import { type EmbeddedWorld, openEmbeddedWorld, writeFolder } from './embedded-world.ts';

/** A list nested to this depth. */
function nested(depth: number): Json {
  let value: Json = [];
  for (let level = 1; level < depth; level += 1) value = [value];
  return value;
}

const one = (id: string, x: string) => ({
  [`${id}.bpmn`]: b.process([b.start(), x, b.end(), b.flow('start -> x -> end')], { id }),
});
const files = {
  ...one('job', b.job('x')),
  ...one('task', b.userTask('x')),
  ...one('large', b.script('x', '=text + text', 'twice')),
  'deeper.bpmn': b.process([b.start(), b.script('x', '=[value]', 'value'), b.flow('start -> x -> x')], {
    id: 'deeper',
  }),
  'round.bpmn': b.process([b.start(), b.task('a'), b.task('c'), b.flow('start -> a -> c -> a')], { id: 'round' }),
  'growing.bpmn': b.process(
    [
      b.start(),
      b.xor('again'),
      b.and('fork'),
      b.task('one'),
      b.task('two'),
      b.flow('start -> again -> fork -> one -> again'),
      b.flow('fork -> two -> again'),
    ],
    { id: 'growing' },
  ),
};

let world: EmbeddedWorld;
let engine: ProcessEngine;
let result: Variables = {};
beforeAll(async () => {
  world = await openEmbeddedWorld();
  engine = await world.make(files, async () => result);
  await engine.start();
});
afterAll(async () => {
  await engine?.stop();
  await world?.close();
});

const begin = async (processDefinitionId: string, variables: Variables = {}) =>
  (await engine.startProcessInstance({ startId: randomUUID(), processDefinitionId, variables })).processInstanceKey;
const incidentOf = (key: string) =>
  vi.waitFor(
    async () => {
      const instance = await engine.getProcessInstance(key);
      expect(instance?.status).toBe('incident');
      return instance?.reason;
    },
    { timeout: 60_000, interval: 50 },
  );

describe('a value that an instance cannot store is an incident at the element', { timeout: 120_000 }, () => {
  it('a result nested 10,000 deep', async () => {
    result = { deep: nested(10_000) };
    expect(await incidentOf(await begin('job'))).toBe('Service task (x): the variables are nested more than 500 deep');
  });

  it('a result of more than 4 MB', async () => {
    result = { text: 'x'.repeat(5_000_000) };
    expect(await incidentOf(await begin('job'))).toBe('Service task (x): the variables take more than 4 MB');
  });

  it('a text that an expression makes too long', async () => {
    expect(await incidentOf(await begin('large', { text: 'x'.repeat(3_000_000) }))).toContain('more than 4 MB');
  });

  it('a value that gets deeper and deeper', async () => {
    expect(await incidentOf(await begin('deeper', { value: 1 }))).toMatch(/^Script task \(x\): .*more than 500/);
  });

  it('a task’s values, and the person is told', async () => {
    const key = await begin('task');
    const [task] = await engine.listUserTasks(key);
    const variables = { deep: nested(10_000) };
    const completing = engine.completeUserTask({ taskKey: task?.key ?? '', variables, completedBy: 'U1' });
    await expect(completing).rejects.toThrow('the variables are nested more than 500 deep');
  });
});

it.each([
  ['too deep', { deep: nested(10_000) }, 'nested more than 500 deep'],
  ['too large', { text: 'x'.repeat(5_000_000) }, 'more than 4 MB'],
])('a value that is %s is refused from outside', async (_, variables, reason) => {
  const key = await begin('task');
  await expect(begin('task', variables)).rejects.toThrow(reason);
  await expect(engine.setVariables({ scopeKey: key, variables, local: false })).rejects.toThrow(reason);
  const message = { name: 'm', correlationKey: 'k', variables, timeToLiveMs: 1000 };
  await expect(engine.publishMessage(message)).rejects.toThrow(reason);
  await expect(engine.broadcastSignal({ name: 's', variables })).rejects.toThrow(reason);
});

describe('a process that never waits is an incident at an element', { timeout: 120_000 }, () => {
  it('because it loops', async () => {
    expect(await incidentOf(await begin('round'))).toMatch(
      /^(Undefined task|Task) \([ac]\): the process has gone through 10000 elements without waiting anywhere$/,
    );
  });

  it('because its tokens multiply', async () => {
    expect(await incidentOf(await begin('growing'))).toMatch(/the process is at more than 1000 elements at once$/);
  });
});

describe('a hostile file is refused without affecting the others', () => {
  const good = b.process([b.start()], { id: 'good' });
  const load = async (others: Record<string, string>) => {
    const folder = await writeFolder({ 'good.bpmn': good, ...others });
    const before = process.cpuUsage();
    const { processes, problems } = await loadProcesses(folder, { jobTypes: ['work'] });
    expect(process.cpuUsage(before).user).toBeLessThan(3_000_000);
    expect(processes.map(({ model }) => model.id)).toEqual(['good']);
    return problems;
  };
  const inside = (content: string) => b.process([b.start('start', { name: '@' })], { id: 'bad' }).replace('@', content);

  it('nested 100,000 deep', async () => {
    const extensions = `<bpmn:extensionElements>${'<a:b xmlns:a="urn:a">'.repeat(100_000)}`;
    const xml = good.replace('</bpmn:process>', `${extensions}</bpmn:process>`);
    expect(await load({ 'bad.bpmn': xml })).toMatchObject([{ reason: 'it is nested more than 200 deep' }]);
  });

  it('with entities that expand exponentially', async () => {
    const entities = '<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>';
    expect(await load({ 'bad.bpmn': inside('&b;').replace('<bpmn:def', `${entities}<bpmn:def`) })).toHaveLength(1);
  });

  it('too long', async () => {
    const reason = 'the file has more than 4 million characters';
    const text = 'x'.repeat(4_000_001);
    expect(await load({ 'bad.bpmn': inside(text), 'bad.form': text })).toEqual([
      { file: 'bad.form', reason, mend: 'file' },
      { file: 'bad.bpmn', reason, mend: 'file' },
    ]);
  });

  it('with a thousand errors, of which a hundred are reported', async () => {
    const wrong = Array.from({ length: 1000 }, (_, index) => `<bpmn:transaction id="t${index}"/>`);
    const problems = await load({ 'bad.bpmn': b.process([b.start(), ...wrong], { id: 'bad' }) });
    expect(problems).toHaveLength(101);
    expect(problems.at(-1)?.reason).toBe('there are 900 more problems');
  });

  it('a form nested 100,000 deep', async () => {
    const form = `{"id":"f","components":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expect(await load({ 'bad.form': form })).toEqual([
      { file: 'bad.form', reason: 'it is nested more than 200 deep', mend: 'file' },
    ]);
  });

  it('a link to something that is not a file', async () => {
    const folder = await writeFolder({ 'good.bpmn': good });
    await symlink('/dev/zero', join(folder, 'bad.bpmn'));
    const { processes, problems } = await loadProcesses(folder, { jobTypes: ['work'] });
    expect(processes).toHaveLength(1);
    expect(problems).toEqual([{ file: 'bad.bpmn', reason: 'it is not a file', mend: 'file' }]);
  });
});
