import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { backoff } from '../../src/db/backoff.ts';
import type { Database } from '../../src/db/client.ts';
import { type Claimed, dueQueue } from '../../src/db/due-queue.ts';
import { createHandover, type Handover } from '../../src/db/handover.ts';
import { selectRows } from '../../src/db/query.ts';
import { type QueuedWork, type QueueWorker, startQueueWorker } from '../../src/db/queue-worker.ts';
import { NotYetError, UnavailableError } from '../../src/errors.ts';
import { message } from '../../src/words/message.ts';
import { type ClockedDatabase, openClockedDatabase } from '../helpers/database.ts';

interface Errand {
  id: number;
}

const queue = dueQueue<Errand>({ table: 'errands', key: ['id'], columns: sql`errands.id`, finished: 'delete' });
const waiting = { timeout: 10_000, interval: 10 };
const logger = pino({ level: 'silent' });

let database: ClockedDatabase;
const workers: QueueWorker[] = [];

beforeAll(async () => {
  database = await openClockedDatabase();
  await database.db.execute(sql`create table errands (id int primary key, due_at timestamptz,
    attempts int not null default 0, unfinished smallint not null default 0)`);
});
beforeEach(() => database.db.execute(sql`truncate errands`));
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.stop();
});
afterAll(() => database.close());

const add = (ids: number[], unfinished = 0) =>
  database.db.execute(sql`insert into errands (id, due_at, unfinished)
    select id::int, now(), ${unfinished}::smallint from jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb) id`);

const start = async (
  handle: QueuedWork<Errand>['handle'],
  parts: Partial<QueuedWork<Errand>> = {},
  pollIntervalMs = 20,
  on: Database = database,
) => {
  const work: QueuedWork<Errand> = {
    queue,
    leaseMs: 60_000,
    handle,
    ids: ({ id }) => ({ id }),
    ...parts,
  };
  const options = { name: 'errands', database: on, signal: 'starts_due' as const, logger, pollIntervalMs };
  const worker = await startQueueWorker({ ...options, concurrency: 5, works: [work] });
  workers.push(worker);
  return worker;
};

describe('a worker on a queue', () => {
  test('begins once it listens, also if a signal comes before', async () => {
    const handled: number[] = [];
    let isListening = false;
    const slow: Database = {
      ...database,
      async listen(signal, listener) {
        await database.listen(signal, listener);
        // Long enough for an item to be handled.
        for (let queries = 0; queries < 20; queries++) {
          listener('');
          await selectRows(database.db, sql`select 1`);
        }
        isListening = true;
      },
    };
    await add([1, 2]);
    const handle: QueuedWork<Errand>['handle'] = async (item) => {
      expect(isListening).toBe(true);
      handled.push(item.id);
      await queue.finish(database.db, item);
    };
    await start(handle, {}, 60_000, slow);
    await vi.waitFor(() => expect(handled.sort()).toEqual([1, 2]), waiting);
  });

  test('renews the lease of an item while working on it', async () => {
    const handled: number[] = [];
    const handle: QueuedWork<Errand>['handle'] = async (item) => {
      handled.push(item.id);
      await delay(900);
      await queue.finish(database.db, item);
    };
    await add([1]);
    await start(handle, { leaseMs: 300, renewed: true });
    await start(handle, { leaseMs: 300, renewed: true });
    await vi.waitFor(
      async () => expect(await selectRows(database.db, sql`select 1 from errands`)).toEqual([]),
      waiting,
    );
    expect(handled).toEqual([1]);
  });

  test('waits longer after each failed attempt, and sets the item aside after the tenth', async () => {
    let tries = 0;
    const dueIn = async () =>
      (
        await selectRows<{ ms: number | null; aside: boolean }>(
          database.db,
          sql`select case when due_at < 'infinity' then extract(epoch from due_at - now())::float8 * 1000 end as ms,
            due_at = 'infinity' as aside from errands where unfinished = 0`,
        )
      )[0];
    await start(async () => {
      tries += 1;
      throw new Error('cannot be done');
    });
    await add([1]);
    const pauses: number[] = [];
    for (let nth = 1; nth <= 10; nth += 1) {
      workers[0]?.wake();
      await vi.waitFor(async () => {
        expect(tries).toBe(nth);
        expect(await dueIn()).toBeDefined();
      }, waiting);
      const { ms, aside } = (await dueIn()) ?? {};
      expect(aside).toBe(nth === 10);
      if (typeof ms !== 'number') break;
      pauses.push(ms);
      await database.advance(ms + 1000);
    }
    expect(pauses).toHaveLength(9);
    expect(pauses[2]).toBeGreaterThan(1000);
    expect(pauses[5]).toBeGreaterThan(2 * (pauses[2] ?? 0) * 0.9);
    expect(pauses[8]).toBeGreaterThan(60_000);
  });

  test('does not set an item aside while a service that it needs is unavailable', async () => {
    await database.db.execute(sql`insert into errands (id, due_at, attempts) values (1, now(), 30)`);
    await start(async () => {
      throw new UnavailableError('not now');
    });
    await vi.waitFor(
      async () =>
        expect(
          await selectRows(
            database.db,
            sql`select attempts, due_at > now() and due_at < 'infinity' as later from errands where unfinished = 0`,
          ),
        ).toEqual([{ attempts: 31, later: true }]),
      waiting,
    );
  });

  test('handles suspects one at a time, and nothing else at the same time', async () => {
    const under = new Set<number>();
    const suspects = new Set([1, 2, 3]);
    const handled: number[] = [];
    const together: number[][] = [];
    await add([...suspects], 1);
    await add([11, 12, 13, 14]);
    await start(async (item) => {
      under.add(item.id);
      await delay(30);
      if (under.size > 1 && [...under].some((id) => suspects.has(id))) together.push([...under]);
      under.delete(item.id);
      handled.push(item.id);
      await queue.finish(database.db, item);
    });
    await vi.waitFor(() => expect(handled).toHaveLength(7), waiting);
    expect(together).toEqual([]);
  });

  test('sets aside an item that was being handled when the process ended three times, and does not handle it', async () => {
    const handled: number[] = [];
    const aside: number[] = [];
    await add([1], 3);
    await add([2], 2);
    await start(
      async (item) => {
        handled.push(item.id);
        await queue.finish(database.db, item);
      },
      {
        async setAside(item) {
          aside.push(item.id);
          await queue.setAside(database.db, item);
        },
      },
    );
    await vi.waitFor(() => expect([handled, aside]).toEqual([[2], [1]]), waiting);
  });

  test('claims more items as it has room, also if each reports that it is done', async () => {
    await add([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    const handled: number[] = [];
    await start(
      async (item, _, isOver) => {
        handled.push(item.id);
        await queue.finish(database.db, item);
        isOver();
      },
      {},
      60_000,
    );
    await vi.waitFor(() => expect(handled).toHaveLength(12), waiting);
    await add([13]);
    database.signal('starts_due');
    await vi.waitFor(() => expect(handled).toHaveLength(13), waiting);
  });

  test('retries a failed item when it is due, whatever was finished in between', async () => {
    await add([1, 2]);
    let tries = 0;
    await start(
      async (item, _, isOver) => {
        if (item.id === 2) {
          tries += 1;
          if (tries === 1) throw new NotYetError(message('asIs', { text: 'not yet' }), 100);
        }
        await queue.finish(database.db, item);
        isOver();
      },
      {},
      60_000,
    );
    await vi.waitFor(() => expect(tries).toBe(2), waiting);
  });

  describe('that is handed items over', () => {
    /** Inserts errands as claimed, and returns them. */
    const insertClaimed = (ids: number[], leaseMs: number) =>
      selectRows<Claimed<Errand>>(
        database.db,
        sql`insert into errands (id, due_at, attempts, unfinished)
          select id::int, date_trunc('milliseconds', now()) + ${leaseMs}::float8 * interval '1 millisecond', 1, 1
          from jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb) id
          returning id, due_at::text as lease, attempts, unfinished`,
      );

    const roomIn = (handover: Handover<Errand>) => {
      const { room, handOver } = handover.reserve(9);
      handOver([]);
      return room;
    };

    test('handles them without a claim, as many as it has room for', async () => {
      const handover = createHandover<Errand>();
      expect(roomIn(handover)).toBe(0);
      const ends = new Map<number, () => void>();
      const handle: QueuedWork<Errand>['handle'] = async (item, _, isOver) => {
        await new Promise<void>((resolve) => ends.set(item.id, resolve));
        await queue.finish(database.db, item, isOver);
      };
      const worker = await start(handle, { handover }, 60_000);
      const { room, leaseMs, handOver } = handover.reserve(3);
      expect([room, leaseMs]).toEqual([3, 60_000]);
      expect(roomIn(handover)).toBe(2);
      handOver(await insertClaimed([1, 2], leaseMs));
      expect([...ends.keys()]).toEqual([1, 2]);
      // Gives back the room that was not used.
      expect(roomIn(handover)).toBe(3);
      for (const end of ends.values()) end();
      await vi.waitFor(
        async () => expect(await selectRows(database.db, sql`select 1 from errands`)).toEqual([]),
        waiting,
      );
      await worker.stop();
      expect(roomIn(handover)).toBe(0);
    });

    test('has no room while it handles a suspect, which waits for what was handed over', async () => {
      const handover = createHandover<Errand>();
      const under = new Set<number>();
      const ends = new Map<number, () => void>();
      const handle: QueuedWork<Errand>['handle'] = async (item) => {
        under.add(item.id);
        await new Promise<void>((resolve) => ends.set(item.id, resolve));
        await queue.finish(database.db, item);
        under.delete(item.id);
      };
      const worker = await start(handle, { handover }, 20);
      const { leaseMs, handOver } = handover.reserve(1);
      await add([9], 1);
      worker.wake();
      await vi.waitFor(() => expect(roomIn(handover)).toBe(0), waiting);
      handOver(await insertClaimed([1], leaseMs));
      expect([...under]).toEqual([1]);
      ends.get(1)?.();
      await vi.waitFor(() => expect([...under]).toEqual([9]), waiting);
      expect(roomIn(handover)).toBe(0);
      ends.get(9)?.();
      await vi.waitFor(() => expect(roomIn(handover)).toBe(5), waiting);
    });

    test('is stopped only once they were handed over and are done', async () => {
      const handover = createHandover<Errand>();
      let end = () => {};
      const handle: QueuedWork<Errand>['handle'] = async () => {
        await new Promise<void>((resolve) => {
          end = resolve;
        });
      };
      const worker = await start(handle, { handover }, 60_000);
      const { leaseMs, handOver } = handover.reserve(2);
      let isStopped = false;
      const stopped = worker.stop().then(() => {
        isStopped = true;
      });
      const inserted = await insertClaimed([1], leaseMs);
      // Long enough for a stop that waits for nothing.
      for (let queries = 0; queries < 20; queries++) await selectRows(database.db, sql`select 1`);
      expect(isStopped).toBe(false);
      handOver(inserted);
      // The stop itself has ended the attempt, so that it is not at fault if it does not finish in time.
      const unfinished = () => selectRows(database.db, sql`select unfinished from errands`);
      await vi.waitFor(async () => expect(await unfinished()).toEqual([{ unfinished: 0 }]), waiting);
      expect(isStopped).toBe(false);
      end();
      await stopped;
    });
  });

  test('an orderly stop does not count as a failed attempt', async () => {
    await add([1]);
    let end = () => {};
    const worker = await start(
      () =>
        new Promise((resolve) => {
          end = resolve;
        }),
    );
    const unfinished = async () =>
      (await selectRows<{ unfinished: number }>(database.db, sql`select unfinished from errands`))[0]?.unfinished;
    await vi.waitFor(async () => expect(await unfinished()).toBe(1), waiting);
    const stopped = worker.stop();
    await vi.waitFor(async () => expect(await unfinished()).toBe(0), waiting);
    end();
    await stopped;
  });
});

test('a pause doubles with every attempt up to five minutes, and half of it is random', () => {
  const longest = [1, 2, 3, 4, 20].map((attempt) => backoff(attempt, () => 1));
  expect(longest).toEqual([1000, 2000, 4000, 8000, 300_000]);
  expect([1, 2, 3, 4, 20].map((attempt) => backoff(attempt, () => 0))).toEqual(longest.map((pause) => pause / 2));
});
