import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { selectRows } from '../../src/db/query.ts';
import { settleStart } from '../../src/starts/settle-start.ts';
import { teamId } from '../helpers/builders.ts';
import { openTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { rowsRead } from '../helpers/rows-read.ts';

let database: TestDatabase;

/** Running starts with the instances 1 to 20,000, of which the last two have not stored theirs. */
beforeAll(async () => {
  database = await openTestDatabase();
  const { db } = database;
  await db.execute(sql`
    with session as (
      insert into sessions (team_id, channel_id, name, is_private, is_shared, status, opened_at)
      values (${teamId}, 'C1', 'support', false, false, 'open', now()) returning id)
    insert into starts (team_id, key, session_id, process_definition_id, process_name, facts, status, process_instance_key)
    select ${teamId}, 'start ' || n, session.id, 'p', 'P', '{}', 'running', case when n < 19999 then n::text end
    from session, generate_series(1, 20000) n`);
  await db.execute(sql`analyze starts`);
});
afterAll(() => database.close());

const completed = { status: 'completed', reason: null, waitingJoins: null } as const;

async function idOf(n: number): Promise<string> {
  const [row] = await selectRows<{ id: string }>(database.db, sql`select id from starts where key = ${`start ${n}`}`);
  return row?.id ?? '';
}

describe('the state of an instance is recorded at', () => {
  test.for([
    ['the start that has stored the instance', 17, false],
    ['the same start, if its id is given as well', 18, true],
    ['the start whose id is given, if it has not stored the instance', 19999, true],
  ] as const)('%s', async ([, n, isIdGiven]) => {
    const { db } = database;
    const id = await idOf(n);
    const processInstanceKey = String(n);
    const startId = isIdGiven ? id : undefined;
    const settled = await settleStart(db, { processInstanceKey, startId, outcome: completed });
    expect(settled?.start).toMatchObject({ id, status: 'running' });
    const rows = await selectRows(db, sql`select id, status from starts where process_instance_key = ${String(n)}`);
    expect(rows).toEqual([{ id, status: 'completed' }]);
  });
});

test('recording the state of an instance reads the rows of its start alone, among 20,000', async () => {
  const startId = await idOf(20_000);
  const instance = { processInstanceKey: '20000', startId, outcome: completed };
  expect(await rowsRead(database.db, (db) => settleStart(db, instance))).toBeLessThan(10);
});
