import { PGlite } from '@electric-sql/pglite';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPgliteClient } from '../../src/db/pglite.ts';
import { createMetrics } from '../../src/metrics/metrics.ts';

let client: PGlite;
beforeAll(async () => {
  client = await openPgliteClient({ snapshot: undefined }, createMetrics());
});
afterAll(async () => {
  if (!client.closed) await client.close();
});

/** PGlite's own, without prepared statements. */
const plainly = (text: string, parameters: unknown[]) => PGlite.prototype.query.call(client, text, parameters);
const preparedCount = async () => {
  const { rows } = await client.query<{ n: number }>('select count(*)::int as n from pg_prepared_statements');
  return rows[0]?.n ?? 0;
};

describe('a statement on the embedded database', () => {
  it('takes and returns any value as it does unprepared, however often it runs', async () => {
    const text = `select $1::text as a, $2::int8 as b, $3::float8 as c, $4::boolean as d, $5::jsonb as e, $6::text[] as f,
      $7::uuid as g, $8::bytea as h`;
    const word = fc.string({ unit: 'grapheme' }).filter((one) => !one.includes('\0'));
    const values = fc.tuple(
      fc.option(word),
      fc.option(fc.maxSafeInteger()),
      fc.option(fc.double({ noNaN: true })),
      fc.option(fc.boolean()),
      fc.option(fc.dictionary(word, fc.oneof(word, fc.integer(), fc.constant(null)), { noNullPrototype: true })),
      fc.option(fc.array(word)),
      fc.option(fc.uuid()),
      fc.option(fc.uint8Array()),
    );
    await fc.assert(
      fc.asyncProperty(values, async (parameters) => {
        const { rows, fields, affectedRows } = await client.query(text, parameters);
        const plain = await plainly(text, parameters);
        expect({ rows, fields, affectedRows }).toEqual({
          rows: plain.rows,
          fields: plain.fields,
          affectedRows: plain.affectedRows,
        });
      }),
      { numRuns: 200 },
    );
  });

  it('returns rows as lists where asked, and says how many rows it changed', async () => {
    await client.query('create table counted (n int, at timestamptz)');
    for (const most of [3, 5]) {
      const inserted = await client.query('insert into counted select n from generate_series(1, $1) n', [most]);
      expect(inserted).toMatchObject({ rows: [], affectedRows: most, command: 'INSERT' });
    }
    const listed = await client.query('select n, at from counted where n = $1', [5], { rowMode: 'array' });
    expect(listed).toMatchObject({ rows: [[5, null]], fields: [{ name: 'n' }, { name: 'at' }] });
    // Dates are texts, as drizzle reads them.
    await client.query('update counted set at = $1', ['2026-03-04T05:06:07Z']);
    const { rows } = await client.query('select at, array[at] as all from counted where n = $1', [5]);
    expect(rows).toEqual([
      { at: expect.stringMatching(/^2026-03-04 /), all: expect.stringMatching(/^\{"2026-03-04 /) },
    ]);
  });

  it('fails as itself, and neither breaks the next one nor its transaction’s rollback', async () => {
    await client.query('create table unique_names (name text primary key)');
    const insert = 'insert into unique_names values ($1)';
    await client.query(insert, ['a']);
    await expect(client.query(insert, ['a'])).rejects.toMatchObject({ code: '23505' });
    await expect(client.query('selec 1')).rejects.toMatchObject({ code: '42601' });
    await expect(client.query('select $1::int', ['x'])).rejects.toMatchObject({ code: '22P02' });
    await expect(client.query('select $1::int[]', [5])).rejects.toMatchObject({ code: '22P02' });
    await client.query(insert, ['b']);
    const failing = client.transaction(async (tx) => {
      await tx.query(insert, ['c']);
      await expect(tx.query(insert, ['c'])).rejects.toMatchObject({ code: '23505' });
      await expect(tx.query('select 2 as later')).rejects.toMatchObject({ code: '25P02' });
      throw new Error('enough');
    });
    await expect(failing).rejects.toThrow('enough');
    expect((await client.query('select 2 as later')).rows).toEqual([{ later: 2 }]);
    expect((await client.query('select name from unique_names order by 1')).rows).toEqual([
      { name: 'a' },
      { name: 'b' },
    ]);
  });

  it('waits until a transaction is over', async () => {
    await client.query('create table waited (n int)');
    const order: string[] = [];
    const long = client.transaction(async (tx) => {
      await tx.query('insert into waited values (1)');
      await tx.query('select pg_sleep(0.05)');
      order.push('transaction');
    });
    const query = client.query('insert into waited values (2)').then(() => order.push('query'));
    await Promise.all([long, query]);
    expect(order).toEqual(['transaction', 'query']);
    const over = await client.transaction(async (tx) => tx);
    await expect(over.query('select 1')).rejects.toThrow('Transaction is closed');
  });

  it('sees a table’s new columns, a function that hides another, and a table made again', async () => {
    await client.query('create table things (a int)');
    const all = "select *, lower('X') as word from things";
    await client.query('insert into things values (1)');
    expect((await client.query(all)).rows).toEqual([{ a: 1, word: 'x' }]);
    await client.query('alter table things add b int default 2');
    expect((await client.query(all)).rows).toEqual([{ a: 1, b: 2, word: 'x' }]);
    await client.query('set search_path = public, pg_catalog');
    await client.query("create function public.lower(text) returns text language sql as 'select ''ours'''");
    expect((await client.query(all)).rows).toEqual([{ a: 1, b: 2, word: 'ours' }]);
    await client.query('drop function public.lower(text)');
    await client.query('drop table things');
    await expect(client.query(all)).rejects.toMatchObject({ code: '42P01' });
    await client.query('create table things (c text)');
    expect((await client.query(all)).rows).toEqual([]);
  });

  it('is planned again now and then, so that a table that has grown is not read as a whole', async () => {
    await client.query('create table grown (id int primary key, note text)');
    const plan = async () => {
      const { rows } = await client.query<{ found: string }>(
        "select generic_plans || ' ' || custom_plans as found from pg_prepared_statements where statement like 'select note from grown%'",
      );
      return rows.map(({ found }) => found);
    };
    const find = 'select note from grown where id = $1';
    for (let run = 0; run < 1100; run++) await client.query(find, [run]);
    // Its count began again after a thousand runs.
    expect(await plan()).toEqual([expect.stringMatching(/^(95 5|0 100)$/)]);
  });

  it('is forgotten after many others', async () => {
    for (let n = 0; n < 600; n++) await client.query(`select ${n} as n`);
    expect(await preparedCount()).toBeLessThanOrEqual(251);
    expect((await client.query('select 0 as n')).rows).toEqual([{ n: 0 }]);
    await client.query('create table last_one (n int)');
    await client.query('select 1 as n');
    expect(await preparedCount()).toBeLessThanOrEqual(3);
  });

  // Closes the database, so it comes last.
  it('runs before the database closes if it was asked before, and fails afterwards', async () => {
    await client.query('create table kept (n int)');
    const inserts = [1, 2, 3].map((n) => client.query('insert into kept values ($1)', [n]));
    const transaction = client.transaction(async (tx) => {
      await tx.query('insert into kept values (4)');
      return (await tx.query<{ n: number }>('select count(*)::int as n from kept')).rows;
    });
    const closed = client.close();
    await Promise.all(inserts);
    expect(await transaction).toEqual([{ n: 4 }]);
    await closed;
    await expect(client.query('select 1')).rejects.toThrow('PGlite is closed');
  });
});
