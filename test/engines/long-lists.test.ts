import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { selectRows } from '../../src/db/query.ts';
import type { Job, ProcessEngine } from '../../src/engines/engine.ts';
import type { Variables } from '../../src/processes/value-types.ts';
import * as b from './diagram-builder.ts';
import { type EmbeddedWorld, openEmbeddedWorld } from './embedded-world.ts';

const each = { inputCollection: '=items', inputElement: 'item', outputCollection: 'results', outputElement: '=double' };
const outputs = { double: '=double' };
const parts = {
  inputCollection: '=for i in 1..30 return i',
  inputElement: 'part',
  outputCollection: 'parts',
  outputElement: '=sum',
};
const one = (id: string, x: string, ...others: string[]) => ({
  [`${id}.bpmn`]: b.process([b.start(), x, ...others, b.end(), b.flow('start -> x -> end')], { id }),
});
const interrupted = [b.boundary('late', 'x', b.signalDefinition('late')), b.userTask('after'), b.flow('late -> after')];

const files = {
  ...one('jobs', b.job('x', { loop: each, outputs })),
  ...one('scripts', b.script('x', '=item * 2', 'double', { loop: each })),
  ...one('sequential', b.script('x', '=item * 2', 'double', { loop: { ...each, sequential: true } })),
  ...one('calls', b.call('x', 'called', { loop: each, outputs })),
  ...one('called', b.script('x', '=item * 2', 'double')),
  ...one(
    'nested',
    b.sub('x', [b.start('in'), b.script('y', '=item + part', 'sum', { loop: parts }), b.flow('in -> y')], {
      inputs: { parts: '=null' },
      loop: { ...each, outputElement: '=sum(parts)' },
    }),
  ),
  ...one('enough', b.userTask('x', { loop: { ...each, completionCondition: '=numberOfCompletedInstances >= 2' } })),
  ...one('counted', b.userTask('x', { loop: { ...each, completionCondition: '=numberOfInstances != count(items)' } })),
  ...one(
    'inside',
    b.sub('x', [b.start('in'), b.job('y'), b.userTask('z'), b.flow('in -> y -> z')], { loop: each }),
    ...interrupted,
  ),
  ...one('odd', b.script('x', '=if item = 77 then 1 + odd else item', 'double', { loop: each })),
};

let world: EmbeddedWorld;
beforeAll(async () => {
  world = await openEmbeddedWorld();
});
afterAll(() => world?.close());

let engine: ProcessEngine;
let handle: (job: Job) => Promise<Variables>;
beforeEach(async () => {
  handle = async ({ variables }) => ({ double: Number(variables.item) * 2 });
  engine = await world.make(files, (job) => handle(job));
});
afterEach(() => engine.stop());

/** More items than one command begins, which has 300 steps. */
const many = 350;
const items = Array.from({ length: many }, (_, index) => index);
/** Enough where each item takes many steps. Its commands take longer the more items there are. */
const some = items.slice(0, 120);
const begin = async (processDefinitionId: string, variables: Variables = {}) => {
  const request = { startId: randomUUID(), processDefinitionId, variables: { items, ...variables } };
  return (await engine.startProcessInstance(request)).processInstanceKey;
};
const patience = { timeout: 60_000, interval: 50 };
const untilStatus = (key: string, status: string) =>
  vi.waitFor(async () => expect((await engine.getProcessInstance(key))?.status).toBe(status), patience);
const openTasks = async (key: string) =>
  (await engine.listUserTasks(key)).filter(({ status, elementId }) => status === 'open' && elementId !== 'after');
/** Counts rows until then: the tasks have so many variables that asking the engine again and again would delay it. */
const untilTasks = async (key: string, count: number) => {
  await vi.waitFor(async () => {
    const [row] = await selectRows<{ open: number }>(
      world.database.db,
      sql`select count(*)::int as open from engine_tasks
        where instance_key = ${key}::bigint and status = 'open' and element_id <> 'after'`,
    );
    expect(row?.open).toBe(count);
  }, patience);
  expect(await openTasks(key)).toHaveLength(count);
};
const resultsOf = async (key: string) => (await engine.getProcessInstance(key))?.variables.results;
const rowsOf = async (table: string, key: string) => {
  const [row] = await selectRows<{ count: number }>(
    world.database.db,
    sql`select count(*)::int as count from ${sql.identifier(table)} where instance_key = ${key}::bigint`,
  );
  return row?.count;
};
/** Expects that no rows of it are left in the workers' tables. */
const expectNothingLeft = (key: string) =>
  vi.waitFor(async () => {
    for (const table of ['engine_tokens', 'engine_jobs', 'engine_timers', 'engine_subscriptions']) {
      expect([table, await rowsOf(table, key)]).toEqual([table, 0]);
    }
  }, patience);

describe('a multi-instance activity over a long list', { timeout: 120_000 }, () => {
  it.each([
    ['jobs', some],
    ['scripts', items],
    ['sequential', items],
    ['calls', some],
  ])('runs for each item, in order: %s', async (process, list) => {
    await engine.start();
    const key = await begin(process, { items: list });
    await untilStatus(key, 'completed');
    expect(await resultsOf(key)).toEqual(list.map((item) => item * 2));
    await expectNothingLeft(key);
    const history = await engine.listElementInstances(key);
    expect(history.filter(({ elementId, status }) => elementId === 'x' && status === 'completed')).toHaveLength(
      list.length + 1,
    );
  });

  it('runs inside another one', async () => {
    await engine.start();
    const few = items.slice(0, 40);
    const key = await begin('nested', { items: few });
    await untilStatus(key, 'completed');
    expect(await resultsOf(key)).toEqual(few.map((item) => 30 * item + 465));
    await expectNothingLeft(key);
  });

  it('begins a few at a time, and continues after a crash in between', async () => {
    const key = await begin('jobs');
    const begun = (await rowsOf('engine_jobs', key)) ?? 0;
    expect(begun).toBeGreaterThan(0);
    expect(begun).toBeLessThan(many);
    await engine.stop();
    engine = await world.make(files, (job) => handle(job));
    await engine.start();
    await untilStatus(key, 'completed');
    expect(await resultsOf(key)).toEqual(items.map((item) => item * 2));
  });

  it('counts all items while they begin, and ends the others once enough are completed', async () => {
    const key = await begin('enough');
    const [first, second] = await openTasks(key);
    for (const task of [first, second]) {
      await engine.completeUserTask({ taskKey: task?.key ?? '', variables: { double: 1 }, completedBy: 'U1' });
    }
    await engine.start();
    await untilStatus(key, 'completed');
    expect(await resultsOf(key)).toEqual([1, 1, ...items.slice(2).map(() => null)]);
    await untilTasks(key, 0);
    await expectNothingLeft(key);

    const counted = await begin('counted');
    const [task] = await openTasks(counted);
    await engine.completeUserTask({ taskKey: task?.key ?? '', variables: {}, completedBy: 'U1' });
    await untilTasks(counted, many - 1);
    expect(await engine.getProcessInstance(counted)).toMatchObject({ status: 'active' });
  });

  it.each(['while it begins', 'once all have begun'])('ends by a boundary event %s', async (when) => {
    const key = await begin('inside', { items: some });
    if (when !== 'while it begins') {
      await engine.start();
      await untilTasks(key, some.length);
    }
    await engine.broadcastSignal({ name: 'late', variables: {} });
    if (when === 'while it begins') await engine.start();
    await vi.waitFor(async () => {
      const open = (await engine.listUserTasks(key)).filter(({ status }) => status === 'open');
      expect(open.map(({ elementId }) => elementId)).toEqual(['after']);
    }, patience);
    await expectNothingLeft(key);
    const [after] = (await engine.listUserTasks(key)).filter(({ elementId }) => elementId === 'after');
    await engine.completeUserTask({ taskKey: after?.key ?? '', variables: {}, completedBy: 'U1' });
    await untilStatus(key, 'completed');
  });

  it('is cancelled at once, with its tasks', async () => {
    await engine.start();
    const key = await begin('inside', { items: some });
    await untilTasks(key, some.length);
    const [task] = await openTasks(key);
    await engine.cancelProcessInstance(key);
    expect(await engine.getProcessInstance(key)).toMatchObject({ status: 'terminated', reason: 'cancelled' });
    const late = engine.completeUserTask({ taskKey: task?.key ?? '', variables: {}, completedBy: 'U1' });
    await expect(late).rejects.toThrow('no longer open');
    await untilTasks(key, 0);
    await expectNothingLeft(key);
    expect(await engine.getProcessInstance(key)).toMatchObject({ status: 'terminated', reason: 'cancelled' });
  });

  it('can have an incident at one item, which is resolved there without affecting the others', async () => {
    await engine.start();
    const key = await begin('odd', { odd: 'x' });
    await untilStatus(key, 'incident');
    await vi.waitFor(async () => expect(await rowsOf('engine_tokens', key)).toBe(2), patience);
    const [incident, ...more] = await engine.listIncidents(key);
    expect(more).toEqual([]);
    expect(incident).toMatchObject({ elementId: 'x', reason: expect.stringContaining('Script task (x)') });
    expect(await engine.getVariables(incident?.key ?? '', { local: true })).toMatchObject({
      item: 77,
      loopCounter: 78,
    });
    await engine.setVariables({ scopeKey: key, variables: { odd: 1 }, local: false });
    expect(await engine.getProcessInstance(key)).toMatchObject({ status: 'incident', reason: incident?.reason });
    await engine.resolveIncident(incident?.key ?? '');
    await untilStatus(key, 'completed');
    expect(await resultsOf(key)).toEqual(items.map((item) => (item === 77 ? 2 : item)));
  });

  it('is an incident above its bound', async () => {
    const key = await begin('scripts', { items: Array.from({ length: 100_001 }, () => 1) });
    await engine.start();
    await untilStatus(key, 'incident');
    expect(await engine.getProcessInstance(key)).toMatchObject({
      reason: 'Script task (x): =items has 100001 items; an activity goes through 100000 at most',
    });
  });
});
