import { sql } from 'drizzle-orm';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Channel } from '../../sandbox/driver/channel.ts';
import { waitUntil } from '../../sandbox/traffic.ts';
import { selectRows } from '../../src/db/query.ts';
import { createKickoff, type Kickoff } from '../../src/kickoff.ts';
import { startWorld, type World } from '../helpers/kickoff.ts';
import { writePostingProcesses } from '../helpers/posting-processes.ts';
import { setUpLiveChat } from '../helpers/set-up-live-chat.ts';

let world: World;
let running: Kickoff;
beforeEach(async () => {
  world = await startWorld({ environment: { PROCESSES_DIR: await writePostingProcesses() } });
  running = world.kickoff;
  await setUpLiveChat(world, { bindings: { 'Message received': { process: 'Post message' } } });
  await setUpLiveChat(world, {
    name: 'Waiting',
    prefixes: 'waiting-',
    bindings: { 'Message received': { process: 'Hear messages' } },
  });
});
afterEach(async () => {
  await running.stop();
  await world.close();
});

/** A session in which Gina wrote: in `support-…` her message's process has ended, in `waiting-…` it is still running. */
async function writtenIn(name: string): Promise<Channel> {
  const { anna, gina, oleg } = world.sandbox.people;
  const channel = await anna.createChannel(name);
  await anna.invite(channel, oleg);
  await anna.invite(channel, gina);
  await world.quiet();
  await gina.post(channel, `Words in ${name}`);
  await world.quiet();
  return channel;
}

const rows = <Row extends object>(query: ReturnType<typeof sql>) => selectRows<Row>(world.database.db, query);
const count = async (table: string) =>
  (await rows<{ n: number }>(sql`select count(*)::int as n from ${sql.identifier(table)}`))[0]?.n;

/** Makes all stored rows older by this many days. */
async function pass(days: number): Promise<void> {
  const columns = await rows<{ table: string; column: string }>(
    sql`select table_name as "table", column_name as "column" from information_schema.columns
      where table_schema = 'public' and data_type = 'timestamp with time zone' and table_name <> 'live_chats'`,
  );
  for (const { table, column } of columns) {
    const name = sql.identifier(column);
    await world.database.db.execute(
      sql`update ${sql.identifier(table)} set ${name} = ${name} - ${days}::int * interval '1 day'
        where ${name} is not null and ${name} < 'infinity'`,
    );
  }
}

/** Restarts Kickoff, which then deletes old rows. */
async function restart(): Promise<void> {
  await running.stop();
  const lines: string[] = [];
  const logger = pino({ level: 'info' }, { write: (line) => lines.push(line) });
  running = await createKickoff({
    config: world.config,
    logger,
    ...(world.database.url ? {} : { openDatabase: async () => ({ ...world.database, close: async () => {} }) }),
  });
  await running.ready;
  await waitUntil(world.sandbox.traffic.onChange, () => lines.some((line) => line.includes('old data was deleted')), {
    timeoutMs: 15_000,
    describe: () => lines.join(''),
  });
}

test('data that ended long ago is deleted, and nothing else', async () => {
  const { anna, gina, oleg } = world.sandbox.people;
  const open = await writtenIn('support-open');
  const over = await writtenIn('support-over');
  // Left by somebody who claimed a task at another engine.
  await world.database.db.execute(
    sql`insert into remote_requests (engine, kind, key, attempts) values ('operaton', 'assignment', 'a task', 1)`,
  );
  const unfinished = await writtenIn('waiting-long');
  await anna.archive(over);
  await anna.archive(unfinished);
  await world.quiet();
  await pass(2);
  await anna.archive(await writtenIn('support-over-later'));
  await world.quiet();
  await pass(89);
  // A delivery without a readable time must not prevent other deletions.
  await world.database.db.execute(
    sql`insert into deferred_deliveries (event_id, body, due_at) values ('Ev0', '{"event_time": "soon"}', 'infinity')`,
  );
  await restart();
  const sessions = await rows<{ name: string }>(sql`select name from sessions order by name`);
  expect(sessions.map(({ name }) => name)).toEqual(['support-open', 'support-over-later', 'waiting-long']);
  // The open session's start is still there, without texts.
  const [kept] = await rows<{ variables: unknown; text: string; status: string }>(
    sql`select starts.status, variables, facts -> 'message' ->> 'text' as text from starts
      join sessions on sessions.id = session_id where sessions.name = 'support-open'`,
  );
  expect(kept).toEqual({ status: 'completed', variables: null, text: '' });
  expect(await count('engine_instances')).toBe(2);
  expect(await count('remote_requests')).toBe(0);
  expect(await count('engine_history')).toBeGreaterThan(0);
  expect(
    await rows(sql`select 1 from engine_history where instance_key not in (select key from engine_instances)`),
  ).toEqual([]);

  // Open sessions continue.
  await gina.post(open, 'I am back');
  await world.quiet();
  expect(world.crm.requests.filter(({ body }) => JSON.stringify(body).includes('I am back'))).toHaveLength(1);
  await oleg.command('/livechat-session', { in: open });
  await (await oleg.modalShown('Live-chat session')).shows('Post message');
  await oleg.modal.closeAll();
}, 90_000);

test('many sessions that ended long ago are deleted a few at a time', async () => {
  const { db } = world.database;
  await db.execute(sql`insert into sessions (team_id, channel_id, name, is_private, is_shared, status, opened_at, closed_at)
    select 'T0', 'C' || n, 'old-' || n, false, false, 'closed', now() - interval '1 year', now() - interval '1 year'
    from generate_series(1, 620) n`);
  await db.execute(sql`create table deletions (count int)`);
  await db.execute(sql`create function note_deletion() returns trigger language plpgsql as
    'begin insert into deletions select count(*) from gone; return null; end'`);
  await db.execute(sql`create trigger note_deletion after delete on sessions referencing old table as gone
    for each statement execute function note_deletion()`);
  await restart();
  const [deleted] = await rows<{ most: number; sum: number }>(
    sql`select max(count) as most, sum(count)::int as sum from deletions`,
  );
  expect(deleted).toEqual({ most: 50, sum: 620 });
}, 60_000);
