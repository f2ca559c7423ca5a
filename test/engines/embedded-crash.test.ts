import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { selectRows } from '../../src/db/query.ts';
import { BpmnError, EngineUnavailableError, type Job, type ProcessEngine } from '../../src/engines/engine.ts';
import type { Variables } from '../../src/processes/value-types.ts';
import * as b from './diagram-builder.ts';
import { type EmbeddedWorld, openEmbeddedWorld } from './embedded-world.ts';

const waiting = { timeout: 10_000, interval: 20 };
/** An instance's variables have room for one copy of this text, but not for two. */
const text = 'x'.repeat(2_500_000);
const tooMuch = b.script('a', '=text', 'copy');

const files = {
  'job.bpmn': b.process([b.start(), b.job('job', { retries: '3' }), b.end(), b.flow('start -> job -> end')], {
    id: 'jobs',
  }),
  'connecting.bpmn': b.process([b.start(), b.job('job', { type: 'connect' }), b.flow('start -> job')], {
    id: 'connecting',
  }),
  'ask.bpmn': b.process(
    [
      b.start(),
      b.userTask('ask'),
      b.boundaryTimer('remind', 'ask', { duration: 'PT1H', interrupting: false }),
      b.userTask('reminder'),
      b.end(),
      b.flow('start -> ask -> end'),
      b.flow('remind -> reminder'),
    ],
    { id: 'asking' },
  ),
  'large.bpmn': b.process([b.start(), b.userTask('ask'), tooMuch, b.flow('start -> ask -> a')], { id: 'large' }),
  'faulty.bpmn': b.process(
    [
      b.start(),
      b.and('fork'),
      b.job('job'),
      b.timer('timer', { duration: 'PT1H' }),
      b.userTask('ask'),
      b.userTask('more'),
      tooMuch,
      b.flow('start -> fork -> job -> a'),
      b.flow('fork -> timer -> a'),
      b.flow('fork -> ask -> more'),
    ],
    { id: 'faulty' },
  ),
  'choosing.bpmn': b.process(
    [
      b.start(),
      b.userTask('ask'),
      b.xor('which', 'which-next'),
      tooMuch,
      b.userTask('next'),
      b.flow('start -> ask -> which'),
      b.flow('which -> a', '=much'),
      b.flow('which -> next'),
    ],
    { id: 'choosing' },
  ),
  'overtaken.bpmn': b.process(
    [
      b.start(),
      b.job('job'),
      b.boundaryTimer('late', 'job', { duration: 'PT1H' }),
      b.userTask('next'),
      b.flow('start -> job'),
      b.flow('late -> next'),
    ],
    { id: 'overtaken' },
  ),
  'large-at-once.bpmn': b.process([b.start(), tooMuch, b.flow('start -> a')], { id: 'atOnce' }),
};

describe('the embedded engine', () => {
  let world: EmbeddedWorld;
  const engines: ProcessEngine[] = [];
  let count = 0;
  const make = async (
    handle: (job: Job, signal: AbortSignal) => Promise<Variables> = async () => ({}),
    options = {},
  ) => {
    const engine = await world.makeWith(files, handle, options);
    engines.push(engine);
    return engine;
  };
  const begin = async (engine: ProcessEngine, processDefinitionId: string, variables: Variables = {}) =>
    (await engine.startProcessInstance({ startId: `start-${++count}`, processDefinitionId, variables }))
      .processInstanceKey;
  const untilStatus = (engine: ProcessEngine, key: string, status: string) =>
    vi.waitFor(async () => expect((await engine.getProcessInstance(key))?.status).toBe(status), waiting);

  beforeAll(async () => {
    world = await openEmbeddedWorld();
  });
  afterAll(async () => {
    for (const engine of engines) await engine.stop();
    await world.close();
  });

  it('takes over the job of a crashed worker once its lease has expired, and counts the attempt', async () => {
    const workers = { leaseMs: 60_000, jobTimeoutMs: 10_000 };
    const begun: Job[] = [];
    // Simulates a crash: the job never ends, and its result is ignored.
    let release: (variables: Variables) => void = () => {};
    const crashed = await make(
      (job) => {
        begun.push(job);
        return new Promise((resolve) => {
          release = resolve;
        });
      },
      // With its only slot in use it claims nothing more.
      { workers: { ...workers, jobTimeoutMs: 50_000, concurrency: 1 } },
    );
    const seen: Job[] = [];
    const heir = await make(
      async (job) => {
        seen.push(job);
        return { by: 'heir' };
      },
      { workers },
    );
    await crashed.start();
    const key = await begin(crashed, 'jobs');
    await vi.waitFor(() => expect(begun).toHaveLength(1), waiting);
    await heir.start();
    await world.advance(59_000);
    expect(seen).toEqual([]);
    await world.advance(2_000);
    await untilStatus(heir, key, 'completed');
    expect(seen.map((job) => [job.key, job.attempt])).toEqual([[begun[0]?.key, 2]]);
    // The first worker's result comes too late.
    release({ by: 'crashed' });
    await crashed.stop();
    expect(await heir.getProcessInstance(key)).toMatchObject({ status: 'completed', variables: { by: 'heir' } });
    await heir.stop();
  });

  it('aborts a handler whose lease cannot be renewed, and never runs it twice at the same time', async () => {
    const { db } = world.database;
    await db.execute(sql`create function refuse_renewal() returns trigger language plpgsql as
      $$ begin if new.attempts = old.attempts and new.unfinished > 0 then raise exception 'no renewal'; end if; return new; end $$`);
    await db.execute(
      sql`create trigger refuse_renewal before update on engine_jobs for each row execute function refuse_renewal()`,
    );
    let running = 0;
    let most = 0;
    let aborted = 0;
    const engine = await make(
      async (_, signal) => {
        running += 1;
        most = Math.max(most, running);
        signal.addEventListener('abort', () => {
          aborted += 1;
        });
        // Ignores its abort signal.
        await delay(600);
        running -= 1;
        return {};
      },
      { workers: { leaseMs: 150, pollIntervalMs: 20 } },
    );
    await engine.start();
    const key = await begin(engine, 'jobs');
    await vi.waitFor(() => expect(aborted).toBeGreaterThan(1), waiting);
    await db.execute(sql`drop trigger refuse_renewal on engine_jobs`);
    await untilStatus(engine, key, 'completed');
    expect(most).toBe(1);
    await engine.stop();
  });

  it('aborts a handler whose job another worker has taken over, and leaves the job to that worker', async () => {
    const signals: AbortSignal[] = [];
    const engine = await make(
      (_, signal) =>
        new Promise<Variables>((_, reject) => {
          signals.push(signal);
          signal.addEventListener('abort', () => reject(signal.reason));
        }),
      { workers: { leaseMs: 300 } },
    );
    await engine.start();
    const key = await begin(engine, 'jobs');
    await vi.waitFor(() => expect(signals).toHaveLength(1), waiting);
    const isThis = sql`instance_key = ${key}::bigint`;
    await world.database.db.execute(
      sql`update engine_jobs set attempts = attempts + 1, due_at = now() + interval '1 day' where ${isThis}`,
    );
    await vi.waitFor(() => expect(signals[0]?.aborted).toBe(true), waiting);
    await engine.stop();
    expect(
      await selectRows(world.database.db, sql`select retries, attempts, last_error from engine_jobs where ${isThis}`),
    ).toEqual([{ retries: 3, attempts: 2, last_error: null }]);
    await engine.cancelProcessInstance(key);
  });

  it('does not let hanging jobs of one type delay those of another', async () => {
    const engine = await make(
      (job, signal) =>
        job.type === 'work'
          ? new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
          : Promise.resolve({}),
      { workers: { concurrency: 1, jobTimeoutMs: 3000, pollIntervalMs: 5000 } },
    );
    await engine.start();
    await begin(engine, 'jobs');
    await begin(engine, 'jobs');
    await untilStatus(engine, await begin(engine, 'connecting'), 'completed');
    await engine.stop();
    await world.database.db.execute(sql`delete from engine_jobs`);
  });

  it('is idle while all due jobs are of types without a handler', async () => {
    const able = await make();
    const key = await begin(able, 'jobs');
    let statements = 0;
    const db = new Proxy(world.database.db, {
      get(target, property, receiver) {
        if (property === 'execute') statements += 1;
        return Reflect.get(target, property, receiver);
      },
    });
    const unable = await make(undefined, {
      database: { ...world.database, db },
      jobHandlers: { connect: async () => ({}) },
      workers: { pollIntervalMs: 5000 },
    });
    await unable.start();
    await delay(100);
    const before = statements;
    await delay(500);
    expect(statements - before).toBeLessThan(5);
    await unable.stop();
    await able.cancelProcessInstance(key);
  });

  it('aborts a handler that takes too long, and counts the attempt as failed', async () => {
    let aborted = false;
    const engine = await make(
      (_, signal) =>
        new Promise<Variables>(() => {
          signal.addEventListener('abort', () => {
            aborted = true;
          });
        }),
      { workers: { jobTimeoutMs: 50, leaseMs: 60_000 } },
    );
    await engine.start();
    const key = await begin(engine, 'jobs');
    await vi.waitFor(() => expect(aborted).toBe(true), waiting);
    await vi.waitFor(async () => {
      const rows = await selectRows<{ retries: number; last_error: string }>(
        world.database.db,
        sql`select retries, last_error from engine_jobs where instance_key = ${key}::bigint`,
      );
      expect(rows).toEqual([{ retries: 2, last_error: 'no result after 0.05 s' }]);
    }, waiting);
    await engine.cancelProcessInstance(key);
    await engine.stop();
  });

  it.each([
    ['', 90_000],
    [' and however often they claim it', 0],
  ])('fires a timer once, however many replicas there are%s', async (_, leaseMs) => {
    const options = { workers: { leaseMs } };
    const replicas = await Promise.all([1, 2, 3].map(() => make(undefined, options)));
    for (const replica of replicas) await replica.start();
    const [first] = replicas;
    if (!first) throw new Error('no replica');
    const keys = await Promise.all(Array.from({ length: 10 }, () => begin(first, 'asking')));
    await world.advance(3_601_000);
    for (const key of keys) {
      await vi.waitFor(async () => expect(await first.listUserTasks(key)).toHaveLength(2), waiting);
    }
    for (const replica of replicas) await replica.stop();
    for (const key of keys) {
      expect((await first.listUserTasks(key)).map(({ elementId }) => elementId)).toEqual(['ask', 'reminder']);
    }
  });

  it('reports a change again that was made while the previous one was being reported', async () => {
    const engine = await make();
    const told: string[] = [];
    let release = () => {};
    engine.onProcessInstanceChange(async (key) => {
      told.push(key);
      if (told.length > 1) return;
      await new Promise<void>((resolve) => {
        release = resolve;
      });
    });
    // Removes changes that earlier tests left unreported.
    await world.database.db.execute(sql`delete from engine_changes`);
    await engine.start();
    const key = await begin(engine, 'asking');
    await vi.waitFor(() => expect(told).toEqual([key]), waiting);
    const [task] = await engine.listUserTasks(key);
    await engine.completeUserTask({ taskKey: task?.key ?? '', variables: {}, completedBy: 'U1' });
    release();
    await vi.waitFor(() => expect(told).toEqual([key, key]), waiting);
    await engine.stop();
  });

  it('does each job once, however many replicas there are', async () => {
    const done: string[] = [];
    const replicas = await Promise.all(
      [1, 2].map(() =>
        make(async (job) => {
          done.push(job.key);
          return {};
        }),
      ),
    );
    for (const replica of replicas) await replica.start();
    const [first] = replicas;
    if (!first) throw new Error('no replica');
    const keys = await Promise.all(Array.from({ length: 20 }, () => begin(first, 'jobs')));
    for (const key of keys) await untilStatus(first, key, 'completed');
    expect(done).toHaveLength(20);
    expect(new Set(done).size).toBe(20);
    for (const replica of replicas) await replica.stop();
  });

  it('lets running instances finish on their version, and starts the newest', async () => {
    const version = (name: string) => ({
      'v.bpmn': b.process([b.start(), b.userTask('ask'), b.userTask(name), b.flow(`start -> ask -> ${name}`)], {
        id: 'versioned',
      }),
    });
    const first = await world.make(version('old'), async () => ({}));
    const oldKey = await begin(first, 'versioned');
    const second = await world.make(version('fresh'), async () => ({}));
    expect(await second.listProcessDefinitions()).toMatchObject([{ id: 'versioned', version: 2 }]);
    const again = await world.make(version('fresh'), async () => ({}));
    expect(await again.listProcessDefinitions()).toMatchObject([{ version: 2 }]);
    const freshKey = await begin(again, 'versioned');
    const without = await world.make({}, async () => ({}));
    expect(await without.listProcessDefinitions()).toEqual([]);
    await expect(begin(without, 'versioned')).rejects.toThrow('There is no process “versioned”');
    const elementAfter = async (key: string) => {
      const [task] = await without.listUserTasks(key);
      await without.completeUserTask({ taskKey: task?.key ?? '', variables: {}, completedBy: 'U1' });
      return (await without.listUserTasks(key))[1]?.elementId;
    };
    expect(await elementAfter(oldKey)).toBe('old');
    expect(await elementAfter(freshKey)).toBe('fresh');
  });

  it('stores a version once if replicas start at once', async () => {
    const only = { 'x.bpmn': b.process([b.start()], { id: 'atTheSameTime' }) };
    const made = await Promise.all([1, 2, 3, 4].map(() => world.make(only, async () => ({}))));
    for (const engine of made) expect(await engine.listProcessDefinitions()).toMatchObject([{ version: 1 }]);
  });

  it('rolls back a command that it cannot carry out, and gives the reason', async () => {
    const engine = await make();
    const key = await begin(engine, 'large', { text });
    const [task] = await engine.listUserTasks(key);
    await expect(
      engine.completeUserTask({ taskKey: task?.key ?? '', variables: { a: 1 }, completedBy: 'U1' }),
    ).rejects.toThrow('the variables take more than 4 MB');
    expect(await engine.getProcessInstance(key)).toMatchObject({
      status: 'incident',
      reason: 'User task (ask): the variables take more than 4 MB',
      variables: { text },
    });
    expect(await engine.listUserTasks(key)).toMatchObject([{ status: 'open' }]);
    const atOnce = await begin(engine, 'atOnce', { text });
    expect(await engine.getProcessInstance(atOnce)).toMatchObject({ status: 'incident', variables: { text } });
  });

  it('keeps the incident of a command that it could not carry out, whatever else happens', async () => {
    const engine = await make();
    await engine.start();
    const key = await begin(engine, 'faulty', { text });
    await untilStatus(engine, key, 'incident');
    const complete = async (elementId: string) => {
      const task = (await engine.listUserTasks(key)).find((one) => one.elementId === elementId);
      await engine.completeUserTask({ taskKey: task?.key ?? '', variables: {}, completedBy: 'U1' });
    };
    const incident = { status: 'incident', reason: expect.stringContaining('the variables take more than 4 MB') };
    await complete('ask');
    expect(await engine.getProcessInstance(key)).toMatchObject(incident);
    await world.advance(3_601_000);
    await vi.waitFor(async () => {
      const held = await selectRows(
        world.database.db,
        sql`select 1 from engine_timers where instance_key = ${key}::bigint and due_at = 'infinity'`,
      );
      expect(held).toHaveLength(1);
    }, waiting);
    await complete('more');
    expect(await engine.getProcessInstance(key)).toMatchObject(incident);
    await engine.cancelProcessInstance(key);
    expect(await engine.getProcessInstance(key)).toMatchObject({ status: 'terminated' });
    await engine.stop();
  });

  it('removes the incident of a failed answer once another answer succeeds', async () => {
    const engine = await make();
    const key = await begin(engine, 'choosing', { text });
    const [task] = await engine.listUserTasks(key);
    const complete = (much: boolean) =>
      engine.completeUserTask({ taskKey: task?.key ?? '', variables: { much }, completedBy: 'U1' });
    await expect(complete(true)).rejects.toThrow('more than 4 MB');
    expect(await engine.getProcessInstance(key)).toMatchObject({ status: 'incident' });
    await complete(false);
    expect(await engine.getProcessInstance(key)).toMatchObject({ status: 'active', reason: undefined });
  });

  it('retries a job whatever its error message contains', async () => {
    const engine = await make(async () => {
      throw new Error('no \u0000 \ud800 luck');
    });
    await engine.start();
    const key = await begin(engine, 'jobs');
    const rows = () =>
      selectRows(
        world.database.db,
        sql`select retries, last_error from engine_jobs where instance_key = ${key}::bigint`,
      );
    await vi.waitFor(
      async () => expect(await rows()).toEqual([{ retries: 2, last_error: 'no  \ufffd luck' }]),
      waiting,
    );
    await world.advance(60_000);
    await vi.waitFor(async () => expect(await rows()).toMatchObject([{ retries: 1 }]), waiting);
    await world.advance(60_000);
    await untilStatus(engine, key, 'incident');
    expect((await engine.getProcessInstance(key))?.reason).toContain('no  \ufffd luck');
    await engine.stop();
  });

  it('writes nothing for the error of a job that is gone', async () => {
    const fail: (() => void)[] = [];
    const engine = await make(
      () => new Promise((_, reject) => fail.push(() => reject(new BpmnError('LATE', 'too late')))),
    );
    await engine.start();
    const key = await begin(engine, 'overtaken');
    await vi.waitFor(() => expect(fail).toHaveLength(1), waiting);
    await world.advance(3_601_000);
    await vi.waitFor(async () => expect(await engine.listUserTasks(key)).toHaveLength(1), waiting);
    const revision = () =>
      selectRows(world.database.db, sql`select revision from engine_instances where key = ${key}::bigint`);
    const before = await revision();
    for (const one of fail) one();
    await engine.stop();
    expect(await revision()).toEqual(before);
  });

  it('stores texts that Postgres refuses, without the refused characters', async () => {
    const engine = await make(async () => ({ answer: 'a\u0000b \ud800 c', path: 'C:\\u0000 \\\u0000', smile: '😀' }));
    await engine.start();
    const key = await begin(engine, 'jobs', { given: '\u0000x' });
    await untilStatus(engine, key, 'completed');
    expect(await engine.getProcessInstance(key)).toMatchObject({
      variables: { given: 'x', answer: 'ab \ufffd c', path: 'C:\\u0000 \\', smile: '😀' },
    });
    await engine.stop();
  });

  it('does not repeat a job whose result cannot be stored', async () => {
    let attempts = 0;
    const engine = await make(async () => {
      attempts += 1;
      const endless: Variables = {};
      endless.self = endless;
      return endless;
    });
    await engine.start();
    const key = await begin(engine, 'jobs');
    await untilStatus(engine, key, 'incident');
    await world.advance(3_600_000);
    await engine.stop();
    expect(attempts).toBe(1);
  });

  it('does not mistake a job for a user task', async () => {
    const engine = await make();
    const key = await begin(engine, 'jobs');
    await expect(engine.completeUserTask({ taskKey: `${key}-2`, variables: {}, completedBy: 'U1' })).rejects.toThrow(
      'no longer open',
    );
    expect(await engine.getProcessInstance(key)).toMatchObject({ status: 'active' });
  });

  it('reports that it is unavailable while its database is', async () => {
    const away = await openEmbeddedWorld();
    const engine = await away.make(files, async () => ({}));
    await away.close();
    await expect(engine.checkHealth()).rejects.toThrow(EngineUnavailableError);
    await expect(begin(engine, 'asking')).rejects.toThrow(EngineUnavailableError);
    await expect(engine.getProcessInstance('1')).rejects.toThrow(EngineUnavailableError);
    await expect(engine.completeUserTask({ taskKey: '1-2', variables: {}, completedBy: 'U1' })).rejects.toThrow(
      EngineUnavailableError,
    );
    await engine.stop();
  });
});
