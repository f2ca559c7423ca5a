import { eq } from 'drizzle-orm';
import { afterEach, expect, test } from 'vitest';
import { addBinding } from '../../../src/bindings/queries.ts';
import { isSetAside } from '../../../src/db/due-queue.ts';
import { EngineRefusedError } from '../../../src/engines/engine.ts';
import { sessionEvents } from '../../../src/intake/tables.ts';
import type { LiveChatSettings } from '../../../src/live-chats/live-chat.ts';
import { forgetters } from '../../../src/retention/forget.ts';
import { sessions } from '../../../src/sessions/tables.ts';
import { starts } from '../../../src/starts/tables.ts';
import { aDefinition, type BusyOffice, openOffice } from '../../helpers/office.ts';

let office: BusyOffice;
afterEach(() => office.close());

const callBack = aDefinition('call', 'Call back');

async function open(settings: (activityChannel: string) => Partial<LiveChatSettings>): Promise<BusyOffice> {
  office = await openOffice(
    [{ definition: callBack, tasks: [{ name: 'Call the client', assignee: 'U0OLGA00001' }] }],
    (sandbox) => settings(sandbox.channel('leadership').id),
  );
  await office.people.anna.invite('leadership', 'app');
  await bindCallBack();
  return office;
}

/** The messages of the activity channel outside of threads. */
const inLeadership = () =>
  office.sandbox
    .channel('leadership')
    .messagesOfApp()
    .filter(({ record: { ts, threadTs = ts } }) => threadTs === ts);

const bindCallBack = () =>
  addBinding(office.context.db, {
    liveChatId: office.liveChat.id,
    event: 'message_received',
    processDefinitionId: 'call',
    processName: 'Call back',
    parameters: [],
    mapping: {},
  });

test('one line per start in the activity channel follows the process to its end', async () => {
  await open((activityChannel) => ({ activityChannel }));
  const { people, channel } = office;
  await (await office.start('oleg', 'Call back')).shows('was started');
  await office.quiet();
  const [line] = inLeadership();
  await line?.shows('started by Oleg Operator');
  await line?.shows('“Call the client” waits for Olga Operator');
  await (await people.olga.receives('Call the client')).click('Open task');
  await (await people.olga.modalShown('Call the client')).submit();
  await line?.shows('✅ Completed');
  await office.quiet();
  expect(inLeadership()).toHaveLength(1);
  expect(channel.messagesOfApp()).toEqual([]);
});

test('a line goes on after the data of the start that it shares its message with was deleted', async () => {
  await open((activityChannel) => ({ activityChannel }));
  const { people, channel, database } = office;
  const { db } = database;
  const other = await people.anna.createChannel('support-beta', { sharedWith: 'Acme' });
  for (const member of ['app', people.carl]) await people.anna.invite(other, member);
  await people.carl.post(channel, 'Call me');
  await office.quiet();
  await people.carl.post(other, 'Me too');
  await office.quiet();
  const [lead, follower] = await db.select().from(starts).orderBy(starts.createdAt);
  // As if they had come at the same time.
  const { activityTs } = lead ?? {};
  await db
    .update(starts)
    .set({ activityLead: lead?.id, activityTs })
    .where(eq(starts.id, follower?.id ?? ''));
  // The lead's session ended long ago.
  const longAgo = new Date(Date.now() - 100 * 24 * 3_600_000);
  const ofLead = lead?.sessionId ?? '';
  await db.update(sessions).set({ status: 'closed', closedAt: longAgo }).where(eq(sessions.id, ofLead));
  await db.update(starts).set({ status: 'completed', updatedAt: longAgo }).where(eq(starts.sessionId, ofLead));
  await db.update(sessionEvents).set({ receivedAt: longAgo }).where(eq(sessionEvents.sessionId, ofLead));
  expect(await forgetters.sessions(db, 90, undefined)).toMatchObject({ count: 1 });

  const [line] = inLeadership();
  await (await people.olga.receives('Call the client')).click('Open task');
  await (await people.olga.modalShown('Call the client')).submit();
  await line?.shows('✅ Completed');
  await line?.shows('#support-beta');
  await office.quiet();
});

test('an automatic start that fails can be retried from its line by supervisors only', async () => {
  await open((activityChannel) => ({ activityChannel }));
  const { people, engine, channel } = office;
  await people.anna.invite('leadership', people.oleg);
  engine.beforeStart = async () => {
    throw new EngineRefusedError('“Company” is missing');
  };
  await people.carl.post(channel, 'Please call me');
  const line = await people.sam.receives('❌ Failed: “Company” is missing', { in: 'leadership' });
  expect(people.sam.inbox()).toEqual([]);
  engine.beforeStart = async () => {};
  const seenByOleg = await people.oleg.receives('❌ Failed', { in: 'leadership' });
  await seenByOleg.click('Retry');
  await people.oleg.receives('Only supervisors of the live chat and administrators can retry this.');
  expect(engine.starts).toEqual([]);
  await line.click('Retry');
  await line.shows('waits for Olga Operator');
  expect(line.buttons()).toEqual(['Cancel']);
  expect(inLeadership()).toHaveLength(1);
});

test('without an activity channel supervisors are told of a failure once, and see in that message when it is resolved', async () => {
  await open(() => ({}));
  const { people, engine, channel, context, sandbox } = office;
  engine.beforeStart = async () => {
    throw new EngineRefusedError('“Company” is missing');
  };
  await people.carl.post(channel, 'Please call me');
  const message = await people.sam.receives('❌ Failed: “Company” is missing');
  await office.quiet();
  await context.db.execute('update starts set activity_due_at = now()');
  await office.quiet();
  expect(people.sam.inbox()).toHaveLength(1);
  expect(people.oleg.inbox()).toEqual([]);
  await message.click('Retry');
  // The second failure differs from the first, and gets its own message.
  await sandbox.traffic.until(() => people.sam.inbox().length === 2);
  await office.quiet();
  engine.beforeStart = async () => {};
  await people.sam.inbox().at(-1)?.click('Retry');
  await people.sam.inbox().at(-1)?.shows('Running');
  expect(people.sam.inbox().flatMap((one) => one.buttons())).toEqual([]);
});

test('nothing is written to an activity channel that clients can read', async () => {
  await open(() => ({}));
  const { people, sandbox, context, channel } = office;
  await people.anna.invite('acme-project', 'app');
  await context.db.execute(`update live_chats set activity_channel = '${sandbox.channel('acme-project').id}'`);
  await context.liveChats.changed();
  await people.carl.post(channel, 'Please call me');
  await people.olga.receives('Call the client');
  await office.quiet();
  expect(sandbox.channel('acme-project').messagesOfApp()).toEqual([]);
});

test('a line that a crashed worker had posted already is found again', async () => {
  await open((activityChannel) => ({ activityChannel }));
  const { context } = office;
  await (await office.start('oleg', 'Call back')).shows('was started');
  await office.quiet();
  await context.db.execute('update starts set activity_ts = null, activity_due_at = now()');
  await office.quiet();
  expect(inLeadership()).toHaveLength(1);
  expect(await context.db.select().from(starts)).toMatchObject([{ activityTs: expect.any(String) }]);
});

test('a line that cannot be written is set aside after ten attempts, and others are written', async () => {
  await open((activityChannel) => ({ activityChannel }));
  const { people, context, channel } = office;
  const { db } = context;
  await db.execute(`create function poison() returns trigger language plpgsql as
    $$ begin if new.activity_channel is not null and new.facts::text like '%order 1111%' then raise exception 'poison'; end if;
      return new; end $$`);
  await db.execute('create trigger poison before update on starts for each row execute function poison()');
  await db.execute(`create function tire() returns trigger language plpgsql as
    $$ begin if new.facts::text like '%order 1111%' then new.activity_attempts := 9; end if; return new; end $$`);
  await db.execute('create trigger tire before insert on starts for each row execute function tire()');
  await people.carl.post(channel, 'It is order 1111');
  await people.carl.post(channel, 'It is order 4711');
  await people.olga.receives('Call the client');
  await office.quiet();
  const lines = await db.select().from(starts);
  const states = lines.map(({ facts, activityTs, activityDueAt }) => [
    facts.message?.text,
    activityTs === null ? 'nowhere' : 'written',
    isSetAside(activityDueAt) ? 'aside' : 'told',
  ]);
  expect(states.toSorted()).toEqual([
    ['It is order 1111', 'nowhere', 'aside'],
    ['It is order 4711', 'written', 'told'],
  ]);
  expect(inLeadership().length).toBeGreaterThan(0);
});

test('supervisors are told of a failure if the app cannot post to the activity channel', async () => {
  office = await openOffice([{ definition: callBack, tasks: [] }], (sandbox) => ({
    activityChannel: sandbox.channel('leadership').id,
  }));
  await bindCallBack();
  const { people, engine, channel } = office;
  engine.beforeStart = async () => {
    throw new EngineRefusedError('“Company” is missing');
  };
  await people.carl.post(channel, 'Please call me');
  await people.sam.receives('❌ Failed: “Company” is missing');
});

test('supervisors are told of a failure if the app cannot join the activity channel', async () => {
  office = await openOffice([{ definition: callBack, tasks: [] }], (sandbox) => ({
    activityChannel: sandbox.channel('team-lunch').id,
  }));
  await bindCallBack();
  const { people, engine, channel, sandbox } = office;
  engine.beforeStart = async () => {
    throw new EngineRefusedError('“Company” is missing');
  };
  sandbox.faults.error('conversations.join', 'method_not_supported_for_channel_type', 10);
  await people.carl.post(channel, 'Please call me');
  await people.sam.receives('❌ Failed: “Company” is missing');
});

test('a guest who comes into the activity channel reads no line, and supervisors are told once', async () => {
  await open((activityChannel) => ({ activityChannel }));
  const { people, sandbox } = office;
  await (await office.start('oleg', 'Call back')).shows('was started');
  await office.quiet();
  expect(inLeadership()).toHaveLength(1);

  await people.anna.invite('leadership', people.gina);
  await sandbox.traffic.settled();
  await (await office.start('sam', 'Call back')).shows('was started');
  await (await office.start('oleg', 'Call back')).shows('was started');
  await people.sam.receives('Clients can read');
  await office.quiet();
  expect(inLeadership()).toHaveLength(1);
  expect(people.sam.inbox().filter(({ text }) => text.includes('Clients can read'))).toHaveLength(1);
  // When the office is closed, all lines are checked against the members of the channel at that time.
  await people.anna.kick('leadership', people.gina);
});

test('a supervisor is told of a guest in the activity channel although Slack failed to take that at first', async () => {
  await open((activityChannel) => ({ activityChannel }));
  const { people, sandbox } = office;
  await (await office.start('oleg', 'Call back')).shows('was started');
  await office.quiet();
  await people.anna.invite('leadership', people.gina);
  await sandbox.traffic.settled();
  sandbox.faults.error('conversations.open', 'internal_error', 1);
  await (await office.start('oleg', 'Call back')).shows('was started');
  await people.sam.receives('Clients can read', { timeoutMs: 10_000 });
  await office.quiet();
  expect(people.sam.inbox().filter(({ text }) => text.includes('Clients can read'))).toHaveLength(1);
  await people.anna.kick('leadership', people.gina);
});

test('a supervisor is told of a guest in the activity channel although a worker crashed before it told them', async () => {
  await open((activityChannel) => ({ activityChannel }));
  const { people, sandbox, context, liveChat, log } = office;
  const justAbandoned = context.timings.tasks.claimMs - 2000;
  await context.db.execute(`insert into notices (kind, subject, occasion, user_id, since) values
    ('exposure', '${liveChat.id}', '${sandbox.channel('leadership').id}', '${people.sam.id}',
      now() - interval '${justAbandoned} milliseconds')`);
  await people.anna.invite('leadership', people.gina);
  await sandbox.traffic.settled();
  await (await office.start('oleg', 'Call back')).shows('was started');
  await people.sam.receives('Clients can read', { timeoutMs: 20_000 });
  await office.quiet();
  expect(log.filter(({ msg }) => msg.startsWith('clients can read the activity channel'))).toHaveLength(1);
  expect(people.sam.inbox().filter(({ text }) => text.includes('Clients can read'))).toHaveLength(1);
  await people.anna.kick('leadership', people.gina);
});
