import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { selectRows } from '../../../src/db/query.ts';
import { engineInstances } from '../../../src/engines/embedded/tables.ts';
import { EngineRefusedError, EngineUnavailableError } from '../../../src/engines/engine.ts';
import { starts } from '../../../src/starts/tables.ts';
import { aDefinition, type BusyOffice, openOffice } from '../../helpers/office.ts';

let office: BusyOffice;
beforeEach(async () => {
  office = await openOffice([
    { definition: aDefinition('call', 'Call back'), tasks: [{ name: 'Call the client' }] },
    { definition: aDefinition('note', 'Take a note'), tasks: [] },
  ]);
});
afterEach(() => office.close());

test('while the engine is unavailable the modal says that the start waits, and is updated once it is back', async () => {
  const { engine } = office;
  engine.beforeStart = async () => {
    throw new EngineUnavailableError('the engine does not answer');
  };
  const modal = await office.start('oleg', 'Call back');
  await modal.shows('waits: the engine does not answer');
  await modal.shows('Kickoff goes on trying; you need not stay.');
  engine.beforeStart = async () => {};
  await modal.shows('*Call the client*', { timeoutMs: 10_000 });
  expect(modal.submitLabel).toBe('Complete');
  expect(await office.database.db.select().from(engineInstances)).toHaveLength(1);
  await office.quiet();
  expect(office.people.oleg.inbox()).toEqual([]);
});

/** Makes the database fail as if the connection was lost; returns a function that mends it. */
async function breakDatabase(operation: 'insert' | 'update'): Promise<() => Promise<void>> {
  const { db } = office.database;
  await db.execute(sql`create or replace function lose_connection() returns trigger language plpgsql as $$
    begin raise exception 'the connection was lost' using errcode = '08006'; end $$`);
  await db.execute(sql.raw(`create trigger broken before ${operation} on starts execute function lose_connection()`));
  return async () => void (await db.execute(sql`drop trigger broken on starts`));
}

test.each([
  ['while the process is started', 'update', 'waits: Kickoff’s database does not answer.'],
  ['before the start is stored', 'insert', 'is not started yet, because Kickoff’s database does not answer.'],
] as const)('if the database is lost %s, the modal says what becomes of the start', async (_, operation, said) => {
  const { engine, people, context } = office;
  let mend = operation === 'insert' ? await breakDatabase(operation) : async () => {};
  engine.beforeStart = async () => {
    if (operation === 'update' && engine.starts.length === 0) mend = await breakDatabase(operation);
  };
  const modal = await office.start('oleg', 'Call back');
  await modal.shows(said);
  await mend();
  await modal.shows('*Call the client*', { timeoutMs: 20_000 });
  expect(modal.submitLabel).toBe('Complete');
  expect(await office.database.db.select().from(engineInstances)).toHaveLength(1);
  await office.quiet();
  expect(people.oleg.inbox()).toEqual([]);
  await modal.close();
  await people.oleg.receives('Call the client');
  const held = sql`select start_id from start_holds where view_id is not null`;
  expect(await selectRows(context.db, held)).toEqual([]);
});

test('a start that is not stored yet is given up once its modal is closed', async () => {
  const mend = await breakDatabase('insert');
  const modal = await office.start('oleg', 'Call back');
  await modal.shows('If you close it, nothing is started.');
  await modal.close();
  const { traffic } = office.sandbox;
  await traffic.until(() => traffic.callsOf('views.update').some(({ answer }) => answer?.error === 'not_found'));
  await mend();
  await office.quiet();
  expect(await office.database.db.select().from(engineInstances)).toEqual([]);
});

test('a start that could not be stored for ten minutes is given up, and the modal says so', async () => {
  const mend = await breakDatabase('insert');
  office.context.timings.startModal.followForMs = 1000;
  const modal = await office.start('oleg', 'Call back');
  await modal.shows('is not started yet, because Kickoff’s database does not answer.');
  await modal.shows('was not started: Kickoff’s database does not answer');
  await mend();
  await office.quiet();
  expect(await office.database.db.select().from(engineInstances)).toEqual([]);
});

test('a start that cannot be stored for another reason says so in the modal', async () => {
  const mend = await breakDatabase('insert');
  const modal = await office.start('oleg', 'Call back');
  await modal.shows('Kickoff tries again for ten minutes');
  await office.database.db.execute(sql`create or replace function lose_connection() returns trigger language plpgsql as $$
    begin raise exception 'refused'; end $$`);
  await modal.shows('was not started: Kickoff ran into a fault of its own.', { timeoutMs: 10_000 });
  await mend();
});

test('a slow start is shown as still running, and the modal is updated when it is done', async () => {
  let release = () => {};
  office.engine.beforeStart = () => new Promise((resolve) => (release = resolve));
  const modal = await office.start('oleg', 'Take a note');
  await modal.shows('Starting *Take a note*…');
  release();
  await modal.shows('The process has completed.');
});

test('a start that the engine refuses tells why, and can be retried from the modal', async () => {
  const { engine, people } = office;
  engine.beforeStart = async () => {
    throw new EngineRefusedError('“Name” is missing');
  };
  const modal = await office.start('oleg', 'Take a note');
  await modal.shows('❌ *Take a note* was not started: “Name” is missing');
  engine.beforeStart = async () => {};
  await modal.click('Retry');
  await modal.shows('✅ *Take a note* was started.');
  expect(engine.starts).toHaveLength(1);
  await office.quiet();
  // The person who started it was told; supervisors are only notified of starts that nobody waits for.
  expect(people.sam.inbox()).toEqual([]);
});

test('a failure after the modal was closed reaches the operator by message, which offers Retry', async () => {
  const { engine, people, channel } = office;
  engine.beforeStart = async () => {
    throw new EngineUnavailableError('away');
  };
  const modal = await office.start('oleg', 'Take a note');
  await modal.shows('waits: away');
  await modal.close();
  engine.beforeStart = async () => {
    throw new EngineRefusedError('its limit is reached');
  };
  const message = await people.oleg.receives('❌ Failed: its limit is reached', { timeoutMs: 10_000 });
  expect(channel.messagesOfApp()).toEqual([]);
  expect(people.sam.inbox()).toEqual([]);
  engine.beforeStart = async () => {};
  await message.click('Retry');
  // The warning ends once the process is running; the message may be read before the process has completed.
  await office.sandbox.traffic.until(() => /▶️ Running|✅ Completed/.test(message.texts().join('\n')));
  expect(message.buttons()).toEqual([]);
});

test('a failure shown in the modal is not repeated in a message when the modal is closed', async () => {
  const { engine, people } = office;
  engine.beforeStart = async () => {
    throw new EngineRefusedError('its limit is reached');
  };
  const modal = await office.start('oleg', 'Take a note');
  await modal.shows('was not started: its limit is reached');
  // Kickoff has recorded that the result was seen, and the modal no longer holds the start.
  const held = sql`select start_id from start_holds`;
  await office.sandbox.traffic.until(async () => (await selectRows(office.context.db, held)).length === 0);
  await office.quiet();
  await modal.close();
  await office.quiet();
  expect(people.oleg.inbox()).toEqual([]);
});

test('a submission that arrives twice starts one process', async () => {
  const { sandbox } = office;
  const modal = await office.start('oleg', 'Call back');
  await modal.shows('*Call the client*');
  const submission = sandbox.traffic.deliveries.findLast(({ type }) => type === 'view_submission');
  if (!submission) throw new Error('nothing was submitted');
  await sandbox.faults.redeliver(submission);
  await office.quiet();
  expect(await office.database.db.select().from(engineInstances)).toHaveLength(1);
});

test('a session that is marked as spam starts nothing', async () => {
  const { context, people, question } = office;
  await office.quiet();
  await context.db.execute(`update sessions set status = 'spam'`);
  await people.oleg.shortcut('start_process', question);
  await (await people.oleg.modalShown()).shows('This session is marked as spam');
});

test('a message that is too long for a modal’s metadata reaches the process complete', async () => {
  const { context, people, channel } = office;
  const text = 'x'.repeat(3500);
  const first = await people.carl.post(channel, 'Chairs');
  const reply = await people.carl.post(channel, text, { thread: first });
  for (const message of [await people.carl.post(channel, text), reply]) {
    await people.oleg.shortcut('start_process', message);
    const modal = await people.oleg.modalShown('Start business process');
    await modal.choose('Business process', 'Take a note');
    await modal.submit();
    await modal.shows('was started');
  }
  const started = await context.db.select().from(starts);
  expect(started.map(({ facts }) => facts.message?.text)).toEqual([text, text]);
  expect(started.map(({ facts }) => [facts.clientUserId, facts.operatorUserId])).toEqual([
    [people.carl.id, people.oleg.id],
    [people.carl.id, people.oleg.id],
  ]);
});

test('slow steps are acknowledged in time, and each is shown when it is done', async () => {
  await office.close();
  office = await openOffice(
    [{ definition: aDefinition('call', 'Call back'), tasks: [{ name: 'Call' }] }],
    (sandbox) => ({
      supervisorGroups: [sandbox.workspace.userGroup('support-team').id],
    }),
  );
  const { engine, context, people, sandbox } = office;
  engine.beforeStart = () => new Promise((resolve) => setTimeout(resolve, 1500));
  await people.oleg.shortcut('start_process', office.question);
  const modal = await people.oleg.modalShown('Start business process');
  await modal.choose('Business process', 'Call back');
  context.directory.forgetGroups();
  sandbox.faults.delay('usergroups.users.list', 1200);
  expect((await modal.submit()).errors).toBeUndefined();
  await modal.shows('Starting *Call back*…');
  await modal.shows('*Call*', { timeoutMs: 5000 });
});

test('Slack is not asked for the author of an app’s message', async () => {
  await office.close();
  const text = { key: 'messageText', label: 'Text', type: 'text' as const, required: false };
  const definition = {
    ...aDefinition('note', 'Take a note'),
    parameters: [text],
    startForm: { id: 'note', items: [{ kind: 'field' as const, ...text }] },
  };
  office = await openOffice([{ definition, tasks: [] }]);
  const { context, channel, people, sandbox } = office;
  const ofAProcess = { metadata: { event_type: 'kickoff_job', event_payload: {} } };
  await context.client.chat.postMessage({ channel: channel.id, text: 'We are on it', ...ofAProcess });
  const [message] = channel.messagesOfApp();
  if (!message) throw new Error('nothing was posted');
  await people.oleg.shortcut('start_process', message);
  const modal = await people.oleg.modalShown('Start business process');
  await modal.choose('Business process', 'Take a note');
  await modal.submit();
  await modal.shows('Text');
  expect(modal.field('Text').value).toBe('We are on it');
  const asked = sandbox.traffic.calls.filter(({ method }) => method === 'users.info');
  expect(asked.filter(({ args }) => !args.user)).toEqual([]);
});
