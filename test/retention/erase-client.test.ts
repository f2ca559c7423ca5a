import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Channel } from '../../sandbox/driver/channel.ts';
import { selectRows } from '../../src/db/query.ts';
import { eraseClient } from '../../src/retention/erase-client.ts';
import { describeErasure } from '../../src/retention/erasure-report.ts';
import * as b from '../engines/diagram-builder.ts';
import { startWorld, type World } from '../helpers/kickoff.ts';
import { writePostingProcesses } from '../helpers/posting-processes.ts';
import { setUpLiveChat } from '../helpers/set-up-live-chat.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld({ environment: { PROCESSES_DIR: await writePostingProcesses() } });
  await setUpLiveChat(world, { bindings: { 'Message received': { process: 'Post message' } } });
  await setUpLiveChat(world, {
    name: 'Waiting',
    prefixes: 'waiting-',
    bindings: { 'Message received': { process: 'Hear messages' } },
  });
});
afterEach(() => world.close());

/** A channel with Oleg, Gina and Carl. */
async function conversation(name: string): Promise<Channel> {
  const { anna, oleg, gina, carl } = world.sandbox.people;
  const channel = await anna.createChannel(name, { sharedWith: 'Acme' });
  for (const person of [oleg, gina, carl]) await anna.invite(channel, person);
  await world.quiet();
  return channel;
}

/** The rows of all tables that contain the text. */
async function kept(text: string): Promise<string[]> {
  const { db } = world.database;
  const tables = await selectRows<{ name: string }>(
    db,
    sql`select table_name as name from information_schema.tables where table_schema = 'public' order by 1`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await selectRows<{ row: string }>(
      db,
      sql`select t::text as row from ${sql.identifier(name)} t where position(${text}::text in t::text) > 0`,
    );
    found.push(...rows.map(({ row }) => `${name}: ${row}`));
  }
  return found;
}

test('all data of a client is erased, and none of other clients', { timeout: 60_000 }, async () => {
  const { gina, carl } = world.sandbox.people;
  const channel = await conversation('support-globex');
  // A binding whose conditions are false for these messages; the values that they read are stored.
  await world.database.db.execute(sql`insert into bindings (live_chat_id, event, position, process_definition_id, process_name,
      parameters, mapping, conditions)
    select id, 'message_received', -1, 'none', 'None', '[]', '{}', '{"kind":"rows","join":"any","rows":[
      {"property":"message.text","operator":"is","value":"nothing"},
      {"property":"client.name","operator":"is","value":"nobody"}]}' from live_chats`);
  await gina.post(channel, 'My number is order-4711');
  await world.quiet();
  await carl.post(channel, 'Mine is order-4712');
  await world.quiet();
  for (const text of [gina.id, gina.name, 'order-4711', 'order-4712', carl.name])
    expect(await kept(text)).not.toEqual([]);
  const erasure = await eraseClient(world.database.db, gina.id);
  for (const text of [gina.id, gina.name, 'order-4711']) expect(await kept(text)).toEqual([]);
  expect(erasure).toEqual({
    erased: { sessions: 1, messages: 1, starts: 2, processInstances: 2, pending: 0 },
    running: [],
    elsewhere: [],
    staffOf: [],
  });
  expect(describeErasure(gina.id, erasure)).toContain(
    '  1 message in transcripts\n  who the client is, in 1 session\n',
  );
  // Carl's message is still in the transcript, and his next one starts its process.
  expect((await kept('order-4712')).filter((row) => row.startsWith('session_messages'))).toHaveLength(1);
  await carl.post(channel, 'Anybody here?');
  await world.quiet();
  expect(world.crm.requests).toHaveLength(3);
});

test('running processes are reported and kept', async () => {
  const { gina } = world.sandbox.people;
  const channel = await conversation('waiting-globex');
  await gina.post(channel, 'I wait');
  await world.quiet();
  const erasure = await eraseClient(world.database.db, gina.id);
  expect(erasure).toMatchObject({
    erased: { starts: 0, processInstances: 0 },
    running: [{ processName: 'Hear messages', sessionName: 'waiting-globex' }],
  });
  expect(describeErasure(gina.id, erasure)).toContain('they still run. Finish or cancel them, then run this again:\n');
  await gina.post(channel, 'Still here');
  await world.quiet();
  expect(world.crm.requests.map(({ body }) => JSON.stringify(body))).toContainEqual(
    expect.stringContaining('Still here'),
  );
});

test('a running process that a message started by itself is reported and kept', async () => {
  const { gina } = world.sandbox.people;
  const channel = await conversation('support-globex');
  const begun = b.process(
    [b.startOn('on', b.messageDefinition('live-chat:message-received')), b.userTask('answer'), b.flow('on -> answer')],
    { id: 'reply', name: 'Reply' },
  );
  await writeFile(join(world.config.processesDir, 'reply.bpmn'), begun);
  // Kickoff knows that the process waits for the clients' messages.
  const listening = sql`select from conversation_listeners where process_definition_id = '*'`;
  await vi.waitFor(async () => expect(await selectRows(world.database.db, listening)).toHaveLength(1), 15_000);
  await gina.post(channel, 'My number is order-4711');
  await world.quiet();
  const { running, erased } = await eraseClient(world.database.db, gina.id);
  expect(running).toEqual([{ processName: 'reply', sessionName: 'support-globex' }]);
  expect(erased).toMatchObject({ processInstances: 1 });
  expect((await kept('order-4711')).filter((row) => row.startsWith('engine_instances'))).toHaveLength(1);
});

test('an ended process is erased if only a process that it called names the client', async () => {
  const { gina, carl } = world.sandbox.people;
  const files = {
    outer: [b.start(), b.call('ask', 'inner', { called: { propagateAllChildVariables: 'false' } }), b.end()],
    inner: [b.start(), b.script('find', `="${gina.id}"`, 'colleague'), b.end()],
  };
  const flows = { outer: 'start -> ask -> end', inner: 'start -> find -> end' };
  for (const id of ['outer', 'inner'] as const) {
    const diagram = b.process([...files[id], b.flow(flows[id])], { id, name: id === 'outer' ? 'Outer' : 'Inner' });
    await writeFile(join(world.config.processesDir, `${id}.bpmn`), diagram);
  }
  const known = sql`select from engine_definitions where process_id in ('outer', 'inner')`;
  await vi.waitFor(async () => expect(await selectRows(world.database.db, known)).toHaveLength(2), 15_000);
  await setUpLiveChat(world, {
    name: 'Outer',
    prefixes: 'outer-',
    bindings: { 'Message received': { process: 'Outer' } },
  });
  await carl.post(await conversation('outer-acme'), 'Who helps me?');
  await world.quiet();
  const instances = async () => (await kept(gina.id)).filter((row) => row.startsWith('engine_instances'));
  expect(await instances()).toHaveLength(1);
  expect((await eraseClient(world.database.db, gina.id)).erased).toMatchObject({ processInstances: 1 });
  expect(await instances()).toEqual([]);
});

test('who reopened a session by writing in it is erased', async () => {
  const { gina, carl, oleg } = world.sandbox.people;
  const channel = await conversation('support-globex');
  await gina.post(channel, 'Hello');
  await oleg.command('/livechat-session', { in: channel });
  await (await oleg.modalShown('Live-chat session')).click('Close session');
  await world.quiet();
  await carl.post(channel, 'One more thing');
  await world.quiet();
  expect((await kept(carl.id)).filter((row) => row.startsWith('sessions: '))).toHaveLength(1);
  await eraseClient(world.database.db, carl.id);
  expect(await kept(carl.id)).toEqual([]);
  expect((await kept(gina.id)).filter((row) => row.startsWith('sessions: '))).toHaveLength(1);
});

test('erased messages stay erased when Kickoff reads the conversation again', async () => {
  const { anna, gina, carl } = world.sandbox.people;
  const channel = await conversation('lobby-globex');
  await gina.post(channel, 'My number is order-4711');
  await anna.rename(channel, 'support-globex');
  await world.quiet();
  await gina.post(channel, 'My number is order-4712');
  await carl.post(channel, 'Mine is order-4713');
  await world.quiet();
  for (const text of ['order-4711', 'order-4712']) expect(await kept(text)).not.toEqual([]);
  await eraseClient(world.database.db, gina.id);
  await anna.archive(channel);
  await anna.unarchive(channel);
  await world.quiet();
  for (const text of ['order-4711', 'order-4712', gina.id]) expect(await kept(text)).toEqual([]);
  expect((await kept('order-4713')).filter((row) => row.startsWith('session_messages'))).toHaveLength(1);
  await gina.post(channel, 'Me again');
  await world.quiet();
  expect((await kept('Me again')).filter((row) => row.startsWith('session_messages'))).toHaveLength(1);
});

test('an edit that came before its message is erased, and the message is not recorded', async () => {
  const { gina, carl } = world.sandbox.people;
  const { faults, traffic } = world.sandbox;
  const channel = await conversation('support-globex');
  faults.withholdEvents();
  const ginas = await gina.post(channel, 'Mine is order-4711');
  const carls = await carl.post(channel, 'Mine is order-4712');
  const gone = await gina.post(channel, 'My password is order-4713');
  faults.resumeEvents();
  await gina.edit(ginas, 'Mine is order-4714');
  await carl.edit(carls, 'Mine is order-4715');
  await gina.delete(gone);
  await world.quiet();
  for (const text of ['order-4714', 'order-4715', gina.id]) expect(await kept(text)).not.toEqual([]);
  expect((await eraseClient(world.database.db, gina.id)).erased).toMatchObject({ messages: 1, pending: 0 });
  for (const text of ['order-4714', gina.id]) expect(await kept(text)).toEqual([]);
  for (const lost of traffic.deliveries.filter(({ state }) => state === 'given_up')) await faults.redeliver(lost);
  await world.quiet();
  const transcript = (await kept('')).filter((row) => row.startsWith('session_messages'));
  expect(transcript).toEqual([expect.stringContaining('Mine is order-4715')]);
});

test('an operator stays an operator', async () => {
  const { oleg } = world.sandbox.people;
  const { staffOf } = await eraseClient(world.database.db, oleg.id);
  expect(staffOf).toEqual(['Support', 'Waiting']);
});
