import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bindingPolicies, boundEvents } from '../../../src/bindings/binding-kinds.ts';
import type { Condition, ConditionRow } from '../../../src/bindings/condition.ts';
import type { Hindrance } from '../../../src/bindings/held-back.ts';
import { readHeldBack } from '../../../src/bindings/kept-held-back.ts';
import type { Binding } from '../../../src/bindings/queries.ts';
import { bindings as bindingsTable } from '../../../src/bindings/tables.ts';
import { createHandover } from '../../../src/db/handover.ts';
import { selectRows } from '../../../src/db/query.ts';
import { createClientMessageRecorder } from '../../../src/intake/record-client-message.ts';
import { recordEvent } from '../../../src/intake/record-event.ts';
import type { Author } from '../../../src/intake/session-event.ts';
import { sessionEvents } from '../../../src/intake/tables.ts';
import { messageReceived } from '../../../src/intake/tell-processes.ts';
import type { LiveChat } from '../../../src/live-chats/live-chat.ts';
import { createCatalogue } from '../../../src/processes/catalogue.ts';
import type { MessageFacts } from '../../../src/sessions/session-facts.ts';
import { sessions } from '../../../src/sessions/tables.ts';
import { tryBinding } from '../../../src/slack/live-chat-config/try-binding.ts';
import { starts } from '../../../src/starts/tables.ts';
import { aConversation, aLiveChat, bindAll, intakeOf } from '../../helpers/builders.ts';
import { openTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { outcomes, plain, sorted } from './outcomes.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const people = { U0CLIENT: { company: 'Acme' }, U0FRIEND: {} };
const definitions = ['first', 'second'].map((id) => ({
  id,
  name: id,
  version: 1,
  parameters: [
    { key: 'text', label: 'Text', type: 'text' as const, required: false },
    { key: 'files', label: 'Files', type: 'files' as const, required: false },
    { key: 'link', label: 'Link', type: 'link' as const, required: false },
  ],
}));

const tryIt = (liveChat: LiveChat, binding: Binding, bound: Binding[]) =>
  tryBinding(
    {
      db: database.db,
      catalogue: () => createCatalogue(definitions),
      directory: intakeOf(database, people).people as never,
      identity: { workspaceUrl: 'https://kickoff.slack.com/' } as never,
    },
    liveChat,
    binding,
    bound,
  );

const row = (property: string, operator: ConditionRow['operator'], value: string): ConditionRow => ({
  property,
  operator,
  value,
});
const condition: fc.Arbitrary<Condition> = fc.record(
  {
    kind: fc.constant('rows' as const),
    join: fc.constantFrom('all' as const, 'any' as const),
    rows: fc.array(
      fc.constantFrom(
        row('message.text', 'contains', 'price'),
        row('client.company', 'is', 'Acme'),
        row('client.user', 'is', 'U0FRIEND'),
        row('session.messageCount', 'gt', '2'),
        row('session.status', 'is', 'open'),
        row('session.transcript', 'contains', 'price'),
        row('session.lastAnsweredAt', 'eq', '1970-01-01'),
        row('message.isFirst', 'is', 'true'),
        row('session.isBusinessHours', 'is', 'true'),
        row('message.files', 'is_not_empty', ''),
        row('message.reaction', 'is', 'eyes'),
        row('operator.user', 'is', 'U0OLEG'),
      ),
      { minLength: 1, maxLength: 2 },
    ),
  },
  { noNullPrototype: true },
);

const binding = fc
  .record({
    event: fc.constantFrom(...boundEvents.filter((event) => event !== 'client_waiting' && event !== 'client_silent')),
    processDefinitionId: fc.constantFrom('first', 'second'),
    emoji: fc.constantFrom<string[][]>(['eyes'], ['eyes', 'ticket']),
    by: fc.constantFrom('staff' as const, 'anybody' as const),
    conditions: fc.option(condition, { nil: null, freq: 2 }),
    policy: fc.constantFrom('every_time' as const, ...bindingPolicies),
    policyMinutes: fc.constantFrom(1000),
    skipsAwaited: fc.boolean(),
    stops: fc.constantFrom(false, false, true),
  })
  .map(({ emoji, by, ...rest }) => ({ ...rest, reaction: rest.event === 'reaction_added' ? { emoji, by } : null }));

type Step =
  | {
      kind: 'message';
      session: number;
      author: Author;
      userId: string;
      text: string;
      isReply: boolean;
      hasFile: boolean;
    }
  | { kind: 'reaction'; session: number; author: Author; emoji: string; to: number }
  | { kind: 'closed' | 'reopened' | 'spam' | 'noSpam' | 'waits' | 'waitsNot' | 'ended'; session: number };

const session = fc.integer({ min: 0, max: 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('message' as const),
      session,
      author: fc.constantFrom<Author[]>('client', 'client', 'client', 'staff', 'bystander', 'app'),
      userId: fc.constantFrom('U0CLIENT', 'U0FRIEND'),
      text: fc.constantFrom('the price?', 'hello', 'well'),
      isReply: fc.boolean(),
      hasFile: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('reaction' as const),
      session,
      author: fc.constantFrom<Author[]>('client', 'staff'),
      emoji: fc.constantFrom('eyes', 'ticket'),
      to: fc.nat({ max: 5 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'closed',
        'reopened',
        'ended',
        'ended',
        'waits',
        'waitsNot',
        'spam',
        'noSpam',
      ) as fc.Arbitrary<'closed'>,
      session,
    }),
  },
);

/** Open for the five minutes after midnight, in which histories begin. */
const firstMinutes = {
  timeZone: 'UTC',
  weekdays: Array.from({ length: 7 }, () => [[0, 5] as [number, number]]),
  holidays: [],
};

/** Plays a history in two sessions, only by deliveries. */
async function play(liveChat: LiveChat, steps: Step[]): Promise<void> {
  const { db } = database;
  const intake = intakeOf(database, people);
  const record = createClientMessageRecorder(intake, createHandover());
  const conversations = [aConversation(), aConversation()];
  const said: { author: Author; message: MessageFacts }[][] = [[], []];
  for (const [index, one] of steps.entries()) {
    const conversation = conversations[one.session] as (typeof conversations)[0];
    const { channelId } = conversation;
    const seconds = index * 40 + 10;
    const ts = `${seconds}.000100`;
    const at = new Date(seconds * 1000);
    const own = sql`(select id from sessions where channel_id = ${channelId})`;
    switch (one.kind) {
      case 'message': {
        const userId = one.author === 'client' ? one.userId : one.author === 'app' ? null : 'U0OLEG';
        const files = one.hasFile ? [{ name: 'a.txt', type: 'text/plain', size: 1, link: 'https://files/a' }] : [];
        const facts = { ts, ...(one.isReply ? { threadTs: '9.000100' } : {}), text: one.text, files };
        said[one.session]?.push({ author: one.author, message: { ...facts, userId: userId ?? '' } });
        const heard = { liveChat, channelId, message: { ...facts, userId: userId ?? '' }, at };
        if (one.author === 'client' && (await record(heard))) break;
        const event = { kind: 'message' as const, at, author: one.author, message: { ...facts, userId } };
        await recordEvent(intake, liveChat, conversation, event);
        break;
      }
      case 'reaction': {
        const to = said[one.session]?.[one.to];
        if (!to) break;
        await recordEvent(intake, liveChat, conversation, {
          kind: 'reaction',
          at,
          slackTs: ts,
          userId: one.author === 'staff' ? 'U0OLEG' : 'U0CLIENT',
          author: one.author,
          emoji: one.emoji,
          messageTs: to.message.ts,
          message: to.message,
          messageAuthor: to.author,
        });
        break;
      }
      case 'closed':
      case 'reopened':
        await recordEvent(intake, liveChat, conversation, { kind: one.kind, at, slackTs: ts });
        break;
      case 'spam':
        await db.execute(sql`update sessions set status = 'spam' where channel_id = ${channelId}`);
        break;
      case 'noSpam':
        await db.execute(sql`update sessions set status = case when closed_at is null then 'open' else 'closed' end
          where channel_id = ${channelId}`);
        break;
      case 'waits':
        await db.execute(sql`insert into engine_subscriptions
            (instance_key, token, element_id, kind, name, correlation_key, process_id)
          select key, ${index}, 'wait', 'message', ${messageReceived}, ${own}::text, 'asking' from engine_instances
          where exists (select from sessions where channel_id = ${channelId})`);
        break;
      case 'waitsNot':
        await db.execute(sql`delete from engine_subscriptions where correlation_key = ${own}::text`);
        break;
      case 'ended':
        await db.execute(sql`update starts set status = 'completed', updated_at = clock_timestamp()
          where session_id = ${own} and status = 'waiting'`);
    }
  }
}

interface Real {
  bindingId: string;
  key: string;
  text: string | undefined;
  hindrance: Hindrance | undefined;
}

/** Reads what each binding did: the reasons that held it back, and the texts of its starts. */
async function whatHappened(liveChat: LiveChat): Promise<Real[]> {
  const started = await database.db.select().from(starts).where(sql`live_chat_id = ${liveChat.id}`);
  const kept = await database.db.select().from(sessionEvents);
  return [
    ...started.map(({ bindingId, key, facts }) => ({
      bindingId: bindingId ?? '',
      key,
      text: facts.message?.text,
      hindrance: undefined,
    })),
    ...(
      await Promise.all(
        kept.map(async ({ heldBack, sessionId, slackTs }) =>
          (
            await readHeldBack(database.db, heldBack ?? [])
          ).map(({ bindingId, hindrance }) => ({
            bindingId,
            key: `${sessionId} ${slackTs}`,
            text: undefined,
            hindrance,
          })),
        ),
      )
    ).flat(),
  ];
}

test('trying a binding on the past predicts what it really did, for random events', { timeout: 120_000 }, async () => {
  await database.db.execute(sql`with definition as (
      insert into engine_definitions (process_id, version, content_hash, xml, forms)
      values ('asking', 1, '', '', '{}') returning key)
    insert into engine_instances (definition_key, status, revision, state)
    select key, 'active', 1, '{}' from definition`);
  const seen = { started: 0, held: new Set<string>() };
  await fc.assert(
    fc.asyncProperty(
      fc.array(binding, { minLength: 2, maxLength: 4, size: 'max' }),
      fc.array(step, { minLength: 6, maxLength: 14, size: 'max' }),
      async (bound, steps) => {
        const { db } = database;
        await db.execute(sql`delete from engine_subscriptions`);
        await db.delete(sessions);
        await db.delete(bindingsTable);
        const liveChat = { ...(await aLiveChat(db)), businessHours: firstMinutes };
        const all = await bindAll(db, liveChat, bound);
        await play(liveChat, steps);
        const real = await whatHappened(liveChat);
        for (const one of all) {
          const { trials } = await tryIt(liveChat, one, all);
          const own = real.filter(({ bindingId }) => bindingId === one.id);
          const happened = {
            started: sorted(own.flatMap(({ hindrance, text }) => (hindrance ? [] : [text ?? null]))),
            held: sorted(own.flatMap(({ hindrance }) => (hindrance ? [plain(hindrance)] : []))),
          };
          expect(outcomes(trials.map(({ outcome }) => outcome))).toEqual(happened);
          seen.started += happened.started.length;
          for (const { hindrance } of own) if (hindrance) seen.held.add(hindrance.kind);
        }
        await db.delete(starts);
      },
    ),
    { numRuns: Number(process.env.TRIALS ?? 40), seed: 14, interruptAfterTimeLimit: 60_000 },
  );
  expect(seen.started).toBeGreaterThan(20);
  expect([...seen.held].toSorted()).toEqual(['awaited', 'policy', 'rows', 'stopped']);
  expect(await selectRows(database.db, sql`select from starts`)).toEqual([]);
});
