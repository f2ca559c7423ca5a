import { readFile } from 'node:fs/promises';
import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Upload } from '../../../sandbox/workspace/messages.ts';
import { selectRows } from '../../../src/db/query.ts';
import * as b from '../../engines/diagram-builder.ts';
import { startWorld, type World } from '../../helpers/kickoff.ts';
import { aDefinition, prepareOffice } from '../../helpers/office.ts';
import { bindProcess, setUpByClicking } from '../../helpers/set-up-by-clicking.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld({ sandbox: { timings: { patienceMs: 20_000 } } });
});
afterEach(async () => {
  await world.quiet();
  await world.close();
});

const { bpmn, form } = {
  bpmn: (name: string, content: string): Upload => ({ name, mimetype: 'application/xml', content }),
  form: (name: string, content: string): Upload => ({ name, mimetype: 'application/json', content }),
};
const returnGoods = (options: { type?: string; amount?: string } = {}) =>
  b.process(
    [
      b.start(),
      b.job('ship', {
        name: 'Ship back',
        type: options.type ?? 'live-chat:send-message',
        inputs: { text: options.amount ?? '="ok"' },
      }),
      b.userTask('check', { name: 'Check goods', form: 'goods' }),
      b.flow('start -> ship -> check'),
    ],
    { id: 'return-goods', name: 'Return goods' },
  );
const goodsForm = JSON.stringify({ id: 'goods', components: [{ type: 'textfield', key: 'state', label: 'State' }] });

async function openLibrary() {
  const { anna } = world.sandbox.people;
  await anna.command('/livechat-config', { in: 'general' });
  await (await anna.modalShown('Live chats')).click('Processes');
  return anna.modalShown('Processes');
}

async function upload(files: Upload[], before = 'Upload a diagram') {
  const { anna } = world.sandbox.people;
  const add = await anna.modalShown('Add process');
  await add.shows(before);
  await add.upload('Files', files);
  await add.submit();
  return add;
}

async function addReturnGoods() {
  const { anna } = world.sandbox.people;
  await (await openLibrary()).click('Add process');
  const add = await upload([bpmn('return.bpmn', returnGoods()), form('goods.form', goodsForm)]);
  await add.shows('In place: *Return goods* · version 1');
  await add.close();
  return anna.modalShown('Processes');
}

test('an analyst uploads a process with two mistakes, corrects them, sees it in the list and binds it', async () => {
  const { anna } = world.sandbox.people;
  await setUpByClicking(world, {});
  const library = await openLibrary();
  await library.shows('*Create lead*');
  expect(library.texts().join('\n')).not.toContain('Return goods');
  await library.click('Add process');
  const add = await upload([
    bpmn('return.bpmn', returnGoods({ type: 'fax', amount: '=1 +' })),
    form('goods.form', goodsForm),
  ]);
  await add.shows('nothing was added');
  const said = add.texts().join('\n');
  expect(said).toContain('return.bpmn');
  expect(said).toContain('Ship back (ship)');
  expect(said).toContain('Correct the expression in Camunda Modeler.');
  await upload([bpmn('return.bpmn', returnGoods({ type: 'fax' })), form('goods.form', goodsForm)], 'nothing was added');
  await add.shows('nothing here does jobs of the type fax');
  await add.shows('Choose a template or job type that Kickoff does');
  await upload([bpmn('return.bpmn', returnGoods()), form('goods.form', goodsForm)], 'nothing was added');
  await add.shows('In place: *Return goods* · version 1');
  await add.close();
  await (await anna.modalShown('Processes')).shows('*Return goods*');
  await anna.modal.click('Live chats');
  await anna.modalShown('Live chats');
  await bindProcess(world, 'Support', 'Session created', 'Return goods');
  await anna.modal.click('Processes');
  await (await anna.modalShown('Processes')).shows('Started by events of Support');
});

test('a process that is switched off is not offered, is started by nothing, and its binding says so', async () => {
  const { anna, carl, oleg } = world.sandbox.people;
  await setUpByClicking(world, { bindings: { 'Message received': { process: 'Create lead' } } });
  const channel = await anna.createChannel('support-acme', { sharedWith: 'Acme' });
  for (const person of [oleg, carl]) await anna.invite(channel, person);
  await carl.post(channel, 'One');
  await world.quiet();
  const library = await openLibrary();
  await library.click('Details', { near: 'Create lead' });
  const details = await anna.modalShown('Process');
  await details.shows('Input parameters: ');
  await details.click('Switch off', { confirm: false });
  await details.click('Switch off');
  await details.shows('*Create lead* is switched off.');
  await details.close();
  await (await anna.modalShown('Processes')).shows('Switched off');
  await anna.modal.click('Live chats');
  await (await anna.modalShown('Live chats')).menu('Support', 'Business processes');
  const bound = await anna.modalShown('Business processes');
  await bound.shows('The process is switched off: nothing starts it.');
  await bound.click('Select', { near: 'Session closed' });
  const offered = await (await anna.modalShown('Select a process')).options('Business process', 'lead');
  expect(offered).toEqual([]);
  await anna.modal.closeAll();
  const message = await carl.post(channel, 'Two');
  await world.quiet();
  await oleg.shortcut('why', message);
  await (await oleg.modalShown('Why (not) a process?')).shows('The process is switched off.');
  await oleg.modal.closeAll();
  const again = await openLibrary();
  await again.click('Details', { near: 'Create lead' });
  await anna.modal.click('Switch on');
  await anna.modal.shows('*Create lead* is switched on.');
  await carl.post(channel, 'Three');
  await world.quiet();
  const started = await selectRows<{ text: string }>(
    world.database.db,
    sql`select facts -> 'message' ->> 'text' as text from starts order by created_at`,
  );
  expect(started.map(({ text }) => text)).toEqual(['One', 'Three']);
});

test('an earlier version runs again', async () => {
  const { anna } = world.sandbox.people;
  const library = await addReturnGoods();
  await library.click('Add process');
  const renamed = returnGoods().replaceAll('Return goods', 'Return everything');
  const add = await upload([bpmn('return.bpmn', renamed)]);
  await add.shows('*Return everything* · version 2');
  await add.close();
  await (await anna.modalShown('Processes')).click('Details', { near: 'Return everything' });
  const details = await anna.modalShown('Process');
  await details.shows('Version 2');
  await details.click('Go back to it', { near: 'Version 1' });
  await details.shows('New starts run version 1 again.');
  await details.shows('Version 3');
  await details.close();
  await (await anna.modalShown('Processes')).shows('*Return goods*');
});

test('the picture of a process can be seen', async () => {
  const { anna } = world.sandbox.people;
  const library = await openLibrary();
  await library.click('Details', { near: 'Create lead' });
  await (await anna.modalShown('Process')).click('Picture');
  const picture = await anna.modalShown('Picture');
  await picture.shows('As new starts of it run', { timeoutMs: 20_000 });
  expect(JSON.stringify(world.sandbox.state.views)).toContain('"slack_file":{"id":"F');
});

test('files that are not loaded are named, with a hint what to do', async () => {
  const { anna } = world.sandbox.people;
  await addReturnGoods();
  await anna.modal.click('Add process');
  const lead = await readFile('processes/crm/leads/create-lead.bpmn', 'utf8');
  const add = await upload([bpmn('mine.bpmn', lead)]);
  await add.shows('the process create-lead is in');
  await add.shows('Give it another id in Camunda Modeler');
});

test('a former administrator cannot add files or switch a process off', async () => {
  const { sandbox, database } = world;
  const { anna } = sandbox.people;
  const library = await openLibrary();
  await library.click('Details', { near: 'Create lead' });
  const details = await anna.modalShown('Process');
  sandbox.workspace.changePerson(anna, { isAdmin: false, isOwner: false });
  await world.quiet();
  await details.click('Switch off');
  await details.shows('Only administrators can set up live chats.');
  await details.close();
  sandbox.workspace.changePerson(anna, { isAdmin: true, isOwner: true });
  await world.quiet();
  await (await anna.modalShown('Processes')).click('Add process');
  const add = await anna.modalShown('Add process');
  await add.shows('Upload a diagram');
  await add.upload('Files', [bpmn('return.bpmn', returnGoods()), form('goods.form', goodsForm)]);
  sandbox.workspace.changePerson(anna, { isAdmin: false, isOwner: false });
  await world.quiet();
  await add.submit();
  expect(add.errors()).toEqual({ Files: 'Only administrators can set up live chats.' });
  for (const table of ['process_uploads', 'switched_off_processes']) {
    expect(await selectRows(database.db, sql`select * from ${sql.raw(table)}`)).toEqual([]);
  }
});

test('among 10,002 processes one is found, and the list has pages', async () => {
  const definitions = Array.from({ length: 10_002 }, (_, nth) => ({
    ...aDefinition(`order-${nth}`, `Ship order ${nth}`),
    ...(nth % 3 === 0 ? {} : { workspace: 'Logistics' }),
  }));
  const office = await prepareOffice({ definitions });
  try {
    await office.open();
    const { anna } = office.sandbox.people;
    await anna.command('/livechat-config', { in: 'general' });
    await (await anna.modalShown('Live chats')).click('Processes');
    const library = await anna.modalShown('Processes');
    await library.shows('Page 1 of 401 · 10,002 processes');
    expect(library.texts().filter((line) => line.startsWith('*Ship order'))).toHaveLength(25);
    await library.click('Next');
    await library.shows('Page 2 of 401');
    await library.choose('Find a process', 'Ship order 9999', { typed: 'order 9999' });
    await library.shows('Show all');
    expect(library.texts().filter((line) => line.startsWith('*Ship order'))).toEqual([
      '*Ship order 9999*\nCompany · version 1\nNo event of a live chat starts it',
    ]);
    await library.click('Details');
    await (await anna.modalShown('Process')).shows('Process id: order-9999');
    expect(office.sandbox.violations).toEqual([]);
  } finally {
    await office.close();
  }
});

test('a person in a process whom Slack does not know is listed among the problems', async () => {
  const { anna } = world.sandbox.people;
  const asking = b.process(
    [
      b.start(),
      b.userTask('approve', { name: 'Approve', assignee: 'suport' }),
      b.userTask('sign', { name: 'Sign', assignee: anna.id, candidateGroups: '=["support-team", "no-such-team"]' }),
      b.userTask('file', {
        name: 'File',
        assignee: '=responsible',
        candidateUsers: 'sam.supervisor@northwind.example',
      }),
      b.flow('start -> approve -> sign -> file'),
    ],
    { id: 'asking', name: 'Asking' },
  );
  await (await openLibrary()).click('Add process');
  const add = await upload([bpmn('asking.bpmn', asking)]);
  await add.shows('In place: *Asking*');
  const asked = () => world.sandbox.traffic.callsOf('users.lookupByEmail').map(({ args }) => args.email);
  await world.sandbox.traffic.until(() => asked().includes('sam.supervisor@northwind.example'), { timeoutMs: 8000 });
  await world.quiet();
  await add.close();
  const library = await openLibrary();
  await library.shows('2 tasks name people whom Slack does not know');
  await library.click('Show problems');
  const problems = await anna.modalShown('Problems with files');
  await problems.shows('Slack knows nobody called suport');
  const said = problems.texts().join('\n');
  expect(said).toContain('Approve (approve)');
  expect(said).toContain('Slack knows nobody called no-such-team');
  expect(said).toContain('Until then the task falls to whoever started the process');
  expect(said).not.toContain('File (file)');
  expect(asked()).toHaveLength(1);
});
