import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ModalDriver } from '../../../sandbox/driver/modal.ts';
import { deleteBinding, listBindings } from '../../../src/bindings/queries.ts';
import type { LiveChat } from '../../../src/live-chats/live-chat.ts';
import { liveChats } from '../../../src/live-chats/tables.ts';
import type { ProcessDefinition } from '../../../src/processes/process-definition.ts';
import { addLiveChat } from '../../helpers/builders.ts';
import { type Office, prepareOffice, salesSettings } from '../../helpers/office.ts';

const createLead: ProcessDefinition = {
  id: 'create-lead',
  name: 'Create lead',
  version: 1,
  workspace: 'CRM',
  app: 'Leads',
  parameters: [
    { key: 'company', label: 'Company', type: 'text', required: true },
    { key: 'clientEmail', label: 'E-mail', type: 'email', required: false },
    { key: 'urgent', label: 'Urgent', type: 'boolean', required: false },
  ],
};
const escalate: ProcessDefinition = { id: 'escalate', name: 'Escalate', version: 1, parameters: [] };
const longId: ProcessDefinition = { id: `p${'x'.repeat(200)}`, name: 'With a long id', version: 1, parameters: [] };

let office: Office;
let liveChat: LiveChat;
let processes: ModalDriver;

const anna = () => office.sandbox.people.anna;
const bindings = () => listBindings(office.database.db, office.sandbox.teamId, liveChat.id);

beforeEach(async () => {
  office = await prepareOffice({ definitions: [createLead, escalate, longId] });
  liveChat = await addLiveChat(office.database.db, office.sandbox.teamId, salesSettings);
  await office.open();
  await anna().command('/livechat-config', { in: 'general' });
  await (await anna().modalShown('Live chats')).menu('Sales', 'Business processes');
  processes = await anna().modalShown('Business processes');
  await processes.shows('Session closed');
});

afterEach(async () => {
  const { violations } = office.sandbox;
  await office.close();
  expect(violations).toEqual([]);
});

async function select(event: string, process: string): Promise<ModalDriver> {
  await processes.click('Select', { near: event });
  const selection = await anna().modalShown('Select a process');
  await selection.choose('Business process', process);
  await selection.submit();
  const inputs = await anna().modalShown('Input parameters');
  await inputs.shows(process);
  return inputs;
}

test('the search is grouped by company, workspace and app, and narrows as one types', async () => {
  await processes.click('Select', { near: 'Session created' });
  const selection = await anna().modalShown('Select a process');
  const groups = await selection.options('Business process');
  expect(groups.map(({ label, options }) => [label, options.map(({ text }) => text)])).toEqual([
    ['Company', ['Escalate', 'With a long id']],
    ['CRM / Leads', ['Create lead']],
  ]);
  const found = await selection.options('Business process', 'crm lea');
  expect(found.flatMap(({ options }) => options.map(({ text }) => text))).toEqual(['Create lead']);
  expect(await selection.options('Business process', 'nothing like it')).toEqual([]);
});

test('a new binding is added once if its modal is submitted again after the answer came too late', async () => {
  const inputs = await select('Session created', 'Escalate');
  await inputs.submit();
  const { traffic, faults } = office.sandbox;
  const submission = traffic.deliveries.findLast(({ type }) => type === 'view_submission');
  if (!submission) throw new Error('nothing was submitted');
  const again = await faults.redeliver(submission);
  expect(JSON.stringify(again.answer ?? '')).not.toContain('errors');
  expect(await bindings()).toHaveLength(1);
});

test('parameters are offered properties of their type, preset where they match, and saved', async () => {
  const inputs = await select('Session created', 'Create lead');
  expect(inputs.fields().map(({ label, value, optional }) => [label, value, optional])).toEqual([
    ['Company (text, required)', 'Not filled', false],
    ['E-mail (e-mail)', "Client's e-mail", true],
    ['Urgent (yes or no)', 'Not filled', true],
  ]);
  const offered = inputs
    .field('E-mail')
    .options.flatMap(({ options }) => options.map(({ text, value }) => [text, value]));
  expect(offered).toEqual([
    ['Not filled', '-'],
    ["Client's e-mail", 'client.email'],
    ["Operator's e-mail", 'operator.email'],
  ]);
  expect((await inputs.submit()).errors).toEqual({
    'Company (text, required)': expect.stringContaining('required'),
  });
  expect(await bindings()).toEqual([]);
  await inputs.choose('Company', "Client's company");
  await inputs.choose('E-mail', 'Not filled');
  await inputs.submit();
  await (await anna().modalShown('Business processes')).shows('Create lead · CRM / Leads');
  expect(await bindings()).toMatchObject([
    {
      event: 'session_created',
      processDefinitionId: 'create-lead',
      parameters: createLead.parameters,
      mapping: { company: 'client.company' },
    },
  ]);
  await processes.menu('Session created', 'Configure parameters');
  const again = await anna().modalShown('Input parameters');
  await again.shows('Create lead');
  expect(again.fields().map(({ value }) => value)).toEqual(["Client's company", 'Not filled', 'Not filled']);
});

test('a process without parameters says so and is bound, whatever its id', async () => {
  const inputs = await select('Message received', 'With a long id');
  await inputs.shows('It has no parameters');
  await inputs.submit();
  await (await anna().modalShown('Business processes')).shows('With a long id');
  expect(await bindings()).toMatchObject([{ event: 'message_received', processDefinitionId: longId.id, mapping: {} }]);
});

test('another process takes the place of the first, and removing it is seen in the list', async () => {
  await (await select('Session created', 'Escalate')).submit();
  await (await anna().modalShown('Business processes')).shows('Escalate');
  await processes.menu('Session created', 'Change process');
  const selection = await anna().modalShown('Select a process');
  await selection.shows('Session created');
  expect(selection.field('Business process').value).toBe('Escalate');
  await selection.choose('Business process', 'Create lead');
  await selection.submit();
  const inputs = await anna().modalShown('Input parameters');
  await inputs.choose('Company', "Session's name");
  await inputs.submit();
  await (await anna().modalShown('Business processes')).shows('Create lead');
  expect(await bindings()).toMatchObject([{ processDefinitionId: 'create-lead' }]);
  await processes.menu('Session created', 'Remove');
  expect(await bindings()).toEqual([]);
  expect(processes.texts().join('\n')).not.toContain('Create lead');
  await processes.close();
  expect((await anna().modalShown('Live chats')).texts().join('\n')).toContain('No event starts a process yet');
});

test.each(['Remove', 'Switch off'])('%s says so if somebody else has removed the process meanwhile', async (choice) => {
  await (await select('Session created', 'Escalate')).submit();
  await (await anna().modalShown('Business processes')).shows('Escalate');
  const { db } = office.database;
  for (const { id } of await bindings())
    await deleteBinding(db, office.sandbox.teamId, { id, liveChatId: liveChat.id });
  await processes.menu('Session created', choice);
  await processes.shows('no longer bound to the event');
  expect(processes.texts().join('\n')).not.toContain('Escalate');
  await processes.shows('Session closed');
});

test('a process that changes while its parameters are configured is shown as it is now', async () => {
  const inputs = await select('Session created', 'Create lead');
  await inputs.choose('Company', "Client's company");
  office.engine.define([
    { ...createLead, version: 2, parameters: [{ key: 'company', label: 'Company', type: 'number', required: true }] },
  ]);
  await office.sandbox.traffic.until(() => office.context.catalogue().get('create-lead')?.version === 2);
  await inputs.submit();
  await inputs.shows('The process has changed meanwhile');
  expect(inputs.fields().map(({ label, value }) => [label, value])).toEqual([
    ['Company (number, required)', 'Not filled'],
  ]);
  expect(await bindings()).toEqual([]);
  await inputs.choose('Company', 'Messages so far');
  await inputs.submit();
  await (await anna().modalShown('Business processes')).shows('Create lead');
  expect(await bindings()).toMatchObject([{ mapping: { company: 'session.messageCount' } }]);

  office.engine.define([createLead]);
  await office.sandbox.traffic.until(
    () => office.context.catalogue().get('create-lead')?.version === createLead.version,
  );
  await processes.close();
  await (await anna().modalShown('Live chats')).menu('Sales', 'Business processes');
  await processes.shows('Its parameters have changed');
  office.engine.define([]);
  await office.sandbox.traffic.until(() => office.context.catalogue().size === 0);
  await processes.menu('Session created', 'Configure parameters');
  await (await anna().modalShown('Input parameters')).shows('This process is gone');
});

test('a mapping of unequal types is refused, whatever is sent', async () => {
  const inputs = await select('Session created', 'Create lead');
  await inputs.choose('Company', "Client's company");
  const view = structuredClone(inputs.raw) as { state: { values: Record<string, Record<string, unknown>> } };
  const mail = Object.keys(view.state.values).find((block) => block.endsWith('clientEmail')) ?? '';
  const forge = async (code: string) => {
    view.state.values[mail] = { value: { type: 'static_select', selected_option: { value: code } } };
    const { answer } = await office.sandbox.faults.deliverInteraction({
      type: 'view_submission',
      user: { id: anna().id },
      trigger_id: '1.2.3',
      view: view as never,
    });
    return answer;
  };
  for (const code of ['client.name', 'no.such', '__proto__']) {
    expect(await forge(code)).toMatchObject({ response_action: 'errors', errors: { [mail]: expect.any(String) } });
  }
  expect(await bindings()).toEqual([]);
});

test('500 live chats can all be paged through, and one of them found', async () => {
  await anna().modal.closeAll();
  const { id: _, ...template } = { ...liveChat, adoptionDueAt: null };
  const more = Array.from({ length: 499 }, (_, i) => ({ ...template, name: `Chat ${i + 1}`, prefixes: [`chat${i}-`] }));
  await office.database.db.insert(liveChats).values(more);
  await anna().command('/livechat-config', { in: 'general' });
  const list = await anna().modalShown('Live chats');
  const seen = new Set<string>();
  for (let page = 1; page <= 17; page += 1) {
    await list.shows(`Page ${page} of 17 · 500 live chats`);
    for (const line of list.texts()) {
      const name = /^\*(.*)\*$/m.exec(line)?.[1];
      if (name) seen.add(name);
    }
    if (page < 17) await list.click('Next');
  }
  expect(seen.size).toBe(500);
  expect(list.buttons()).not.toContain('Next');
  await list.click('Previous');
  await list.shows('Page 16 of 17');
  const options = await list.options('Find a live chat', 'chat 49');
  const found = options.flatMap((group) => group.options.map(({ text }) => text));
  expect(found.toSorted()).toEqual([...seen].filter((name) => name.includes('Chat') && name.includes('49')).toSorted());
  await list.choose('Find a live chat', 'Chat 499');
  expect(list.texts().filter((line) => line.startsWith('*'))).toHaveLength(1);
  await list.menu('Chat 499', 'Delete');
  const question = await anna().modalShown('Delete live chat');
  await question.shows('Chat 499');
  await question.submit();
  await (await anna().modalShown('Live chats')).shows('Page 16 of 17 · 499 live chats');
});
