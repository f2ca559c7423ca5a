import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Channel } from '../../sandbox/driver/channel.ts';
import type { Message } from '../../sandbox/driver/message.ts';
import { sessions } from '../../src/sessions/tables.ts';
import { clientChannel } from '../helpers/client-channel.ts';
import { startWorld, type World } from '../helpers/kickoff.ts';
import { setUpLiveChat } from '../helpers/set-up-live-chat.ts';

let world: World;
let channel: Channel;

beforeEach(async () => {
  world = await startWorld();
  await setUpLiveChat(world, { bindings: { 'Session created': { process: 'Ask for order number' } } });
  channel = await clientChannel(world, 'support-acme');
  await world.sandbox.people.anna.invite(channel, world.sandbox.people.oleg);
  await world.quiet();
});
afterEach(() => world.close({ tolerate: true }));

/** Makes inserts of matching rows fail, and gives items of the queue nine attempts when they are added. */
async function poison(table: string, match: string, queue: string): Promise<void> {
  const { db } = world.database;
  await db.execute(
    sql.raw(`create function poison() returns trigger language plpgsql as
    $$ begin if ${match} then raise exception 'poison'; end if; return new; end $$`),
  );
  await db.execute(sql.raw(`create trigger poison before insert on ${table} for each row execute function poison()`));
  await db.execute(
    sql.raw(`create function tire() returns trigger language plpgsql as
    $$ begin new.attempts := 9; return new; end $$`),
  );
  await db.execute(sql.raw(`create trigger tire before insert on ${queue} for each row execute function tire()`));
}

const setAside = () => world.log.filter(({ level, msg }) => level === 50 && msg.startsWith('set aside'));

async function why(message: Pick<Message, 'channel' | 'ts'>): Promise<string> {
  const { oleg } = world.sandbox.people;
  await oleg.shortcut('why', message);
  const modal = await oleg.modalShown('Why (not) a process?');
  await world.sandbox.traffic.until(() => !modal.describe().includes('Loading…'));
  return modal.describe();
}

test('a message that cannot be published is set aside, and processes receive the next one', async () => {
  await poison('engine_messages', `new.variables::text like '%order 1111%'`, 'conversation_events');
  const { gina } = world.sandbox.people;
  const message = await gina.post(channel, 'It is order 1111');
  await gina.post(channel, 'No, it is order 4711');
  await world.quiet();
  expect(channel.messagesOfApp().at(-1)?.text).toBe('Thank you! We are looking at your order 4711.');
  expect(setAside()).toMatchObject([{ worker: 'conversations', sessionId: expect.any(String), kind: 'message' }]);
  expect(await why(message)).toContain('does not try any more');
});

test('a deferred delivery that cannot be recorded is set aside, and others are recorded', async () => {
  await poison('session_messages', `new.text like '%order 1111%'`, 'deferred_deliveries');
  const { sandbox, database } = world;
  const { gina } = sandbox.people;
  sandbox.faults.stopRedelivery();
  const message = await gina.post(channel, 'It is order 1111');
  const [seconds = ''] = message.ts.split('.');
  const later = { ts: `${seconds}.999999`, text: 'No, it is order 4711' };
  for (const { ts, text } of [message, later]) {
    const written = { channel: channel.id, channel_type: 'channel', user: gina.id, text };
    const event = { type: 'message', ...written, ts, event_ts: ts };
    const body = { type: 'event_callback', team_id: sandbox.teamId, event_id: `Ev${ts}`, event };
    await database.db.execute(sql`insert into deferred_deliveries (event_id, body, due_at)
      values (${body.event_id}, ${JSON.stringify(body)}::jsonb, now())`);
  }
  database.signal('deliveries_due');
  await world.quiet();
  expect(channel.messagesOfApp().at(-1)?.text).toBe('Thank you! We are looking at your order 4711.');
  expect(setAside()).toMatchObject([{ worker: 'deferred deliveries', eventId: `Ev${message.ts}` }]);
  expect(await why(message)).toContain('A process that is needed can be started by hand');
});

test('a join that Slack refuses is set aside until the app is invited, and the session’s card says so', async () => {
  const { sandbox, database } = world;
  const { anna, oleg } = sandbox.people;
  const isJoining = async () => {
    const [session] = await database.db.select().from(sessions);
    return session?.joinDueAt !== null;
  };
  const card = async () => {
    await oleg.command('/livechat-session', { in: channel });
    const modal = await oleg.modalShown('Live-chat session');
    await modal.shows('Mark as spam');
    const text = modal.describe();
    await modal.closeAll();
    return text;
  };
  sandbox.faults.error('conversations.history', 'restricted_action', 1);
  await database.db.execute(sql`update sessions set join_due_at = now()`);
  database.signal('joins_due');
  await world.quiet();
  expect(await isJoining()).toBe(true);
  const refused = world.log.filter(({ msg }) => msg === 'channel cannot be joined');
  expect(refused).toMatchObject([{ channelId: channel.id, reason: 'restricted_action' }]);
  expect(await card()).toContain('failed, again and again, to join the channel');
  await anna.kick(channel, 'app');
  await anna.invite(channel, 'app');
  await sandbox.traffic.until(async () => !(await isJoining()));
  expect(await card()).not.toContain('failed, again and again, to join the channel');
});
