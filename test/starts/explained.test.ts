import { type SQL, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Db } from '../../src/db/client.ts';
import { selectRows } from '../../src/db/query.ts';
import { servedSessions } from '../../src/starts/list-served.ts';
import { startsWanted } from '../../src/starts/list-starts.ts';
import { tasksOf } from '../../src/starts/open-tasks.ts';
import { aLiveChat, teamId } from '../helpers/builders.ts';
import { openTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { type Plan, rowsIn } from '../helpers/rows-read.ts';

let database: TestDatabase;
let liveChatId: string;

/** 20,000 starts in 2,000 sessions, of which 100 failed; each running one has a task of one of 100 people. */
beforeAll(async () => {
  database = await openTestDatabase();
  const { db } = database;
  liveChatId = (await aLiveChat(db)).id;
  await db.execute(sql`
    insert into sessions (team_id, channel_id, live_chat_id, name, is_private, is_shared, status, operator_user_id, opened_at)
    select ${teamId}, 'C' || n, ${liveChatId}::uuid, 'support-' || n, false, false, 'open', 'U' || n % 50, now()
    from generate_series(1, 2000) n`);
  await db.execute(sql`
    insert into starts (team_id, key, session_id, live_chat_id, started_by, process_definition_id, process_name, facts,
      status, created_at)
    select ${teamId}, 'start ' || n, s.id, ${liveChatId}::uuid, case when n % 20 = 0 then 'U' || n % 50 end, 'p' || n % 10,
      'P', '{}', case when n % 200 = 0 then 'failed' when n % 2 = 0 then 'running' else 'completed' end,
      now() - n * interval '1 minute'
    from (select id, row_number() over (order by channel_id) as at from sessions) s
      join generate_series(1, 20000) n on s.at = n % 2000 + 1`);
  await db.execute(sql`
    insert into open_tasks (task_key, team_id, start_id, process_name, name, assignee, holders, is_offered, is_for_all,
      created_at)
    select row_number() over () || '-1', team_id, id, 'P', 'T', null, array['U' || row_number() over () % 100], false, false,
      created_at from starts where status = 'running'`);
  for (const table of ['sessions', 'starts', 'open_tasks']) await db.execute(sql`analyze ${sql.raw(table)}`);
}, 60_000);
afterAll(() => database.close());

/** Number of table rows that the statement reads, including those it filters out. */
async function rowsRead(db: Db, statement: SQL): Promise<number> {
  const [row] = await selectRows<{ 'QUERY PLAN': { Plan: Plan }[] }>(
    db,
    sql`explain (analyze, format json) ${statement}`,
  );
  return rowsIn(row?.['QUERY PLAN'][0]?.Plan as Plan);
}

test.each([
  ['the newest starts', () => startsWanted({ liveChatIds: [liveChatId], limit: 11 }), 50],
  ['failed starts', () => startsWanted({ liveChatIds: [liveChatId], status: 'failed', limit: 11 }), 300],
  ['starts of a process', () => startsWanted({ liveChatIds: [liveChatId], processDefinitionId: 'p3', limit: 11 }), 300],
  [
    'a page far down',
    () => {
      const at = new Date(Date.now() - 15_000 * 60_000).toISOString();
      return startsWanted({
        liveChatIds: [liveChatId],
        at: { from: { at, id: '00000000-0000-4000-8000-000000000000' } },
        limit: 11,
      });
    },
    50,
  ],
  [
    'a person’s tasks, among 10,000',
    () => tasksOf({ teamId, userId: 'U7', groupIds: ['S1', 'S2'], awayIn: [], offset: 0, limit: 11 }),
    500,
  ],
  [
    'an operator’s sessions, among 2,000',
    () => servedSessions({ teamId, userId: 'U7', liveChatIds: [liveChatId], offset: 0, limit: 9 }),
    2500,
  ],
] as const)('what Home lists is read by index: %s', async (_, statement, most) => {
  expect(await rowsRead(database.db, statement())).toBeLessThan(most);
});
