import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { EngineUnavailableError, type ProcessEngine, UserTaskClosedError } from '../../../src/engines/engine.ts';
import * as b from '../diagram-builder.ts';
import { type Camunda8World, openCamunda8World } from './camunda8-world.ts';
import type { Fate } from './stand-in.ts';

const files = {
  'visit.bpmn': b.process([b.start(), b.userTask('plan'), b.end(), b.flow('start -> plan -> end')], { id: 'visit' }),
};
const waiting = { timeout: 10_000, interval: 50 };

describe('Camunda 8, over a connection that breaks', () => {
  let world: Camunda8World;
  let engine: ProcessEngine;
  const timings = { doubtMs: 300, unprovenDoubtMs: 600_000 };
  const isStart = (call: string) => call === 'POST /v2/process-instances';

  beforeAll(async () => {
    world = await openCamunda8World();
    await world.cluster.deploy(files);
    engine = world.connect({ timings });
  });
  afterAll(() => world?.close());
  beforeEach(() => {
    world.cluster.fate = () => 'pass';
  });

  const request = (startId: string = randomUUID()) => ({ startId, processDefinitionId: 'visit', variables: {} });
  /** Sets the fates of the next calls that start something; later calls pass. */
  const fates = (...first: Fate[]) => {
    world.cluster.fate = (call) => (isStart(call) ? (first.shift() ?? 'pass') : 'pass');
  };
  /** Starts a process directly at the cluster. */
  const startElsewhere = () => world.cluster.engine().startProcessInstance(request());
  const counting = async (work: () => Promise<void>) => {
    const before = await world.cluster.countInstances();
    await work();
    return (await world.cluster.countInstances()) - before;
  };
  /** Retries the start like the starts worker. */
  const untilStarted = (asked: ReturnType<typeof request>, by = engine) =>
    vi.waitFor(async () => (await by.startProcessInstance(asked)).processInstanceKey, waiting);

  it('finds the instance whose answer was lost, by its tag', async () => {
    const asked = request();
    const count = await counting(async () => {
      fates('lose answer');
      await expect(engine.startProcessInstance(asked)).rejects.toThrow(EngineUnavailableError);
      const key = await untilStarted(asked);
      expect(await engine.getProcessInstance(key)).toMatchObject({ startId: asked.startId, status: 'active' });
    });
    expect(count).toBe(1);
  });

  it('starts again after a connection broke before the call, once the index shows something newer', async () => {
    const asked = request();
    fates('cut before');
    const count = await counting(async () => {
      await expect(engine.startProcessInstance(asked)).rejects.toThrow(EngineUnavailableError);
      await expect(engine.startProcessInstance(asked)).rejects.toThrow('has not said what came of this');
    });
    expect(count).toBe(0);
    let others = 0;
    const all = await counting(async () => {
      await vi.waitFor(async () => {
        others += 1;
        await startElsewhere();
        await engine.startProcessInstance(asked);
      }, waiting);
    });
    expect(all - others).toBe(1);
  });

  it('starts nothing again while the index is not updated', async () => {
    const asked = request();
    fates('lose answer');
    const count = await counting(async () => {
      await world.cluster.stopExporting();
      try {
        await expect(engine.startProcessInstance(asked)).rejects.toThrow(EngineUnavailableError);
        for (const until = performance.now() + 4 * timings.doubtMs; performance.now() < until; ) {
          await expect(engine.startProcessInstance(asked)).rejects.toThrow('has not said what came of this');
        }
      } finally {
        world.cluster.startExporting();
      }
      await untilStarted(asked);
    });
    expect(count).toBe(1);
  });

  it.each([
    { status: 429, title: 'Too Many Requests' },
    { status: 503, title: 'RESOURCE_EXHAUSTED' },
  ])('asks again at once if the cluster was too busy: $status', async (busy) => {
    const asked = request();
    fates(busy);
    const count = await counting(async () => {
      await expect(engine.startProcessInstance(asked)).rejects.toThrow(EngineUnavailableError);
      await engine.startProcessInstance(asked);
    });
    expect(count).toBe(1);
  });

  it('starts once on two replicas whose answers are sometimes lost', async () => {
    const other = world.connect({ timings });
    let calls = 0;
    world.cluster.fate = (call) => {
      if (!isStart(call)) return 'pass';
      calls += 1;
      return calls % 2 === 1 ? 'lose answer' : 'pass';
    };
    const requests = Array.from({ length: 4 }, () => request());
    const count = await counting(async () => {
      const keys = await Promise.all(
        requests.map((asked) => Promise.all([untilStarted(asked), untilStarted(asked, other)])),
      );
      for (const [one, two] of keys) expect(one).toBe(two);
    });
    expect(count).toBe(4);
  });

  it('does not mistake another client’s instance with the tag of a start for its own', async () => {
    const asked = request();
    const key = await untilStarted(asked);
    const response = await fetch(`${world.cluster.url}/v2/process-instances`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ processDefinitionId: 'visit', tags: [`kickoff:${asked.startId}`] }),
    });
    const { processInstanceKey: forged } = (await response.json()) as { processInstanceKey: string };
    const found = await vi.waitFor(async () => {
      const instance = await engine.getProcessInstance(forged);
      if (!instance) throw new Error('not yet');
      return instance;
    }, waiting);
    expect(found.startId).toBeUndefined();
    expect(await engine.getProcessInstance(key)).toMatchObject({ startId: asked.startId });
  });

  it('knows that a task is completed if the answer was lost', async () => {
    const key = await untilStarted(request());
    const [task] = await engine.listUserTasks(key);
    const completion = { taskKey: task?.key ?? '', variables: { approved: true }, completedBy: 'U1' };
    world.cluster.fate = (call) => (call.endsWith('/completion') ? 'lose answer' : 'pass');
    await expect(engine.completeUserTask(completion)).rejects.toThrow(EngineUnavailableError);
    world.cluster.fate = () => 'pass';
    await engine.completeUserTask(completion);
    await vi.waitFor(
      async () =>
        expect(await engine.getUserTask(completion.taskKey)).toMatchObject({ status: 'completed', completedBy: 'U1' }),
      waiting,
    );
    await expect(engine.completeUserTask({ ...completion, completedBy: 'U2' })).rejects.toThrow(UserTaskClosedError);
  });
});

it('a cluster of 8.9 that enforces business ids starts nothing again for a start that Kickoff has no record of', async () => {
  const world = await openCamunda8World({ enforcesBusinessIds: true });
  try {
    await world.cluster.deploy(files);
    // The client's schemas are those of 8.8.
    const environment = { CAMUNDA_SDK_VALIDATION: 'req:none,res:none' };
    const engine = world.connect({ environment, timings: { doubtMs: 300 } });
    const asked = { startId: randomUUID(), processDefinitionId: 'visit', variables: {} };
    const { processInstanceKey } = await engine.startProcessInstance(asked);
    await world.database.db.execute(sql`delete from remote_requests`);
    await expect(engine.startProcessInstance(asked)).rejects.toThrow('has not said what came of this');
    await vi.waitFor(
      async () => expect(await engine.startProcessInstance(asked)).toEqual({ processInstanceKey }),
      waiting,
    );
    expect(await world.cluster.countInstances()).toBe(1);
  } finally {
    await world.close();
  }
});
