import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ProcessEngine } from '../../src/engines/engine.ts';
import * as b from './diagram-builder.ts';
import { type EmbeddedWorld, openEmbeddedWorld } from './embedded-world.ts';

const forked = (id: string, join: string) =>
  b.process(
    [
      b.start(),
      b.and('fork'),
      b.job('work'),
      b.userTask('ask'),
      join,
      b.end(),
      b.flow('start -> fork -> work -> join -> end'),
      b.flow('fork -> ask -> join'),
    ],
    { id },
  );
const named = (type: string) => b.element(type, 'join', { name: 'Both done' });

let world: EmbeddedWorld;
let engine: ProcessEngine;
/** Reported changes, with what the instances waited for at that time. */
let told: { key: string; waits: unknown }[];
let release = () => {};

beforeEach(async () => {
  world = await openEmbeddedWorld();
  told = [];
  const released = new Promise<Record<string, never>>((resolve) => {
    release = () => resolve({});
  });
  engine = await world.make(
    {
      'forked.bpmn': forked('forked', named('parallelGateway')),
      'inclusive.bpmn': forked('inclusive', named('inclusiveGateway')),
      'caller.bpmn': b.process([b.start(), b.call('call', 'forked'), b.flow('start -> call')], { id: 'caller' }),
    },
    () => released,
    ['work'],
  );
  engine.onProcessInstanceChange(async (key) => {
    told.push({ key, waits: (await engine.getProcessInstance(key))?.waitingJoins });
  });
  await engine.start();
});
afterEach(async () => {
  release();
  await engine.stop();
  await world.close();
});

const start = async (processDefinitionId: string) =>
  (await engine.startProcessInstance({ startId: 'start-1', processDefinitionId, variables: {} })).processInstanceKey;
const waits = async (key: string) => (await engine.getProcessInstance(key))?.waitingJoins;

test.each(['forked', 'caller'])(
  '%s shows and reports that it waits at a join once one of two flows has arrived',
  async (id) => {
    const key = await start(id);
    expect(await waits(key)).toEqual([]);
    release();
    const join = { name: 'Both done', missing: 1, of: 2 };
    await vi.waitFor(async () => expect(await waits(key)).toEqual([join]));
    await vi.waitFor(() => expect(told).toContainEqual({ key, waits: [join] }));
    const [task] = await engine.listUserTasks(key);
    await engine.completeUserTask({ taskKey: task?.key ?? '', variables: {}, completedBy: 'U1' });
    expect(await engine.getProcessInstance(key)).toMatchObject({ status: 'completed', waitingJoins: [] });
  },
);

test('an inclusive join does not show how many tokens it waits for', async () => {
  const key = await start('inclusive');
  release();
  await vi.waitFor(async () => {
    const work = (await engine.listElementInstances(key)).find(({ elementId }) => elementId === 'work');
    expect(work?.status).toBe('completed');
  });
  expect(await waits(key)).toEqual([]);
});
