import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bindingPolicies, timedEvents } from '../../../src/bindings/binding-kinds.ts';
import type { Condition } from '../../../src/bindings/condition.ts';
import { readHeldBack } from '../../../src/bindings/kept-held-back.ts';
import type { Binding } from '../../../src/bindings/queries.ts';
import { bindings as bindingsTable } from '../../../src/bindings/tables.ts';
import { selectRows } from '../../../src/db/query.ts';
import type { QueueWorker } from '../../../src/db/queue-worker.ts';
import { recordAnswer } from '../../../src/intake/record-answer.ts';
import { recordEvent } from '../../../src/intake/record-event.ts';
import { sessionEvents } from '../../../src/intake/tables.ts';
import { startTimersWorker } from '../../../src/intake/waits/timers-worker.ts';
import type { LiveChat } from '../../../src/live-chats/live-chat.ts';
import { createCatalogue } from '../../../src/processes/catalogue.ts';
import { instantOf } from '../../../src/sessions/properties.ts';
import { getSessionByChannel } from '../../../src/sessions/queries.ts';
import { sessions } from '../../../src/sessions/tables.ts';
import { tryBinding } from '../../../src/slack/live-chat-config/try-binding.ts';
import { starts } from '../../../src/starts/tables.ts';
import { usualTimings } from '../../../src/timings.ts';
import { aConversation, aLiveChat, bindAll, intakeOf, teamId } from '../../helpers/builders.ts';
import { type ClockedDatabase, openClockedDatabase } from '../../helpers/database.ts';
import { outcomes, plain, sorted } from './outcomes.ts';

const minute = 60_000;

let database: ClockedDatabase;
let worker: QueueWorker;
beforeAll(async () => {
  database = await openClockedDatabase();
  await setDefaults('public');
  await database.db.execute(sql`create function public.clock_timestamp() returns timestamptz language sql volatile as
    'select pg_catalog.clock_timestamp() + (select ms from clock.ahead) * interval ''1 millisecond'''`);
  worker = await startTimersWorker(database, intakeOf(database), usualTimings.waits, pino({ level: 'silent' }));
});
afterAll(async () => {
  await worker.stop();
  await setDefaults('pg_catalog');
  await database.db.execute(sql`drop function public.clock_timestamp()`);
  await database.close();
});

/** Sets which `now()` the columns' defaults call. They were bound to one when their table was created. */
async function setDefaults(schema: 'public' | 'pg_catalog'): Promise<void> {
  for (const column of ['starts.created_at', 'starts.updated_at', 'session_events.received_at', 'bindings.armed_at']) {
    const [table, name] = column.split('.');
    await database.db.execute(sql.raw(`alter table ${table} alter column ${name} set default ${schema}.now()`));
  }
}

const definitions = ['first', 'second'].map((id) => ({
  id,
  name: id,
  version: 1,
  parameters: [{ key: 'text', label: 'Text', type: 'text' as const, required: false }],
}));

const rows = (property: string, operator: 'contains' | 'gt' | 'is', value: string): Condition => ({
  kind: 'rows',
  join: 'all',
  rows: [{ property, operator, value }],
});
const binding = fc.record({
  event: fc.constantFrom(...timedEvents, 'client_waiting' as const),
  processDefinitionId: fc.constantFrom('first', 'second'),
  waitMinutes: fc.constantFrom(5, 5, 10, 30),
  waitsInHours: fc.boolean(),
  conditions: fc.constantFrom(
    null,
    null,
    rows('message.text', 'contains', 'price'),
    rows('session.messageCount', 'gt', '3'),
    rows('session.isBusinessHours', 'is', 'true'),
  ),
  policy: fc.constantFrom('every_time' as const, 'every_time' as const, ...bindingPolicies),
  policyMinutes: fc.constantFrom(60),
  stops: fc.boolean(),
});

const step = fc.record({
  kind: fc.constantFrom('client', 'client', 'client', 'staff', 'staff', 'process', 'app', 'closed', 'ended'),
  text: fc.constantFrom('the price?', 'hello'),
  /** Minutes without events before this one. */
  after: fc.constantFrom(1, 2, 4, 7, 12, 40),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** The database's time, in milliseconds since 1970. */
async function now(): Promise<number> {
  const [row] = await selectRows<{ ms: number }>(
    database.db,
    sql`select extract(epoch from now())::float8 * 1000 as ms`,
  );
  return Math.floor(row?.ms ?? 0);
}

/** Advances the clock, and checks each wait when it is due. */
async function pass(ms: number): Promise<void> {
  const until = (await now()) + ms;
  for (;;) {
    const [next] = await selectRows<{ due: number | null }>(
      database.db,
      sql`select extract(epoch from min(due_at))::float8 * 1000 as due from session_timers`,
    );
    const at = next?.due ?? Number.POSITIVE_INFINITY;
    if (at > until) break;
    await database.advance(Math.max(0, at - (await now())));
    worker.wake();
    const due = () => selectRows(database.db, sql`select from session_timers where due_at <= now() or unfinished > 0`);
    await expect.poll(due, { interval: 5, timeout: 20_000 }).toEqual([]);
  }
  await database.advance(Math.max(0, until - (await now())));
}

const channel = aConversation();
const ownSession = sql`(select id from sessions where channel_id = ${channel.channelId})`;

async function play(liveChat: LiveChat, steps: Step[]): Promise<void> {
  const intake = intakeOf(database);
  for (const { kind, text, after } of steps) {
    await pass(after * minute);
    const clock = await now();
    const ts = `${Math.floor(clock / 1000)}.${String(clock % 1000).padStart(3, '0')}100`;
    const at = instantOf(ts);
    const say = (author: 'client' | 'staff' | 'process' | 'app', userId: string | null) =>
      recordEvent(intake, liveChat, channel, {
        kind: 'message',
        at,
        author,
        message: { ts, userId, text, files: [] },
      });
    if (kind === 'client') await say(kind, 'U0CLIENT');
    else if (kind === 'staff') await say(kind, 'U0OPERATOR');
    else if (kind === 'app') await say(kind, null);
    else if (kind === 'process') {
      await say(kind, null);
      const session = await getSessionByChannel(database.db, teamId, channel.channelId);
      if (session) await recordAnswer(intake, liveChat, session.id, ts);
    } else if (kind === 'closed') {
      await recordEvent(intake, liveChat, channel, { kind, at, slackTs: ts, by: 'U0OPERATOR' });
    } else if (kind === 'ended') {
      await database.db.execute(sql`update starts set status = 'completed', updated_at = now()
        where session_id = ${ownSession} and status = 'waiting'`);
    }
  }
  await pass(60 * minute);
}

async function whatHappened({ id }: Binding) {
  const { db } = database;
  const started = await db.select().from(starts);
  const kept = await db.select().from(sessionEvents);
  const held = await Promise.all(kept.map(({ heldBack }) => readHeldBack(db, heldBack ?? [])));
  return {
    started: sorted(started.flatMap((one) => (one.bindingId === id ? [one.facts.message?.text ?? null] : []))),
    held: sorted(held.flat().flatMap((one) => (one.bindingId === id ? [plain(one.hindrance)] : []))),
  };
}

async function whatItWouldHaveDone(liveChat: LiveChat, one: Binding, all: Binding[]) {
  const context = {
    db: database.db,
    catalogue: () => createCatalogue(definitions),
    directory: intakeOf(database).people as never,
    identity: { workspaceUrl: 'https://kickoff.slack.com/' } as never,
  };
  const { trials } = await tryBinding(context, liveChat, one, all);
  return outcomes(trials.map(({ outcome }) => outcome));
}

test('a binding tried on past waits shows what it really did, for random waits', { timeout: 180_000 }, async () => {
  // A fixed time, so that business hours are the same in every run.
  await database.advance(Date.parse('2040-01-02T00:30:00Z') - (await now()));
  const seen = { started: 0, held: new Set<string>() };
  await fc.assert(
    fc.asyncProperty(
      fc.array(binding, { minLength: 2, maxLength: 4, size: 'max' }),
      fc.array(step, { minLength: 6, maxLength: 14, size: 'max' }),
      async (bound, steps) => {
        const { db } = database;
        await db.delete(starts);
        await db.delete(sessions);
        await db.delete(bindingsTable);
        // Open every other hour.
        const everyOther = Array.from({ length: 12 }, (_, nth): [number, number] => [nth * 120, nth * 120 + 60]);
        const hours = { timeZone: 'UTC', weekdays: Array.from({ length: 7 }, () => everyOther), holidays: [] };
        const liveChat = { ...(await aLiveChat(db)), businessHours: hours };
        await db.execute(
          sql`update live_chats set business_hours = ${JSON.stringify(hours)}::jsonb where id = ${liveChat.id}`,
        );
        const all = await bindAll(db, liveChat, bound);
        await play(liveChat, steps);
        for (const one of all) {
          const happened = await whatHappened(one);
          expect(await whatItWouldHaveDone(liveChat, one, all)).toEqual(happened);
          seen.started += happened.started.length;
          for (const held of happened.held) seen.held.add(/kind: '(\w+)'/.exec(held)?.[1] ?? held);
        }
        expect(await db.select().from(sessionEvents)).not.toEqual([]);
      },
    ),
    { numRuns: Number(process.env.TRIALS ?? 30), seed: 15, interruptAfterTimeLimit: 120_000 },
  );
  expect(seen.started).toBeGreaterThan(20);
  expect([...seen.held].toSorted()).toEqual(['answered', 'policy', 'rows', 'stopped']);
});
