import { sql } from 'drizzle-orm';
import { afterEach, expect, test } from 'vitest';
import type { SurfaceDriver } from '../../../sandbox/driver/surface-driver.ts';
import { selectRows } from '../../../src/db/query.ts';
import { EngineUnavailableError } from '../../../src/engines/engine.ts';
import { homes as homesTable } from '../../../src/slack/home/tables.ts';
import { retryStart } from '../../../src/starts/queries.ts';
import { starts } from '../../../src/starts/tables.ts';
import { message } from '../../../src/words/message.ts';
import { aDefinition, type BusyOffice, openOffice } from '../../helpers/office.ts';

let office: BusyOffice;
afterEach(() => office.close());

const open = async () => {
  office = await openOffice([
    { definition: aDefinition('call', 'Call back'), tasks: [{ name: 'Approve', candidateGroups: ['support-team'] }] },
    { definition: aDefinition('file', 'File it'), tasks: [{ name: 'File', assignee: 'U0OLGA00001' }] },
  ]);
};

const text = (home: SurfaceDriver) => home.texts().join('\n');

/** Adds starts to the session, each a minute older than the one before; one in ten has failed. */
async function addStarts(count: number, process = 'call'): Promise<void> {
  const { db } = office.context;
  await db.execute(sql`
    insert into starts (team_id, key, session_id, live_chat_id, event, process_definition_id, process_name, facts, status,
      reason, created_at)
    select ${office.sandbox.teamId}, 'test:' || ${process}::text || n, s.id, s.live_chat_id, 'message_received',
      ${process}::text, ${process}::text || ' ' || n,
      jsonb_build_object('sessionName', s.name, 'channelId', s.channel_id, 'clientUserId', null, 'message', null),
      case when n % 10 = 0 then 'failed' else 'completed' end, null, now() - n * interval '1 minute'
    from generate_series(1, ${count}::int) n, (select * from sessions limit 1) s`);
}

/** Names of the processes in the displayed list of starts. */
const shown = (home: SurfaceDriver) => [...text(home).matchAll(/\*((?:call|file) \d+)\*/g)].map(([, name]) => name);

const numbers = (from: number, to: number, step = 1, process = 'call') =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, at) => `${process} ${from + at * step}`);

test('2,000 starts are paged, newest first, and filtered, within Slack’s limits', async () => {
  await open();
  await addStarts(2000);
  const { sam } = office.people;
  const home = await sam.openHome();
  await home.shows('*call 1*');
  const waits = (names: string[]) =>
    office.sandbox.traffic.until(() => shown(home).join() === names.join(), { timeoutMs: 8000 });
  await waits(numbers(1, 10));
  await home.click('Older');
  await waits(numbers(11, 20));
  await home.click('Older');
  await waits(numbers(21, 30));

  // A new start is added at the top; a later page stays at its place.
  await addStarts(1, 'file');
  await home.click('Newer');
  await waits(numbers(11, 20));
  await home.click('Newer');
  await waits(numbers(1, 10));
  await home.click('Newer');
  await waits(['file 1', ...numbers(1, 9)]);

  await home.choose('Status', 'Failed');
  await waits(numbers(10, 100, 10));
  await home.click('Older');
  await waits(numbers(110, 200, 10));
  await home.choose('Process', 'File it');
  await home.shows('There is no such start.');
  await home.click('Show all');
  await home.shows('*file 1*');
  await home.choose('Process', 'File it');
  await waits(['file 1']);
  await home.choose('Live chat', 'Support');
  await waits(['file 1']);
  const views = office.sandbox.traffic.callsOf('views.publish').map(({ args }) => args.view as { blocks: unknown[] });
  expect(Math.max(...views.map(({ blocks }) => blocks.length))).toBeLessThanOrEqual(100);
  expect(office.sandbox.violations).toEqual([]);
});

test('many changes at once update a Home tab only a few times', async () => {
  await open();
  const { sam } = office.people;
  const home = await sam.openHome();
  await home.shows('No process has been started yet.');
  await addStarts(500);
  const { homes } = office.context;
  office.sandbox.traffic.clear();
  for (let n = 0; n < 2000; n += 1) homes.note({ liveChatId: office.liveChat.id });
  await home.shows('*call 1*');
  await addStarts(1, 'file');
  for (let n = 0; n < 2000; n += 1) homes.note({ liveChatId: office.liveChat.id, userIds: [sam.id] });
  await home.shows('*file 1*');
  expect(office.sandbox.traffic.callsOf('views.publish').length).toBeLessThanOrEqual(3);
});

test('an older Home tab that arrives late is replaced', async () => {
  await open();
  const { sam } = office.people;
  const { homes, db } = office.context;
  const { traffic, faults } = office.sandbox;
  const home = await sam.openHome();
  await home.shows('No process has been started yet.');
  traffic.clear();
  faults.delay('views.publish', 2500);
  await sam.openApp('home');
  await traffic.until(() => traffic.callsOf('views.publish').length === 1);
  await addStarts(1);
  homes.note({ liveChatId: office.liveChat.id });
  await homes.stop();
  await traffic.until(
    async () =>
      traffic.callsOf('views.publish').filter(({ answer }) => answer?.ok === true).length > 1 &&
      (await db.select().from(homesTable)).every(({ refreshDueAt }) => refreshDueAt === null),
    { timeoutMs: 10_000 },
  );
  expect(text(home)).toContain('*call 1*');
});

test('a supervisor sees who has the next task also if it takes long to find the person', async () => {
  office = await openOffice([
    {
      definition: aDefinition('call', 'Call back'),
      tasks: [
        { name: 'Approve', assignee: 'U0OLEG00001' },
        { name: 'Check', assignee: 'olga.operator@northwind.example' },
      ],
    },
  ]);
  const { sam, oleg, olga } = office.people;
  const { engine } = office;
  await office.start('oleg', 'Call back');
  await office.quiet();
  const home = await sam.openHome();
  await home.shows('“Approve” is with');
  const [approve] = await engine.listUserTasks('1');
  // Waits until all earlier changes are shown.
  const { db, homes } = office.context;
  await homes.stop();
  await office.sandbox.traffic.until(async () =>
    (await db.select().from(homesTable)).every(({ refreshDueAt }) => refreshDueAt === null),
  );
  // The delay is long enough for the Home tab to be shown before the task's assignee is known.
  office.sandbox.faults.delay('users.lookupByEmail', 1000);
  const completed = engine.completeUserTask({ taskKey: approve?.key ?? '', completedBy: oleg.id, variables: {} });
  await completed;
  await home.shows(`“Check” is with <@${olga.id}>`);
});

test('changes that no open Home tab shows refresh none', async () => {
  await open();
  const { sam, oleg, emma } = office.people;
  await (await emma.openHome()).shows('Nothing to do');
  const home = await sam.openHome();
  await home.shows('No process has been started yet.');
  office.sandbox.traffic.clear();
  await office.start('oleg', 'Call back');
  await home.shows('“Approve” waits for somebody');
  const publishedTo = office.sandbox.traffic.callsOf('views.publish').map(({ args }) => args.user_id);
  expect(new Set(publishedTo)).toEqual(new Set([sam.id]));
  expect(publishedTo).not.toContain(oleg.id);
});

test('a 429 is waited out, and the Home tab is shown then', async () => {
  await open();
  const { sam } = office.people;
  const home = await sam.openHome();
  await home.shows('No process has been started yet.');
  office.sandbox.faults.rateLimit('views.publish', { retryAfterSeconds: 1, times: 2 });
  await addStarts(3);
  office.context.homes.note({ liveChatId: office.liveChat.id });
  await home.shows('*call 1*', { timeoutMs: 15_000 });
});

test('a Home tab that cannot be shown is set aside after ten attempts, until it is opened again', async () => {
  await open();
  const { sam } = office.people;
  const { db, homes, identity } = office.context;
  const { teamId } = identity;
  const home = await sam.openHome();
  await home.shows('No process has been started yet.');
  await db.execute(sql`insert into homes (team_id, user_id, live_chat_ids, refresh_due_at, refresh_attempts)
    values (${teamId}, 'U0NOBODY001', null, now(), 9)`);
  await addStarts(1);
  homes.note({ liveChatId: office.liveChat.id });
  await home.shows('*call 1*');
  const isAside = async () => {
    const [row] = await selectRows<{ isAside: boolean }>(
      db,
      sql`select refresh_due_at = 'infinity' as "isAside" from homes where user_id = 'U0NOBODY001'`,
    );
    return row?.isAside;
  };
  await office.sandbox.traffic.until(async () => (await isAside()) === true);
  await addStarts(1, 'file');
  homes.note({ liveChatId: office.liveChat.id });
  await home.shows('*file 1*');
  expect(await isAside()).toBe(true);
  await db.execute(sql`update homes set refresh_due_at = 'infinity' where user_id = ${sam.id}`);
  await sam.openApp('home');
  await office.sandbox.traffic.settled();
  await addStarts(1, 'post');
  homes.note({ liveChatId: office.liveChat.id });
  await home.shows('*post 1*');
});

test('while the engine is unavailable, Home says so, and a claim shows why it fails', async () => {
  await open();
  const { olga } = office.people;
  const { engine } = office;
  await office.start('sam', 'Call back');
  const home = await olga.openHome();
  await home.shows('Approve');
  engine.checkHealth = async () => {
    throw new EngineUnavailableError('away');
  };
  engine.assignUserTask = async () => {
    throw new EngineUnavailableError('away');
  };
  await home.click('Claim');
  await (await olga.modalShown('Kickoff')).shows('The process engine does not answer.');
  await home.shows('⚠️ The process engine does not answer.');
  await home.shows('Approve');
});

test('while the database is away, Home says so, and comes back by itself', async () => {
  await open();
  const { sam } = office.people;
  const { context } = office;
  const home = await sam.openHome();
  await home.shows('No process has been started yet.');
  const { select, insert, execute } = context.db;
  const { checkHealth } = context.database;
  const away = () => {
    throw Object.assign(new Error('the database is away'), { code: 'ECONNREFUSED' });
  };
  Object.assign(context.db, { select: away, insert: away, execute: away });
  context.database.checkHealth = async () => away();
  await sam.openApp('home');
  await home.shows('database does not answer');
  expect(home.buttons()).toEqual(['Try again']);
  Object.assign(context.db, { select, insert, execute });
  context.database.checkHealth = checkHealth;
  await home.shows('No process has been started yet.', { timeoutMs: 20_000 });
});

test('a start that waits is cancelled, also where its process was being started just then', async () => {
  await open();
  const { sam } = office.people;
  const { engine, context } = office;
  let letThrough = () => {};
  const held = new Promise<void>((resolve) => {
    letThrough = resolve;
  });
  engine.beforeStart = () => held;
  const home = await sam.openHome();
  await home.shows('No process has been started yet.');
  await office.start('oleg', 'File it');
  await sam.openApp('home');
  await home.shows('⏳ Starting');
  await home.click('Cancel');
  await home.shows('🚫 Cancelled');
  letThrough();
  await office.sandbox.traffic.until(async () => (await engine.getProcessInstance('1'))?.status === 'terminated');
  await office.quiet();
  expect(await context.db.select().from(starts)).toMatchObject([{ status: 'cancelled' }]);
  await home.shows('🚫 Cancelled');
});

test('an incident is retried from Home', async () => {
  await open();
  const { sam } = office.people;
  const { engine } = office;
  const home = await sam.openHome();
  await office.start('oleg', 'File it');
  const mine = await office.people.oleg.openHome();
  await mine.shows('File it · ▶️ Running');
  await engine.change('1', { status: 'incident', reason: 'Post lead: 500' });
  await mine.shows('File it · ⚠️ Stuck: Post lead: 500');
  await home.shows('⚠️ Stuck: Post lead: 500');
  engine.listIncidents = async () => [
    { key: '1-7', processInstanceKey: '1', elementId: 'post', type: 'JOB_NO_RETRIES', reason: 'Post lead: 500' },
  ];
  const resolved: string[] = [];
  engine.resolveIncident = async (key) => {
    resolved.push(key);
    await engine.change('1', { status: 'active', reason: undefined });
  };
  await home.click('Retry');
  await home.shows('▶️ Running');
  expect(resolved).toEqual(['1-7']);
});

test('a live chat that a person no longer supervises is not in their Home', async () => {
  await open();
  await addStarts(3);
  const { sam } = office.people;
  const { context, liveChat } = office;
  const home = await sam.openHome();
  await home.shows('*call 1*');
  await context.db.execute(sql`update live_chats set supervisors = array[]::text[] where id = ${liveChat.id}`);
  await context.liveChats.changed();
  await office.sandbox.traffic.until(() => !text(home).includes('call 1'));
  expect(text(home)).toBe('My tasks\nNothing to do: there is no task for you.');
});

test('closed sessions leave Home, and held starts show why they are held', async () => {
  await open();
  const { oleg, sam } = office.people;
  const { db, homes } = office.context;
  await oleg.post(office.channel, 'How can I help?');
  await office.quiet();
  const mine = await oleg.openHome();
  await mine.shows('#support-acme');
  await addStarts(1);
  await db.execute(sql`update starts set status = 'waiting', is_held = true`);
  homes.note({ liveChatId: office.liveChat.id });
  await (await sam.openHome()).shows('⏸️ Held: the session is marked as spam');
  await office.people.anna.archive(office.channel);
  await mine.shows('There is no open session that you serve.');
});

test('a start that waits for the engine says why, and when it was started', async () => {
  await open();
  await addStarts(1);
  const { sam } = office.people;
  const { db } = office.context;
  await db.execute(sql`update starts set status = 'waiting',
    due_at = date_trunc('milliseconds', now()) + interval '1 hour'`);
  const [start] = await db.select().from(starts);
  if (!start?.dueAt) throw new Error('no start waits');
  const reason = message('asIs', { text: 'The <engine> is away' });
  await retryStart(db, { ...start, lease: start.dueAt.toISOString() }, 3_600_000, reason);
  const home = await sam.openHome();
  await home.shows('⏳ Waits and is tried again: The &lt;engine&gt; is away');
});

test('the lists and the card of its session say at which join a process waits', async () => {
  await open();
  const { sam, oleg } = office.people;
  await office.start('oleg', 'Call back');
  await office.engine.change('1', { waitingJoins: [{ name: 'Both <done>', missing: 1, of: 2 }] });
  const said = 'waits at *Both &lt;done&gt;* for 1 of 2';
  await (await sam.openHome()).shows(said);
  await (await oleg.openHome()).shows(said);
  await sam.shortcut('session', office.question);
  await (await sam.modalShown('Live-chat session')).shows(said);
  await office.engine.change('1', { waitingJoins: [] });
  await office.sandbox.traffic.until(() => !text(sam.home).includes('waits at'));
});
