import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Db } from '../../src/db/client.ts';
import { type Claimed, dueQueue, leaseFor, marked, nextDueOf } from '../../src/db/due-queue.ts';
import { selectRows } from '../../src/db/query.ts';
import { type ClockedDatabase, openClockedDatabase } from '../helpers/database.ts';
import { rowsRead } from '../helpers/rows-read.ts';

interface Item {
  id: number;
}

const hour = 3_600_000;
const leaseHours = 10;
const leaseMs = leaseHours * hour;

const queue = dueQueue<Item>({ table: 'errands', key: ['id'], columns: sql`errands.id`, finished: 'delete' });
const kept = dueQueue<Item>({ table: 'errands', key: ['id'], columns: sql`errands.id`, finished: 'clear' });

let database: ClockedDatabase;

beforeAll(async () => {
  database = await openClockedDatabase();
  await database.db.execute(sql`create table errands (id int primary key, kind text not null default 'any',
    due_at timestamptz, attempts int not null default 0, unfinished smallint not null default 0)`);
  await database.db.execute(sql`create index errands_due on errands (unfinished, due_at) where due_at is not null`);
});
afterAll(() => database.close());

const add = (id: number) => database.db.execute(sql`insert into errands (id, due_at) values (${id}, now())`);

/** An item of the model; times in hours. */
interface Modelled {
  due: number | 'aside';
  attempts: number;
  unfinished: number;
  /** The claim that currently holds the item. */
  holder: Claimed<Item> | undefined;
  isMarked: boolean;
}

type Command =
  | { kind: 'add' | 'mark'; id: number }
  | { kind: 'claim'; worker: number; limit: number; suspects: boolean }
  | { kind: 'finish' | 'renew' | 'setAside' | 'noteEnd'; worker: number; nth: number }
  | { kind: 'postpone' | 'defer' | 'retry'; worker: number; nth: number; hours: number }
  | { kind: 'crash'; worker: number }
  | { kind: 'advance'; hours: number };

const id = fc.integer({ min: 1, max: 6 });
const worker = fc.integer({ min: 0, max: 2 });
const nth = fc.nat({ max: 5 });
const hours = fc.integer({ min: 1, max: 12 });
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('add' as const, 'mark' as const), id }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('claim' as const),
      worker,
      limit: fc.integer({ min: 1, max: 3 }),
      suspects: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('finish' as const, 'renew' as const, 'setAside' as const, 'noteEnd' as const),
      worker,
      nth,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('postpone' as const, 'defer' as const, 'retry' as const),
      worker,
      nth,
      hours,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash' as const), worker }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('advance' as const), hours }) },
);

/** Runs the commands on the queue and on a model of it, and compares the two after each. */
class Comparison {
  readonly items = new Map<number, Modelled>();
  /** The claims that each worker believes to hold. Only a crash removes them, so that lost leases are tested as well. */
  readonly claims: Claimed<Item>[][] = [[], [], []];
  readonly finished = new Set<number>();
  at = 0;
  startedAt = 0;

  async run(commands: Command[]): Promise<void> {
    this.startedAt = await this.clock();
    for (const one of commands) {
      await this.carryOut(one);
      expect(await this.rows(), JSON.stringify(one)).toEqual(this.expectedRows());
    }
    await this.finishEverything();
  }

  async carryOut(one: Command): Promise<void> {
    const { db } = database;
    switch (one.kind) {
      case 'add':
        if (this.items.has(one.id)) return;
        await add(one.id);
        this.finished.delete(one.id);
        this.items.set(one.id, { due: this.at, attempts: 0, unfinished: 0, holder: undefined, isMarked: false });
        return;
      case 'mark': {
        await db.execute(sql`update errands set due_at = ${marked(sql`due_at`)} where id = ${one.id}`);
        const item = this.items.get(one.id);
        if (!item || item.due === 'aside') return;
        // An expired lease is left to the next claim: marking the item leaves it due.
        item.due = Math.max(item.due, this.at);
        if (item.holder && item.due > this.at) item.isMarked = true;
        else if (item.holder && item.due === this.at) item.holder = undefined;
        return;
      }
      case 'claim': {
        const due = [...this.items].filter(
          ([, item]) => item.due !== 'aside' && item.due <= this.at && item.unfinished > 0 === one.suspects,
        );
        const claimed = await queue.claim(db, { limit: one.limit, leaseMs, suspects: one.suspects });
        expect(claimed).toHaveLength(Math.min(one.limit, due.length));
        const latest = Math.max(...claimed.map((item) => Number(this.items.get(item.id)?.due)));
        const left = due.filter(([key]) => !claimed.some((item) => item.id === key));
        for (const [, { due: time }] of left) expect(Number(time)).toBeGreaterThanOrEqual(latest);
        for (const item of claimed) this.claimed(one.worker, item, due);
        return;
      }
      case 'crash':
        this.claims[one.worker] = [];
        return;
      case 'advance':
        await database.advance(one.hours * hour);
        this.at += one.hours;
        return;
      default:
        await this.report(one);
    }
  }

  claimed(byWorker: number, claim: Claimed<Item>, due: [number, Modelled][]): void {
    expect(due.map(([key]) => key)).toContain(claim.id);
    expect(this.finished).not.toContain(claim.id);
    const item = this.items.get(claim.id);
    if (!item) throw new Error(`${claim.id} is not in the queue`);
    item.due = this.at + leaseHours;
    item.attempts += 1;
    item.unfinished += 1;
    item.holder = claim;
    item.isMarked = false;
    expect(claim).toMatchObject({ attempts: item.attempts, unfinished: item.unfinished });
    this.claims[byWorker]?.push(claim);
  }

  async report(one: Extract<Command, { nth: number }>): Promise<void> {
    const { db } = database;
    const claim = this.claims[one.worker]?.[one.nth];
    if (!claim) return;
    const item = this.items.get(claim.id);
    const isHeld = item?.holder === claim;
    if (one.kind === 'renew') expect(await queue.renew(db, claim, leaseMs)).toBe(isHeld);
    else if ('hours' in one) await queue[one.kind](db, claim, one.hours * hour);
    else await queue[one.kind](db, claim);
    if (!item || !isHeld) return;
    if (one.kind === 'renew') {
      item.due = this.at + leaseHours;
      return;
    }
    item.unfinished = 0;
    if (one.kind === 'noteEnd') return;
    item.holder = undefined;
    if (one.kind === 'defer') item.attempts -= 1;
    else if (one.kind !== 'retry') item.attempts = 0;
    if (one.kind === 'setAside') item.due = 'aside';
    else if ('hours' in one) item.due = this.at + one.hours;
    else if (item.isMarked) item.due = this.at;
    else {
      this.items.delete(claim.id);
      this.finished.add(claim.id);
    }
  }

  /** Nothing is lost: all remaining items, including those of crashed workers, can be claimed and finished. */
  async finishEverything(): Promise<void> {
    const { db } = database;
    await database.advance(1000 * hour);
    for (const suspects of [true, false]) {
      const claims = await queue.claim(db, { limit: 100, leaseMs, suspects });
      for (const claim of claims) await queue.finish(db, claim);
    }
    const aside = [...this.items].filter(([, item]) => item.due === 'aside').map(([key]) => key);
    expect((await selectRows<Item>(db, sql`select id from errands order by id`)).map((row) => row.id)).toEqual(
      aside.sort(),
    );
  }

  async clock(): Promise<number> {
    const [row] = await selectRows<{ at: number }>(database.db, sql`select extract(epoch from now())::float8 as at`);
    return row?.at ?? 0;
  }

  rows() {
    return selectRows(
      database.db,
      sql`select id, attempts, unfinished, case when due_at = 'infinity' then 'aside'
          else round((extract(epoch from due_at) - ${this.startedAt}::float8) / 3600)::text end as due
        from errands order by id`,
    );
  }

  expectedRows() {
    return [...this.items]
      .sort(([a], [b]) => a - b)
      .map(([key, { attempts, unfinished, due }]) => ({ id: key, attempts, unfinished, due: String(due) }));
  }
}

describe('a queue of due items', () => {
  beforeEach(() => database.db.execute(sql`truncate errands`));

  test('its state counts the items that wait for a worker (including suspects) and those set aside', async () => {
    for (const id of [1, 2, 3, 4, 5]) await add(id);
    const [claimed] = await queue.claim(database.db, { limit: 1, leaseMs });
    if (!claimed) throw new Error('nothing was claimed');
    await queue.setAside(database.db, claimed);
    await queue.claim(database.db, { limit: 1, leaseMs: hour });
    await database.advance(2 * hour);
    await queue.claim(database.db, { limit: 1, leaseMs });
    const { due, ageSeconds, setAside } = await queue.state(database.db);
    // One is set aside, one is claimed; the suspect has been due for only an hour.
    expect([due, Math.floor(ageSeconds / 3600), setAside]).toEqual([3, 2, 1]);
    await database.db.execute(sql`delete from errands`);
    expect(await queue.state(database.db)).toEqual({ due: 0, ageSeconds: 0, setAside: 0 });
  });

  test('behaves like its model when several workers claim, finish and crash', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { maxLength: 60, size: 'max' }), async (commands) => {
        await database.db.execute(sql`truncate errands`);
        await new Comparison().run(commands);
      }),
      // Given up earlier, it would go on beside the next test.
      { numRuns: 40, interruptAfterTimeLimit: 100_000 },
    );
  });

  test('workers that claim at the same time get different items', async () => {
    await database.db.execute(sql`insert into errands (id, due_at) select n, now() from generate_series(1, 200) n`);
    const claim = () => queue.claim(database.db, { limit: 30, leaseMs });
    const claimed = (await Promise.all(Array.from({ length: 8 }, claim))).flat();
    expect(new Set(claimed.map((item) => item.id)).size).toBe(claimed.length);
  });

  test('an item that is kept is due again if it was marked while a worker was handling it', async () => {
    const { db } = database;
    const dueAt = async () =>
      (await selectRows<{ due: boolean | null }>(db, sql`select due_at <= now() as due from errands`))[0]?.due;
    await add(1);
    const [first] = await kept.claim(db, { limit: 1, leaseMs });
    if (!first) throw new Error('nothing was claimed');
    await db.execute(sql`update errands set due_at = ${marked(sql`due_at`)}`);
    expect(await kept.claim(db, { limit: 1, leaseMs })).toEqual([]);
    expect(await kept.renew(db, first, leaseMs)).toBe(true);
    await kept.finish(db, first);
    expect(await dueAt()).toBe(true);
    const [second] = await kept.claim(db, { limit: 1, leaseMs });
    if (!second) throw new Error('nothing was claimed');
    await kept.finish(db, first);
    expect(await dueAt()).toBe(false);
    await kept.finish(db, second);
    expect(await dueAt()).toBeNull();
  });

  test.each(['defer', 'retry', 'postpone'] as const)(
    '%s counts although the lease is renewed at the same time',
    async (report) => {
      await add(1);
      const [claimed] = await queue.claim(database.db, { limit: 1, leaseMs });
      if (!claimed) throw new Error('nothing was claimed');
      const reporting = queue[report](database.db, claimed, hour);
      const renewing = queue.renew(database.db, claimed, leaseMs);
      await Promise.all([reporting, renewing]);
      await database.advance(hour);
      expect(await queue.claim(database.db, { limit: 1, leaseMs })).toHaveLength(1);
    },
  );

  test('finishing an item in a transaction does not deadlock with noting its end, which waits for that transaction', async () => {
    const { db } = database;
    await add(1);
    const [item] = await queue.claim(db, { limit: 1, leaseMs });
    if (!item) throw new Error('nothing is due');
    let noting: Promise<void> | undefined;
    await db.transaction(async (tx) => {
      await tx.execute(sql`update errands set kind = 'locked' where id = 1`);
      noting = queue.noteEnd(db, item);
      await queue.finish(tx, item);
    });
    await noting;
    expect(await selectRows(db, sql`select id from errands`)).toEqual([]);
  });

  test('one item is claimed by its key, if it is due', async () => {
    const { db } = database;
    await add(1);
    expect(await queue.claimOne(db, { id: 2 }, leaseMs)).toBeUndefined();
    const claimed = await queue.claimOne(db, { id: 1 }, leaseMs);
    expect(claimed).toMatchObject({ id: 1, attempts: 1, unfinished: 1 });
    expect(await queue.claimOne(db, { id: 1 }, leaseMs)).toBeUndefined();
  });

  test('a row can be inserted with a lease on it', async () => {
    const { db } = database;
    const [inserted] = await selectRows<Claimed<Item>>(
      db,
      sql`insert into errands (id, due_at, attempts, unfinished) values (1, ${leaseFor(leaseMs)}, 1, 1)
        returning id, due_at::text as lease, attempts, unfinished`,
    );
    if (!inserted) throw new Error('nothing was inserted');
    expect(await queue.renew(db, inserted, leaseMs)).toBe(true);
    await queue.finish(db, inserted);
    expect(await selectRows(db, sql`select 1 from errands`)).toEqual([]);
  });

  test('items are claimed by kind, up to the limit of each kind', async () => {
    const { db } = database;
    const byKind = dueQueue<{ id: number; kind: string }>({
      table: 'errands',
      key: ['id'],
      columns: sql`errands.id, errands.kind`,
      room: 'kind',
      finished: 'delete',
    });
    await db.execute(sql`insert into errands (id, kind, due_at)
      select n, case when n <= 5 then 'post' else 'call' end, now() from generate_series(1, 9) n`);
    const room = [
      { kind: 'post', free: 2 },
      { kind: 'call', free: 1 },
      { kind: 'visit', free: 4 },
    ];
    expect((await byKind.claim(db, { limit: room, leaseMs })).map((item) => item.kind).sort()).toEqual([
      'call',
      'post',
      'post',
    ]);
    expect((await nextDueOf([byKind])(db, { room: [{ kind: 'visit', free: 1 }] })).ordinary).toBeUndefined();
    expect((await nextDueOf([byKind])(db, { room })).ordinary).toBeLessThanOrEqual(0);
  });

  test('it is known when the next item is due, and when the next suspect is', async () => {
    const { db } = database;
    expect(await nextDueOf([queue])(db)).toEqual({ ordinary: undefined, suspect: undefined });
    await add(1);
    await queue.claim(db, { limit: 1, leaseMs });
    await db.execute(sql`insert into errands (id, due_at) values (2, now() + interval '2 hours'), (3, 'infinity')`);
    const { ordinary = 0, suspect = 0 } = await nextDueOf([queue])(db);
    expect(Math.round(ordinary / hour)).toBe(2);
    expect(Math.round(suspect / hour)).toBe(leaseHours);
  });
});

describe('a queue with 10,000 items due', () => {
  const many = 10_000;
  const suspects = 10;
  const few = 300;
  const kinds = 5;
  const room = Array.from({ length: 3 }, (_, n) => ({ kind: `kind ${n}`, free: 10 }));
  const byKind = dueQueue<Item>({
    table: 'errands',
    key: ['id'],
    columns: sql`errands.id`,
    room: 'kind',
    finished: 'delete',
  });
  beforeAll(async () => {
    await database.db.execute(sql`truncate errands`);
    await database.db.execute(sql`create index if not exists errands_due_by_kind
      on errands (kind, unfinished, due_at) where due_at is not null`);
    await database.db.execute(sql`insert into errands (id, kind, due_at, unfinished)
      select n, 'kind ' || n % ${kinds}::int, now() - n * interval '1 second', (n <= ${suspects}::int)::int
      from generate_series(1, ${many}::int) n`);
    await database.db.execute(sql`analyze errands`);
  });

  test.each<[string, number, (db: Db) => Promise<unknown>]>([
    ['a claim', 30, (db) => queue.claim(db, { limit: 30, leaseMs })],
    ['a claim of suspects', 1, (db) => queue.claim(db, { limit: 1, leaseMs, suspects: true })],
    ['a claim by kind', 30, (db) => byKind.claim(db, { limit: room, leaseMs })],
    ['a claim of suspects by kind', 1, (db) => byKind.claim(db, { limit: room.slice(0, 1), leaseMs, suspects: true })],
    ['what is due next', 2, (db) => nextDueOf([queue])(db)],
    ['what is due next, by kind', 6, (db) => nextDueOf([byKind])(db, { room })],
  ])('%s reads no more rows than it takes', async (_, most, run) => {
    // Each row is found in the index, read from the table, and written. Suspects and leased items are few.
    expect(await rowsRead(database.db, run)).toBeLessThanOrEqual(3 * most + few);
  });
});
