import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Db } from '../../../src/db/client.ts';
import { readKnown } from '../../../src/slack/notices/known.ts';
import { keepClaim, setTaskMessagePosted } from '../../../src/slack/notices/task-messages.ts';
import { openTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { rowsRead } from '../../helpers/rows-read.ts';

/** So many that reading all of them takes longer than it should, and so few that Postgres would rather do that. */
const many = 20_000;

let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
  const { db } = database;
  await db.execute(sql`insert into task_messages (task_key, user_id, channel_id, ts, closed, shown)
    select n || '-3', 'U0STAFF', 'D0STAFF', n::text, true, 'mine' from generate_series(1, ${many}::int) n`);
  await db.execute(sql`insert into notices (kind, subject, occasion, user_id, channel_id, ts, shown)
    select 'reminder', n || '-3', 'due', 'U0STAFF', 'D0STAFF', n::text, 'mine' from generate_series(1, ${many}::int) n`);
  await db.execute(sql`analyze task_messages, notices`);
});
afterAll(() => database.close());

const key = { taskKey: '17-3', userId: 'U0STAFF' };
const statements: [string, (db: Db) => Promise<unknown>][] = [
  ['reading what people were told', (db) => readKnown(db, { startId: randomUUID(), taskKeys: [key.taskKey] })],
  ['recording a message', (db) => setTaskMessagePosted(db, { ...key, channelId: 'D0STAFF', ts: '1.1', shown: 'mine' })],
  ['keeping a claim', (db) => keepClaim(db, key)],
];

test.for(statements)('%s of a task reads the rows of that task alone', async ([, run]) => {
  expect(await rowsRead(database.db, run)).toBeLessThan(10);
});
