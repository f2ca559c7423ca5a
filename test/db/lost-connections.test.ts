import { setTimeout } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../src/db/client.ts';
import { selectRows } from '../../src/db/query.ts';
import { isUnavailable } from '../../src/db/unavailable.ts';
import { createPostgresDatabase } from '../helpers/database.ts';
import type { PostgresDatabase } from '../helpers/postgres.ts';
import { startTcpProxy, type TcpProxy } from '../helpers/tcp-proxy.ts';

/** Statement timeout in these tests, in milliseconds. */
const statementMs = 1_000;
const timings = { statementMs };

describe.skipIf(!process.env.TEST_DATABASE_URL)('connections to Postgres', () => {
  let server: PostgresDatabase;
  let proxy: TcpProxy;
  let database: Database;
  beforeAll(async () => {
    server = await createPostgresDatabase();
    proxy = await startTcpProxy(server.url);
    const logger = pino({ level: 'silent' });
    database = await openDatabase({ databaseUrl: proxy.url, dataDir: '', logger, timings });
  });
  afterAll(async () => {
    await database.close();
    await proxy.close();
    await server.drop();
  });

  /** Runs `count` statements and transactions concurrently; each must get its own results, or an error. */
  async function outcomes(count: number): Promise<{ done: number; failures: unknown[] }> {
    const one = async (number: number) => {
      const next = async (db: Database['db'], by: number) => {
        const rows = await selectRows(db, sql`select ${number}::int + ${by}::int as sum from pg_sleep(0.005)`);
        expect(rows).toEqual([{ sum: number + by }]);
      };
      if (number % 2) return next(database.db, 1);
      return database.db.transaction(async (transaction) => {
        await next(transaction, 1);
        // A transaction also has pauses without a statement.
        if (number % 4) await setTimeout(5);
        await Promise.all([next(transaction, 2), next(transaction, 3)]);
      });
    };
    const settled = await Promise.allSettled(Array.from({ length: count }, (_, number) => one(number)));
    const failures = settled.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    return { done: count - failures.length, failures };
  }

  test('when they are lost, pending statements fail and later ones succeed', { timeout: 60_000 }, async () => {
    const loseThem = [
      () => proxy.cut(),
      // Data is sent but never acknowledged.
      async () => {
        proxy.stall();
        await setTimeout(30);
      },
      // Long enough that new connections are requested, which are not answered either.
      async () => {
        proxy.stall();
        await setTimeout(statementMs + 300);
      },
    ];
    for (let round = 0; round < 2; round += 1) {
      for (const lose of loseThem) {
        const underWay = outcomes(100);
        await setTimeout(round * 10);
        await lose();
        const meanwhile = outcomes(40);
        await setTimeout(10);
        await proxy.restore();
        const { failures } = await underWay;
        failures.push(...(await meanwhile).failures);
        expect(failures.filter((failure) => !isUnavailable(failure))).toEqual([]);
        expect(await outcomes(60)).toEqual({ done: 60, failures: [] });
      }
    }
  });

  test('a statement without an answer times out', async () => {
    proxy.stall();
    const { done, failures } = await outcomes(20);
    expect(done).toBe(0);
    expect(failures.every(isUnavailable)).toBe(true);
    await proxy.restore();
    expect(await outcomes(20)).toEqual({ done: 20, failures: [] });
  });

  test('a table with a new column can be read by connections that read it before', async () => {
    const { db } = database;
    await db.execute(sql`create table pairs as select 1 as one`);
    const read = () =>
      db.transaction((transaction) => selectRows(transaction, sql`select * from pairs where one = ${1}`));
    await read();
    await db.execute(sql`alter table pairs add column other int default 2`);
    await read().catch(() => {});
    expect(await read()).toEqual([{ one: 1, other: 2 }]);
  });

  test('closing does not wait for a network that is gone', async () => {
    const logger = pino({ level: 'silent' });
    const other = await openDatabase({ databaseUrl: proxy.url, dataDir: '', logger, timings });
    await other.listen('starts_due', () => {});
    await other.checkHealth();
    proxy.stall();
    const begun = performance.now();
    await other.close();
    // A process supervisor relies on the process ending within ten seconds.
    expect(performance.now() - begun).toBeLessThan(7_000);
    await proxy.restore();
  });
});
