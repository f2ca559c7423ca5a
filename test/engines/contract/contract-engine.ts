import { afterAll, beforeAll, expect, vi } from 'vitest';
import type { Job, ProcessEngine, ProcessInstance, UserTask } from '../../../src/engines/engine.ts';
import type { Variables } from '../../../src/processes/value-types.ts';
import type { EngineUnderTest } from './engine-under-test.ts';

export const waiting = { timeout: 25_000, interval: 50 };

/** An engine with a few processes for a group of tests, opened before the first and closed after the last of them. */
export interface ContractEngine {
  world(): EngineUnderTest;
  engine(): ProcessEngine;
  /** The handler of jobs of type `work`. */
  handle: (job: Job, signal: AbortSignal) => Promise<Variables>;
  /** Keys of all instances whose changes were reported, if the engine listens. */
  changed: Set<string>;
  begin(processDefinitionId: string, variables?: Variables, options?: { hearsAfter?: number }): Promise<string>;
  openTask(instance: string, elementId: string): Promise<UserTask>;
  complete(instance: string, elementId: string, variables?: Variables): Promise<void>;
  untilStatus(
    instance: string,
    status: ProcessInstance['status'],
    patience?: { timeout: number },
  ): Promise<ProcessInstance>;
}

let count = 0;
const startId = () => `00000000-0000-4000-8001-${String(++count).padStart(12, '0')}`;

/** @param listens whether its engine gets the changes, and no other engine of its world */
export function contractEngine(
  open: () => Promise<EngineUnderTest>,
  files: Record<string, string>,
  { listens = false } = {},
): ContractEngine {
  let world: EngineUnderTest | undefined;
  let engine: ProcessEngine | undefined;
  const there = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('the engine is not open');
    return value;
  };
  const contract: ContractEngine = {
    world: () => there(world),
    engine: () => there(engine),
    handle: async () => ({}),
    changed: new Set(),
    begin: async (processDefinitionId, variables = {}, options = {}) =>
      (await there(engine).startProcessInstance({ startId: startId(), processDefinitionId, variables, ...options }))
        .processInstanceKey,
    openTask: (instance, elementId) =>
      vi.waitFor(async () => {
        const tasks = await there(engine).listUserTasks(instance);
        const task = tasks.find((one) => one.elementId === elementId && one.status === 'open');
        if (!task) throw new Error(`no open task ${elementId}, but ${tasks.map((one) => one.elementId)}`);
        return task;
      }, waiting),
    async complete(instance, elementId, variables = {}) {
      const { key: taskKey } = await contract.openTask(instance, elementId);
      await there(engine).completeUserTask({ taskKey, variables, completedBy: 'U1' });
    },
    untilStatus: (instance, status, patience) =>
      vi.waitFor(
        async () => {
          const found = await there(engine).getProcessInstance(instance);
          if (found?.status !== status) expect(found).toMatchObject({ status });
          return there(found);
        },
        { ...waiting, ...patience },
      ),
  };
  beforeAll(async () => {
    world = await open();
    engine = await world.make(files, (job, signal) => contract.handle(job, signal));
    if (listens) {
      engine.onProcessInstanceChange(async (key) => {
        contract.changed.add(key);
      });
    }
    await engine.start();
  });
  afterAll(async () => {
    await engine?.stop();
    await world?.close();
  });
  return contract;
}
