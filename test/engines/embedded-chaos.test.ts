import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Database, openDatabase } from '../../src/db/client.ts';
import { selectRows } from '../../src/db/query.ts';
import { createEmbeddedEngine } from '../../src/engines/embedded/embedded-engine.ts';
import type { ProcessEngine } from '../../src/engines/engine.ts';
import { createPostgresDatabase } from '../helpers/database.ts';

import * as b from './diagram-builder.ts';
import { writeFolder } from './embedded-world.ts';

const logger = pino({ level: 'silent' });
const kills = 200;
/** Engines in one process, because a process takes longer to start than an engine. */
const enginesAtOnce = 10;
/** Number of processes that work at any time. */
const replicas = 2;
/** Maximum time from a process's start of work to its kill, in milliseconds. */
const longestLife = 500;

const files = {
  'caller.bpmn': b.process(
    [
      b.start(),
      b.and('fork'),
      b.userTask('ask'),
      b.boundaryTimer('late', 'ask', { duration: 'PT0.2S' }),
      b.xor('either'),
      b.job('work'),
      b.job('each', {
        loop: { inputCollection: '=[1, 2, 3]', inputElement: 'item', outputCollection: 'all', outputElement: '=done' },
        outputs: { done: '=done' },
      }),
      b.and('join'),
      b.script('count', '=n + 1', 'n'),
      b.call('call', 'called'),
      b.end(),
      b.flow('start -> fork -> ask -> either -> join -> count -> call -> end'),
      b.flow('late -> either'),
      b.flow('fork -> work -> join'),
      b.flow('fork -> each -> join'),
    ],
    { id: 'caller' },
  ),
  'called.bpmn': b.process(
    [
      b.start(),
      b.job('inner'),
      b.userTask('confirm'),
      b.script('add', '=n + 10', 'n'),
      b.flow('start -> inner -> confirm -> add'),
    ],
    { id: 'called' },
  ),
};

/** Every write takes a moment, so that a process spends most of its life inside a transaction. */
const slowWrites = ['engine_instances', 'engine_tasks', 'engine_jobs', 'engine_timers', 'engine_history'].map((table) =>
  sql.raw(`create trigger nap after insert or update or delete on ${table} for each statement execute function nap()`),
);

describe.skipIf(!process.env.TEST_DATABASE_URL)('an engine that is killed at any moment (Postgres)', () => {
  let database: Database;
  let folder: string;
  let engine: ProcessEngine | undefined;
  let drop: () => Promise<void>;
  let environment: NodeJS.ProcessEnv;
  const children = new Set<ChildProcess>();
  const output: string[] = [];

  beforeAll(async () => {
    const created = await createPostgresDatabase();
    drop = created.drop;
    folder = await writeFolder(files);
    database = await openDatabase({ databaseUrl: created.url, dataDir: '', logger });
    const nap = 'begin perform pg_sleep(random() * 0.004); return null; end';
    await database.db.execute(sql.raw(`create function nap() returns trigger language plpgsql as $$ ${nap} $$`));
    for (const statement of slowWrites) await database.db.execute(statement);
    environment = {
      PATH: process.env.PATH,
      DATABASE_URL: created.url,
      PROCESSES_DIR: folder,
      PROCESS: 'caller',
      ENGINES: String(enginesAtOnce),
    };
  });
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await engine?.stop();
    await database?.close();
    await drop?.();
    await rm(folder, { recursive: true });
  });

  /** Starts a process; resolves when it has begun to work. */
  const startChild = async (): Promise<ChildProcess> => {
    const child = spawn(process.execPath, ['dist/test/engine-process.js'], {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.add(child);
    child.stderr?.on('data', (text) => output.push(String(text)));
    await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
    if (child.exitCode !== null) throw new Error(`an engine ended: ${output.join('')}`);
    return child;
  };
  const killed = async (child: ChildProcess) => {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    children.delete(child);
  };

  it(`does everything once and leaves nothing stuck, ${kills} engines on`, { timeout: 180_000 }, async () => {
    let left = kills / enginesAtOnce;
    const replica = async () => {
      while (left-- > 0) {
        const child = await startChild();
        await delay(Math.random() * longestLife);
        if (child.exitCode !== null) throw new Error(`an engine ended: ${output.join('')}`);
        await killed(child);
      }
    };
    await Promise.all(Array.from({ length: replicas }, replica));

    engine = await createEmbeddedEngine({
      database,
      processesDir: folder,
      jobHandlers: { work: async ({ variables }) => ({ done: variables.item ?? true }) },
      logger,
      workers: { pollIntervalMs: 200, leaseMs: 1500 },
    });
    engine.onProcessInstanceChange(async () => {});
    await engine.start();
    const { db } = database;
    await vi.waitFor(
      async () => {
        // Work that was running at three kills in a row waits for a person.
        const stopped = await selectRows<{ key: string }>(
          db,
          sql`select key::text from engine_instances where status = 'incident'`,
        );
        for (const { key } of stopped) {
          for (const incident of (await engine?.listIncidents(key)) ?? []) await engine?.resolveIncident(incident.key);
        }
        for (const key of await openTasks(database)) {
          await engine?.completeUserTask({ taskKey: key, variables: {}, completedBy: 'U1' }).catch(() => {});
        }
        const [row] = await selectRows<{ count: number }>(
          db,
          sql`select (select count(*) from engine_instances where ended_at is null)::int
            + (select count(*) from engine_jobs)::int + (select count(*) from engine_timers)::int
            + (select count(*) from engine_changes)::int as count`,
        );
        expect(row?.count).toBe(0);
      },
      { timeout: 30_000, interval: 50 },
    );

    const instances = await selectRows<{ key: string; calls: number }>(
      db,
      sql`select i.key::text, (select count(*)::int from engine_instances c where c.root_key = i.key) as calls
        from engine_instances i where i.start_id is not null`,
    );
    // The processes did some work before they were killed.
    expect(instances.length).toBeGreaterThan(5);
    for (const { key, calls } of instances) {
      expect(calls).toBe(1);
      expect(await engine.getProcessInstance(key)).toMatchObject({
        status: 'completed',
        variables: { n: 11, all: [1, 2, 3] },
      });
      const elements = await engine.listElementInstances(key);
      expect(timesCompleted(elements.map(({ elementId, status }) => ({ elementId, status })))).toEqual({
        caller: 1,
        start: 1,
        fork: 1,
        work: 1,
        each: 4,
        either: 1,
        join: 1,
        count: 1,
        call: 1,
        end: 1,
        'ask or late': 1,
      });
    }
  });
});

async function openTasks({ db }: Database): Promise<string[]> {
  const rows = await selectRows<{ key: string }>(
    db,
    sql`select instance_key || '-' || token as key from engine_tasks where status = 'open'`,
  );
  return rows.map(({ key }) => key);
}

/** Counts completed elements; the task and the timer that ends it count as one. */
function timesCompleted(elements: { elementId: string; status: string }[]): Record<string, number> {
  const times: Record<string, number> = {};
  for (const { elementId, status } of elements) {
    if (status !== 'completed') continue;
    const name = elementId === 'ask' || elementId === 'late' ? 'ask or late' : elementId;
    times[name] = (times[name] ?? 0) + 1;
  }
  return times;
}
