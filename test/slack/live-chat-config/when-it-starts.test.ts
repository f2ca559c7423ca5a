import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ModalDriver } from '../../../sandbox/driver/modal.ts';
import { addBinding, listBindings } from '../../../src/bindings/queries.ts';
import { recordEvent } from '../../../src/intake/record-event.ts';
import type { LiveChat } from '../../../src/live-chats/live-chat.ts';
import { mostBindings } from '../../../src/slack/live-chat-config/processes-view.ts';
import { starts } from '../../../src/starts/tables.ts';
import { aConversation, addLiveChat, intakeOf } from '../../helpers/builders.ts';
import { filesOf, type Office, prepareOffice, salesSettings } from '../../helpers/office.ts';

const createLead = {
  id: 'create-lead',
  name: 'Create lead',
  version: 1,
  parameters: [{ key: 'messageText', label: 'Request', type: 'text' as const, required: false }],
};
const escalate = { id: 'escalate', name: 'Escalate', version: 1, parameters: [] };

let office: Office;
let liveChat: LiveChat;
let processes: ModalDriver;

const anna = () => office.sandbox.people.anna;
const bindings = () => listBindings(office.database.db, office.sandbox.teamId, liveChat.id);

beforeEach(async () => {
  office = await prepareOffice({
    definitions: [createLead, escalate],
    files: filesOf({ definition: createLead, tasks: [{ name: 'Qualify' }] }),
  });
  liveChat = await addLiveChat(office.database.db, office.sandbox.teamId, salesSettings);
  await office.open();
});

afterEach(async () => {
  const { violations } = office.sandbox;
  await office.close();
  expect(violations).toEqual([]);
});

async function openList(): Promise<void> {
  await anna().command('/livechat-config', { in: 'general' });
  await (await anna().modalShown('Live chats')).menu('Sales', 'Business processes');
  processes = await anna().modalShown('Business processes');
  await processes.shows('Session closed');
}

/** Binds a process with three choices: event, process, save. */
async function bind(event: string, process: string, button = 'Select'): Promise<void> {
  await processes.click(button, { near: event });
  const selection = await anna().modalShown('Select a process');
  await selection.choose('Business process', process);
  await selection.submit();
  await (await anna().modalShown('Input parameters')).submit();
  processes = await anna().modalShown('Business processes');
  await processes.shows(process);
}

async function openTerms(row: string): Promise<ModalDriver> {
  await processes.menu(row, 'When it starts');
  const terms = await anna().modalShown('When it starts');
  await terms.shows('starts on');
  return terms;
}

test('a binding reads as a sentence once its condition and policy are chosen', async () => {
  await openList();
  await bind("Client's first message", 'Create lead');
  const terms = await openTerms("Client's first message");
  await terms.choose('Conditions', 'If all of these hold');
  await terms.choose('Property 1', "Message's text");
  await terms.choose('Comparison 1', 'contains');
  await terms.fill('Value 1', 'price');
  await terms.click('Add a condition');
  await terms.choose('Property 2', 'Client is from outside');
  await terms.choose('Value 2', 'yes');
  await terms.choose('How often', 'Once per session');
  expect((await terms.submit()).errors).toBeUndefined();
  processes = await anna().modalShown('Business processes');
  await processes.shows(
    "Client's first message → Create lead · Company\nif *Message's text* contains *price* and *Client is from outside* is *yes*, once per session",
  );
  expect(await bindings()).toMatchObject([
    {
      event: 'client_first_message',
      policy: 'once_per_session',
      conditions: {
        kind: 'rows',
        join: 'all',
        rows: [
          { property: 'message.text', operator: 'contains', value: 'price' },
          { property: 'client.isExternal', operator: 'is', value: 'true' },
        ],
      },
    },
  ]);
  const again = await openTerms("Client's first message");
  expect(again.field('Value 1').value).toBe('price');
  await again.choose('Conditions', 'On every occasion');
  await again.submit();
  expect(await bindings()).toMatchObject([{ conditions: null }]);
});

test('operators and the value’s field follow the type of the property', async () => {
  await openList();
  await bind('Session closed', 'Escalate');
  const terms = await openTerms('Session closed');
  await terms.choose('Conditions', 'If any of these holds');
  const operators = async () =>
    (await terms.options('Comparison 1')).flatMap(({ options }) => options.map(({ text }) => text));
  await terms.choose('Property 1', 'Messages so far');
  expect(await operators()).toEqual(['=', '≠', '<', '≤', '>', '≥']);
  await terms.choose('Property 1', 'Opened at');
  expect(await operators()).toContain('is on or before');
  await terms.choose('Property 1', 'Operator in Slack');
  expect(await operators()).toEqual(['is', 'is not']);
  await terms.choose('Value 1', 'Oleg Operator');
  await terms.submit();
  expect(await bindings()).toMatchObject([
    { conditions: { join: 'any', rows: [{ property: 'operator.user', operator: 'is', value: 'U0OLEG00001' }] } },
  ]);
});

test('an expression is checked while it is typed, and refused while it is wrong', async () => {
  await openList();
  await bind('Message received', 'Create lead');
  await processes.shows('not while it runs in the session, not for a message that a process was waiting for');
  const terms = await openTerms('Message received');
  await terms.choose('Conditions', 'If a FEEL expression is true');
  await terms.fill('Expression', 'client.compny = "Acme"');
  await terms.shows('Sessions have no property “client.compny”.');
  expect((await terms.submit()).errors).toEqual({ Expression: 'Sessions have no property “client.compny”.' });
  await terms.fill('Expression', '= client.company = "Acme"');
  await terms.shows('The expression can be used.');
  await terms.submit();
  expect(await bindings()).toMatchObject([{ conditions: { kind: 'feel', expression: 'client.company = "Acme"' } }]);
  await (await anna().modalShown('Business processes')).shows('if `client.company = "Acme"`');
});

test('a reaction’s emoji are entered as names or characters, and whose count is chosen', async () => {
  await openList();
  await bind('Reaction added', 'Escalate');
  await processes.shows('Reaction added → Escalate · Company\n:ticket: by operators and supervisors');
  const terms = await openTerms('Reaction added');
  expect(terms.field('Emoji').value).toBe(':ticket:');
  await terms.fill('Emoji', ' ');
  expect((await terms.submit()).errors).toEqual({ Emoji: 'Enter at least one emoji.' });
  await terms.fill('Emoji', ':eyes: soon');
  expect((await terms.submit()).errors).toEqual({ Emoji: expect.stringContaining('“soon” is no emoji.') });
  await terms.fill('Emoji', ':thumbsup: 👀❤️, :Our-Logo: 👍🏿');
  await terms.choose('Added by', 'Anybody');
  expect((await terms.submit()).errors).toBeUndefined();
  expect(await bindings()).toMatchObject([{ reaction: { emoji: ['+1', 'eyes', 'heart', 'our-logo'], by: 'anybody' } }]);
  await processes.shows(':+1:, :eyes:, :heart:, or :our-logo: by anybody');
});

test('several processes of an event are ordered, switched off and on, and removed one by one', async () => {
  await openList();
  await bind('Message received', 'Create lead');
  await bind('Message received', 'Escalate', 'Add');
  const terms = await openTerms('Message received → Escalate');
  await terms.choose('Order among the processes of this event', '1 of 2');
  await terms.choose('More', ['Stop here if it started: later processes of this event are not tried']);
  await terms.choose('How often', 'At most once in a set time per session');
  await terms.fill('Time, in minutes', '0');
  expect((await terms.submit()).errors).toEqual({ 'Time, in minutes': expect.stringContaining('from 1 to') });
  await terms.fill('Time, in minutes', '30');
  await terms.submit();
  processes = await anna().modalShown('Business processes');
  await processes.shows('at most once in 30 minutes per session, nothing after it');
  expect((await bindings()).map(({ processName }) => processName)).toEqual(['Escalate', 'Create lead']);
  await processes.menu('Message received → Create lead', 'Switch off');
  await processes.shows('Switched off');
  expect((await bindings()).map(({ isOn }) => isOn)).toEqual([true, false]);
  await processes.menu('Message received → Create lead', 'Switch on');
  await processes.menu('Message received → Escalate', 'Remove');
  expect(await bindings()).toMatchObject([{ processName: 'Create lead', isOn: true }]);
});

test('a live chat can have as many processes as fit into its modal, and says so', async () => {
  for (let index = 0; index < mostBindings - 1; index += 1) {
    await addBinding(office.database.db, {
      liveChatId: liveChat.id,
      event: 'message_received',
      processDefinitionId: 'create-lead',
      processName: 'Create lead',
      parameters: [],
      mapping: {},
    });
  }
  await openList();
  await bind('Session created', 'Escalate');
  await processes.click('Add', { near: 'Message received' });
  await (await anna().modalShown('Select a process')).shows('No more processes fit');
});

test('a binding is tried on the past, saved or not, and starts nothing', async () => {
  const { db } = office.database;
  const { gina } = office.sandbox.people;
  await openList();
  await bind('Message received', 'Create lead');
  const nothing = await openTerms('Message received → Create lead');
  await nothing.click('Try it on the past');
  await nothing.shows('Nothing is kept of *Message received* in this live chat yet.');
  await nothing.close();
  processes = await anna().modalShown('Business processes');
  const conversation = aConversation({ teamId: office.sandbox.teamId, name: 'client-acme' });
  for (const [index, text] of ['What is the price?', 'Hello?', 'The *price*, please'].entries()) {
    await recordEvent(intakeOf(office.database), liveChat, conversation, {
      kind: 'message',
      at: new Date(1_700_000_000_000 + index * 60_000),
      author: 'client',
      message: { ts: `${1_700_000_000 + index * 60}.000100`, userId: gina.id, text, files: [] },
    });
  }
  await office.quiet();
  const started = await db.select().from(starts);
  const past = await openTerms('Message received → Create lead');
  await past.click('Try it on the past');
  await past.shows('It would have started on 1 of the last 3 occasions of *Message received*.');
  await past.shows('There are no more');
  expect(past.texts().join('\n')).toMatch(
    /would not start\. The process ran in the session already.*\n.*would not start.*\n.*#?client-acme: would start with Request: What is the price\?/,
  );
  await past.close();
  processes = await anna().modalShown('Business processes');
  const terms = await openTerms('Message received → Create lead');
  await terms.choose('Conditions', 'If all of these hold');
  await terms.choose('Property 1', "Message's text");
  await terms.choose('Comparison 1', 'contains');
  await terms.choose('How often', 'Every time');
  await terms.click('Try it on the past');
  await terms.shows('Enter a value that fits the property.');
  await terms.fill('Value 1', 'price');
  await terms.click('Try it on the past');
  await terms.shows('It would have started on 2 of the last 3 occasions of *Message received*.');
  await terms.shows("*Message's text* contains *price*; it was “Hello?”");
  await terms.close();
  expect(await bindings()).toMatchObject([{ conditions: null, policy: 'not_while_running' }]);
  expect(await db.select().from(starts)).toEqual(started);
});

test('a wait is tried on the past, with the time entered in the field', async () => {
  const { gina, oleg } = office.sandbox.people;
  await openList();
  await bind('Client is waiting', 'Escalate');
  const conversation = aConversation({ teamId: office.sandbox.teamId, name: 'client-acme' });
  for (const [minutes, author, text] of [
    [0, 'client', 'Is anybody there?'],
    [10, 'process', 'We have your message.'],
    [20, 'client', 'And now?'],
    [25, 'app', 'A release is out'],
    [40, 'staff', 'Sorry!'],
    [60, 'client', 'Thanks'],
  ] as const) {
    const userId = author === 'client' ? gina.id : author === 'staff' ? oleg.id : null;
    await recordEvent(intakeOf(office.database), liveChat, conversation, {
      kind: 'message',
      at: new Date(1_700_000_000_000 + minutes * 60_000),
      author,
      message: { ts: `${1_700_000_000 + minutes * 60}.000100`, userId, text, files: [] },
    });
  }
  const terms = await openTerms('Client is waiting → Escalate');
  await terms.click('Try it on the past');
  await terms.shows('It would have started on 2 of the last 3 occasions of *Client is waiting*.');
  expect(terms.texts().join('\n')).toMatch(
    /client-acme: would not start\. There was an answer on .*, before its time was over\./,
  );
  await terms.choose('Counted in', 'Hours');
  await terms.fill('Time without an answer', '1');
  await terms.click('Try it on the past');
  await terms.shows('It would have started on 1 of the last 3 occasions of *Client is waiting*.');
  await terms.close();
  expect(await office.database.db.select().from(starts)).toEqual([]);
});

test('the time without an answer is chosen, checked, and read in the list', async () => {
  await openList();
  await bind('Client is waiting', 'Escalate');
  await processes.shows('after 15 minutes');
  let terms = await openTerms('Client is waiting →');
  expect(terms.field('Time without an answer').value).toBe('15');
  // The option for messages that a process was waiting for is missing: this event has no message.
  expect((await terms.options('More')).flatMap(({ options }) => options.map(({ text }) => text))).toEqual([
    'Stop here if it started: later processes of this event are not tried',
  ]);
  await terms.choose('Counted in', 'Days');
  await terms.fill('Time without an answer', '31');
  const tooLong = { 'Time without an answer': 'Enter a whole number, for 5 minutes to 30 days in all.' };
  expect((await terms.submit()).errors).toEqual(tooLong);
  await terms.choose('Counted in', 'Minutes');
  await terms.fill('Time without an answer', '4');
  expect((await terms.submit()).errors).toEqual(tooLong);
  await terms.choose('Counted in', 'Hours');
  await terms.fill('Time without an answer', '2');
  await terms.choose('How it is counted', 'Only while the live chat is open (business hours)');
  await terms.choose('Conditions', 'If all of these hold');
  await terms.choose('Property 1', 'Within business hours');
  await terms.choose('Value 1', 'yes');
  expect((await terms.submit()).errors).toBeUndefined();
  await processes.shows('after 2 hours of business hours');
  await processes.shows('if within business hours');
  expect(await bindings()).toMatchObject([{ event: 'client_waiting', waitMinutes: 120, waitsInHours: true }]);
  terms = await openTerms('Client is waiting →');
  expect(terms.field('Counted in').value).toBe('Hours');
});
