import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bindingPolicies } from '../../src/bindings/binding-kinds.ts';
import type { Condition, ConditionRow } from '../../src/bindings/condition.ts';
import { type KeptHeldBack, readHeldBack } from '../../src/bindings/kept-held-back.ts';
import { createHandover } from '../../src/db/handover.ts';
import { selectRows } from '../../src/db/query.ts';
import { createClientMessageRecorder } from '../../src/intake/record-client-message.ts';
import { recordEvent } from '../../src/intake/record-event.ts';
import { conversationListeners } from '../../src/intake/tables.ts';
import { messageReceived } from '../../src/intake/tell-processes.ts';
import type { LiveChat } from '../../src/live-chats/live-chat.ts';
import type { MessageFacts } from '../../src/sessions/session-facts.ts';
import { type EarlyEdits, sessions } from '../../src/sessions/tables.ts';
import { starts } from '../../src/starts/tables.ts';
import { aBinding, aConversation, aLiveChat, intakeOf } from '../helpers/builders.ts';
import { openTestDatabase, type TestDatabase } from '../helpers/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.db
    .insert(conversationListeners)
    .values([{ messageName: messageReceived, processDefinitionId: 'listening' }]);
});
afterAll(() => database.close());

/** The tables that a message changes, each with the columns that differ between any two recordings. */
const tables = {
  sessions: ['id', 'channel_id'],
  session_events: ['id', 'session_id'],
  session_messages: ['session_id'],
  conversation_events: ['id', 'session_id'],
  starts: ['id', 'session_id'],
};

/** The same value with the names of all objects in alphabetical order. */
function inOrder(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, member) =>
    member === null || typeof member !== 'object' || Array.isArray(member)
      ? member
      : Object.fromEntries(Object.entries(member).sort(([one], [other]) => (one < other ? -1 : 1))),
  );
}

/** All rows of a session, with placeholders for its ids and for times of the database's clock. */
async function rowsOf(sessionId: string, channelId: string): Promise<Record<string, string[]>> {
  const rows: Record<string, string[]> = {};
  for (const [table, own] of Object.entries(tables)) {
    const of = table === 'sessions' ? 'id' : 'session_id';
    const found = await selectRows<{ row: Record<string, unknown> }>(
      database.db,
      sql`select to_jsonb(r) as row from ${sql.raw(table)} r where ${sql.raw(of)} = ${sessionId}`,
    );
    // One of the two stores the reasons of conditions in a short form.
    for (const { row } of found) {
      if (row.held_back) row.held_back = inOrder(await readHeldBack(database.db, row.held_back as KeptHeldBack));
    }
    rows[table] = found
      .map(({ row }) => {
        for (const column of own) delete row[column];
        const text = JSON.stringify(row).replaceAll(sessionId, '<session>').replaceAll(channelId, '<channel>');
        return text
          .replaceAll(/"startId":"[^"]*"/g, '"startId":"<start>"')
          .replaceAll(/"20[2-9]\d-\d\d-\d\dT[^"]*"/g, '<now>');
      })
      .sort();
  }
  return rows;
}

const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null, freq: 2 });
const person = fc.constantFrom('U0CLIENT', 'U0FRIEND');

/** The session before the messages. */
const session = fc.record({
  status: fc.constantFrom('open' as const, 'open' as const, 'spam' as const),
  closedAt: fc.constantFrom(null, null, null, new Date(5000)),
  givenName: maybe(fc.constantFrom('Acme', 'Acme, the large one')),
  clientUserId: maybe(person),
  clientOrigin: fc.constantFrom('message' as const, 'joined' as const, 'chosen' as const),
  operatorUserId: maybe(fc.constant('U0OPERATOR')),
  messageCount: fc.constantFrom(0, 1, 48, 49, 50, 99),
  lastClientMessageAt: fc.constantFrom(null, new Date(2000), new Date(7000)),
  lastAnsweredAt: fc.constantFrom(null, new Date(3000)),
  earlyEdits: fc.constantFrom<EarlyEdits | null>(
    null,
    null,
    { '2.000100': { editTs: '20.000100', text: 'edited', userId: 'U0CLIENT' } },
    { '2.000100': { editTs: '20.000100', text: null }, '99.000100': { editTs: '100.000100', text: null } },
  ),
});
type Before = typeof session extends fc.Arbitrary<infer Value> ? Value : never;

const message: fc.Arbitrary<MessageFacts> = fc
  .record({
    // Few values, so that some messages are redeliveries and some are older than the one before.
    second: fc.integer({ min: 1, max: 9 }),
    threadTs: maybe(fc.constant('1.000000')),
    userId: person,
    text: fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.constantFrom('<@U0CLIENT> "\\', '')),
    files: fc.constantFrom<MessageFacts['files'][]>([], [{ fileId: 'F0FILE' }]),
  })
  .map(({ second, threadTs, ...facts }) => ({
    ts: `${second}.000100`,
    ...(threadTs ? { threadTs } : {}),
    ...facts,
  }));

const row = (property: string, operator: ConditionRow['operator'], value: string): ConditionRow => ({
  property,
  operator,
  value,
});

const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record(
    {
      kind: fc.constant('rows' as const),
      join: fc.constantFrom('all' as const, 'any' as const),
      rows: fc.array(
        fc.constantFrom(
          row('message.text', 'contains', 'u0client'),
          row('message.text', 'is_empty', ''),
          row('client.company', 'is', 'Acme'),
          row('client.email', 'is_not', 'ann@acme.example'),
          row('session.messageCount', 'gt', '50'),
          row('session.isBusinessHours', 'is', 'true'),
          row('message.isFirst', 'is', 'true'),
          row('session.lastAnsweredAt', 'eq', '1970-01-01'),
          row('no.such', 'is', 'property'),
        ),
        { minLength: 1, maxLength: 3 },
      ),
    },
    { noNullPrototype: true },
  ),
  fc
    .constantFrom(
      'string length(message.text) > 3',
      'client.company = "Acme"',
      'session.messageCount < 50',
      'client.name + 1',
      'client',
    )
    .map((expression) => ({ kind: 'feel' as const, expression })),
);

const binding = fc.record({
  event: fc.constantFrom('message_received' as const, 'message_received' as const, 'client_first_message' as const),
  processDefinitionId: fc.constantFrom('listening', 'deaf'),
  isOn: fc.constantFrom(true, true, true, false),
  conditions: fc.option(condition, { nil: null, freq: 3 }),
  policy: fc.constantFrom('every_time' as const, 'every_time' as const, 'every_time' as const, ...bindingPolicies),
  policyMinutes: fc.constant(5),
  skipsAwaited: fc.constantFrom(false, false, true),
  stops: fc.constantFrom(false, false, true),
  mapping: fc.constantFrom<Record<string, string>[]>(
    {},
    { text: 'message.text' },
    { text: 'message.text', all: 'session.transcript' },
  ),
});

const liveChat = fc.record({
  activityChannel: maybe(fc.constant('C0ACTIVITY')),
  bindings: fc.array(binding, { maxLength: 4 }),
  /** Processes that are already running in the session. */
  running: fc.subarray(['listening', 'deaf']),
});
type Chat = typeof liveChat extends fc.Arbitrary<infer Value> ? Value : never;

test('recordClientMessage writes the same rows as recordEvent', { timeout: 60_000 }, async () => {
  const people = { U0CLIENT: { company: 'Acme', email: 'ann@acme.example' } };
  const intake = intakeOf(database, people);
  const record = createClientMessageRecorder(intake, createHandover());
  let short = 0;

  async function play(chat: LiveChat, before: Before, running: string[], messages: MessageFacts[], isShort: boolean) {
    const conversation = aConversation();
    const { channelId } = conversation;
    await recordEvent(intake, chat, conversation, { kind: 'created', at: new Date(1000) });
    const [opened] = await database.db.update(sessions).set(before).where(sql`channel_id = ${channelId}`).returning();
    if (!opened) throw new Error('no session was opened');
    for (const processDefinitionId of running) {
      await database.db.insert(starts).values({
        teamId: chat.teamId,
        key: `view:${channelId}:${processDefinitionId}`,
        sessionId: opened.id,
        processDefinitionId,
        processName: processDefinitionId,
        facts: { channelId } as never,
        status: 'running',
      });
    }
    for (const one of messages) {
      const at = new Date(Number(one.ts) * 1000);
      const isRecorded = isShort && (await record({ liveChat: chat, channelId, message: one, at }));
      if (isRecorded) short += 1;
      else
        await recordEvent(intake, chat, conversation, {
          kind: 'message',
          author: 'client',
          message: one,
          at,
        });
    }
    return rowsOf(opened.id, channelId);
  }

  const everyTime = {
    event: 'message_received' as const,
    processDefinitionId: 'listening' as const,
    isOn: true,
    conditions: null,
    policy: 'every_time' as const,
    policyMinutes: 5 as const,
    skipsAwaited: false,
    stops: false,
    mapping: {},
  };
  const bound: Chat = { activityChannel: 'C0ACTIVITY', bindings: [everyTime], running: ['listening'] };
  const served: Before = {
    status: 'open',
    closedAt: null,
    givenName: 'Acme',
    clientUserId: 'U0CLIENT',
    clientOrigin: 'message',
    operatorUserId: 'U0OPERATOR',
    messageCount: 49,
    lastClientMessageAt: new Date(500),
    lastAnsweredAt: null,
    earlyEdits: null,
  };
  const question: MessageFacts = { ts: '1.000100', userId: 'U0FRIEND', text: '', files: [] };
  await fc.assert(
    fc.asyncProperty(liveChat, session, fc.array(message, { maxLength: 4, minLength: 1 }), async (...example) => {
      const [{ activityChannel, bindings, running }, before, messages] = example;
      const chat = await aLiveChat(database.db, { activityChannel });
      for (const one of bindings) await aBinding(database.db, chat, one);
      const long = await play(chat, before, running, messages, false);
      expect(await play(chat, before, running, messages, true)).toEqual(long);
    }),
    { examples: [[bound, served, [question, question]]] },
  );
  // At least both messages of the first example; the number of others depends on time.
  expect(short).toBeGreaterThanOrEqual(2);
});
