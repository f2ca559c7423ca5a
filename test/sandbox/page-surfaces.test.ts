import { readFile } from 'node:fs/promises';
import { afterEach, expect, test } from 'vitest';
import type { ElementAddress } from '../../sandbox/page-server/protocol.ts';
import { type Answer, type BareApp, type Received, startBareApp } from './helpers.ts';
import { PageClient } from './page-client.ts';

let bare: BareApp;
let client: PageClient;
afterEach(async () => {
  client.close();
  await bare.stop();
});

const plain = (text: string) => ({ type: 'plain_text', text });
const colours = ['Red', 'Blue'].map((text) => ({ text: plain(text), value: text.toLowerCase() }));
const input = (id: string, element: object, more: object = {}) => ({
  type: 'input',
  block_id: id,
  label: plain(id),
  element: { action_id: id, ...element },
  optional: true,
  ...more,
});

/** Opens a modal with these blocks for Anna; `answer` answers all later deliveries. */
async function openModal(
  blocks: object[],
  answer: (body: Received['body']) => Answer | Promise<Answer> = () => ({}),
): Promise<void> {
  bare = await startBareApp((received) => answer(received.body));
  client = await PageClient.open(bare.sandbox.url, bare.sandbox.people.anna.id);
  await client.request('run_command', { conversation: client.conversation('general').id, text: '/flowers' });
  const trigger_id = bare.received.at(-1)?.body.trigger_id;
  const view = { type: 'modal', callback_id: 'form', title: plain('Form'), submit: plain('Send'), blocks };
  expect(await bare.call('views.open', { trigger_id, view })).toMatchObject({ ok: true });
  await client.until(() => client.seen.modals.length === 1);
}

const at = (id: string): ElementAddress => ({
  surface: 'modal',
  viewId: client.modal.viewId,
  blockId: id,
  actionId: id,
});
const enter = (id: string, value: string | number | string[] | null, pressedEnter = false) =>
  client.request('enter', { ...at(id), value, pressedEnter });
const submit = () => client.request('submit', { viewId: client.modal.viewId });

test('every kind of field accepts only values that its element accepts', async () => {
  await openModal([
    input('text', { type: 'plain_text_input' }),
    input('email', { type: 'email_text_input' }),
    input('link', { type: 'url_text_input' }),
    input('number', { type: 'number_input', is_decimal_allowed: false }),
    input('rich', { type: 'rich_text_input' }),
    input('date', { type: 'datepicker' }),
    input('time', { type: 'timepicker' }),
    input('moment', { type: 'datetimepicker' }),
    input('one', { type: 'static_select', options: colours }),
    input('many', { type: 'multi_static_select', options: colours, max_selected_items: 1 }),
    input('radio', { type: 'radio_buttons', options: colours }),
    input('boxes', { type: 'checkboxes', options: colours }),
    input('person', { type: 'users_select' }),
    input('people', { type: 'multi_users_select' }),
    input('channel', { type: 'channels_select' }),
    input('places', { type: 'multi_conversations_select' }),
    input('files', { type: 'file_input', max_files: 2, filetypes: ['txt'] }),
  ]);
  const { people } = bare.sandbox;
  const general = client.conversation('general').id;
  const entries: [string, string | number | string[]][] = [
    ['text', 'two words 🌹'],
    ['email', 'a@b.example'],
    ['link', 'https://b.example'],
    ['number', '7'],
    ['rich', 'some *bold* words'],
    ['date', '2026-02-28'],
    ['time', '09:30'],
    ['moment', 1772271000],
    ['one', 'red'],
    ['many', ['blue']],
    ['radio', 'blue'],
    ['boxes', ['red', 'blue']],
    ['person', people.carl.id],
    ['people', [people.oleg.id, people.olga.id]],
    ['channel', general],
    ['places', [general]],
  ];
  for (const [id, value] of entries) await enter(id, value);
  const upload = async (name: string) => {
    const { upload } = await client.request('begin_upload', { name, mimetype: 'text/plain', size: 2 });
    await client.request('upload_part', { upload, data: Buffer.from('hi').toString('base64') });
    return upload;
  };
  const first = await upload('a.txt');
  await enter('files', [first]);
  // The page uses a file's upload id, also after the file is in the field.
  await enter('files', [first, await upload('b.txt')]);
  expect(client.modal.values.files?.files?.files).toMatchObject([{ name: 'a.txt' }, { name: 'b.txt' }]);
  const files = client.modal.values.files?.files?.files as { id: string }[] | undefined;
  const file = files?.[0];
  // A file in the field may stay; any other file id is refused.
  await enter('files', [file?.id ?? '']);
  const refusals: [string, string | number | string[] | null, string][] = [
    ['one', 'green', 'not offered'],
    ['one', null, 'no way to clear'],
    ['many', ['red', 'blue'], 'At most 1'],
    ['boxes', ['red', 'red'], 'twice'],
    ['text', 'two\nlines', 'line breaks'],
    ['text', ['a list'], 'one value'],
    ['date', 'tomorrow', 'YYYY-MM-DD'],
    ['channel', 'C0NOWHERE', 'not offered'],
    ['person', 'U0NOBODY', 'not offered'],
    ['files', ['F0000'], 'not in this field'],
    ['files', [await upload('a.exe')], 'only txt'],
  ];
  for (const [id, value, why] of refusals) await expect(enter(id, value), id).rejects.toThrow(why);
  await expect(client.request('press', at('one'))).rejects.toThrow('cannot be pressed');
  await submit();
  expect(client.seen.modals).toEqual([]);
  const view = bare.received.at(-1)?.body.view as { state: { values: Record<string, Record<string, object>> } };
  const values = Object.fromEntries(Object.entries(view.state.values).map(([id, value]) => [id, value[id]]));
  expect(values).toMatchObject({
    text: { value: 'two words 🌹' },
    number: { value: '7' },
    rich: { rich_text_value: { elements: [{ elements: [{}, { text: 'bold', style: { bold: true } }, {}] }] } },
    date: { selected_date: '2026-02-28' },
    time: { selected_time: '09:30' },
    moment: { selected_date_time: 1772271000 },
    one: { selected_option: { value: 'red' } },
    many: { selected_options: [{ value: 'blue' }] },
    radio: { selected_option: { value: 'blue' } },
    boxes: { selected_options: [{ value: 'red' }, { value: 'blue' }] },
    person: { selected_user: people.carl.id },
    people: { selected_users: [people.oleg.id, people.olga.id] },
    channel: { selected_channel: general },
    places: { selected_conversations: [general] },
    files: { files: [{ id: file?.id, name: 'a.txt', size: 2 }] },
  });
  expect(bare.sandbox.violations).toEqual([]);
});

test('errors stand at their fields, and what was entered stays; a second press is refused', async () => {
  const answers: Answer[] = [{ body: { response_action: 'errors', errors: { text: 'Not this one' } } }, {}];
  await openModal([input('text', { type: 'plain_text_input' }, { optional: false })], (body) =>
    body.type === 'view_submission' ? (answers.shift() ?? {}) : {},
  );
  await submit();
  expect(client.modal.errors).toEqual({ text: 'Please complete this required field.' });
  await enter('text', 'roses');
  await submit();
  expect(client.modal.errors).toEqual({ text: 'Not this one' });
  expect(client.modal.values.text?.text).toMatchObject({ value: 'roses' });
  const { viewId } = client.modal;
  const presses = await Promise.allSettled([
    client.request('submit', { viewId }),
    client.request('submit', { viewId }),
  ]);
  expect(presses.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  expect(client.pushes).toContainEqual(
    expect.objectContaining({ push: 'modals', stack: [expect.objectContaining({ isSubmitting: true })] }),
  );
  await expect(client.request('submit', { viewId })).rejects.toThrow('not the view in front');
});

test('if the app does not answer in time, a text above the form says so', async () => {
  await openModal([input('text', { type: 'plain_text_input' })], (body) =>
    body.type === 'view_submission' ? { status: 500 } : {},
  );
  await submit();
  expect(client.modal).toMatchObject({ banner: 'We had some trouble connecting. Try again?', isSubmitting: false });
});

test('external selects ask the app while one types, and accept its suggestions', async () => {
  const asked: unknown[] = [];
  await openModal(
    [
      input('pick', { type: 'external_select', min_query_length: 2 }),
      input('picks', { type: 'multi_external_select', min_query_length: 0 }),
    ],
    (body) => {
      if (body.type !== 'block_suggestion') return {};
      asked.push(body.value);
      return { body: { option_groups: [{ label: plain('Flowers'), options: colours }] } };
    },
  );
  expect(await client.request('suggest', { ...at('pick'), typed: 'r' })).toEqual({ groups: [] });
  await expect(enter('pick', 'red')).rejects.toThrow('not offered');
  const { groups } = await client.request('suggest', { ...at('pick'), typed: 'ro' });
  expect(groups).toMatchObject([{ label: 'Flowers', options: [{ text: 'Red', value: 'red' }, {}] }]);
  await enter('pick', 'red');
  await client.request('suggest', { ...at('picks'), typed: '' });
  await enter('picks', ['red']);
  await enter('picks', ['red', 'blue']);
  await enter('picks', []);
  await submit();
  expect(asked).toEqual(['ro', '']);
  expect(bare.received.at(-1)?.body).toMatchObject({
    view: { state: { values: { pick: { pick: { selected_option: { value: 'red' } } }, picks: { picks: {} } } } },
  });
});

test('typing notifies the app if it asked for that: with every character, or on Enter', async () => {
  const dispatched = (on?: string[]) => ({
    type: 'plain_text_input',
    ...(on ? { dispatch_action_config: { trigger_actions_on: on } } : {}),
  });
  await openModal([
    input('quiet', dispatched()),
    input('enter', dispatched(), { dispatch_action: true }),
    input('each', dispatched(['on_character_entered']), { dispatch_action: true }),
  ]);
  bare.received.length = 0;
  for (const id of ['quiet', 'enter', 'each']) {
    await enter(id, 'a');
    await enter(id, 'ab');
    await enter(id, 'ab', true);
  }
  const actions = bare.received.flatMap(({ body }) => body.actions as { action_id: string; value: string }[]);
  expect(actions.map(({ action_id, value }) => [action_id, value])).toEqual([
    ['enter', 'ab'],
    ['each', 'a'],
    ['each', 'ab'],
  ]);
});

test('a button pressed while the home tab is updated is the one with the same value, or none', async () => {
  bare = await startBareApp(() => ({}), { manifest: await readFile('manifest.yml', 'utf8') });
  const { sandbox } = bare;
  client = await PageClient.open(sandbox.url, sandbox.people.anna.id);
  const button = (value: string) => ({
    type: 'section',
    text: plain(value),
    accessory: { type: 'button', action_id: 'go', text: plain('Go'), value },
  });
  const publish = (...values: string[]) =>
    bare.call('views.publish', {
      user_id: sandbox.people.anna.id,
      view: { type: 'home', blocks: values.map(button) },
    });
  await publish('one');
  await publish('two', 'one');
  const gone = { surface: 'home' as const, blockId: 'of the view before', actionId: 'go' };
  bare.received.length = 0;
  await client.request('press', { ...gone, buttonValue: 'one' });
  expect(bare.received.map(({ body }) => (body.actions as object[])[0])).toMatchObject([{ value: 'one' }]);
  await expect(client.request('press', { ...gone, buttonValue: 'three' })).rejects.toThrow('changed this meanwhile');
  await expect(client.request('press', gone)).rejects.toThrow('changed this meanwhile');
});

test('buttons, menus and fields of a message that everybody sees', async () => {
  bare = await startBareApp(() => ({}));
  const { sandbox } = bare;
  client = await PageClient.open(sandbox.url, sandbox.people.anna.id);
  const other = await PageClient.open(sandbox.url, sandbox.people.oleg.id);
  const conversation = client.conversation('general').id;
  await client.request('invite', { conversation, userIds: [sandbox.botUserId] });
  await client.open('general');
  await other.open('general');
  const elements = [
    { type: 'button', action_id: 'go', text: plain('Go'), value: 'now', confirm: undefined },
    { type: 'overflow', action_id: 'more', options: colours },
    { type: 'static_select', action_id: 'colour', options: colours },
  ];
  const blocks = [{ type: 'actions', block_id: 'row', elements }];
  const { ts } = (await bare.call('chat.postMessage', { channel: conversation, text: 'Choose', blocks })) as never;
  await client.message('Choose');
  const on = (actionId: string): ElementAddress => ({ surface: 'message', conversation, ts, blockId: 'row', actionId });
  bare.received.length = 0;
  await client.request('press', on('go'));
  await client.request('press', { ...on('more'), option: 1 });
  await client.request('enter', { ...on('colour'), value: 'blue' });
  await other.until(() => JSON.stringify(other.seen.messages.get(ts)?.values).includes('"blue"'));
  const actions = bare.received.map(({ body }) => (body.actions as object[])[0]);
  expect(actions).toMatchObject([
    { action_id: 'go', value: 'now' },
    { action_id: 'more', selected_option: { value: 'blue' } },
    { action_id: 'colour', selected_option: { value: 'blue' } },
  ]);
  await expect(client.request('press', { ...on('more'), option: 7 })).rejects.toThrow('no "7"');
  await bare.call('chat.update', { channel: conversation, ts, text: 'Chosen', blocks: [] });
  await expect(client.request('press', on('go'))).rejects.toThrow('changed this meanwhile');
  other.close();
});

test('an ephemeral message is replaced and deleted by its response_url, without events to the app', async () => {
  const urls: string[] = [];
  bare = await startBareApp(({ body }) => {
    if (typeof body.response_url === 'string') urls.push(body.response_url);
    if (!body.command) return {};
    const button = { type: 'button', action_id: 'go', text: plain('Go') };
    return { body: { text: 'Only you', blocks: [{ type: 'actions', block_id: 'row', elements: [button] }] } };
  });
  client = await PageClient.open(bare.sandbox.url, bare.sandbox.people.anna.id);
  const conversation = client.conversation('general').id;
  await client.request('invite', { conversation, userIds: [bare.sandbox.botUserId] });
  await client.open('general');
  await client.request('run_command', { conversation, text: '/flowers' });
  const { ts } = await client.message('Only you');
  await client.request('press', { surface: 'message', conversation, ts, blockId: 'row', actionId: 'go' });
  await bare.sandbox.traffic.settled();
  bare.received.length = 0;
  const answer = (body: object) =>
    fetch(urls.at(-1) ?? '', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  await answer({ replace_original: true, text: 'Replaced' });
  expect((await client.message('Replaced')).ts).toBe(ts);
  await answer({ delete_original: true });
  await client.until(() => !client.seen.messages.has(ts));
  await bare.sandbox.traffic.settled();
  expect(bare.received).toEqual([]);
});

test('the inspector shows what goes over the wire, and Slack misbehaves on demand', async () => {
  let fail = 0;
  bare = await startBareApp(() => {
    fail -= 1;
    return fail >= 0 ? { status: 500 } : {};
  });
  client = await PageClient.open(bare.sandbox.url, bare.sandbox.people.anna.id);
  await client.request('watch_traffic', { on: true });
  fail = 1;
  const { conversation } = await client.request('create_channel', { name: 'roses' });
  const entry = await client.until(() =>
    [...client.seen.traffic.values()].find(({ type, state }) => type === 'channel_created' && state === 'done'),
  );
  expect(entry).toMatchObject({ kind: 'event', attempts: 2, about: '#roses' });
  const details = await client.request('traffic_details', { entry: entry.id });
  expect(details).toMatchObject({
    payload: { event: { type: 'channel_created' } },
    history: [{ acknowledged: false, status: 500 }, { acknowledged: true }],
  });
  await client.request('fault', { fault: 'redeliver', entry: entry.id });
  expect(client.seen.traffic.get(entry.id)?.attempts).toBe(3);

  await client.request('fault', { fault: 'answer', method: 'conversations.join', status: 500, times: 1 });
  expect(client.seen.wire?.planned).toEqual([{ method: 'conversations.join', answer: '500', left: 1 }]);
  await bare.call('conversations.join', { channel: conversation });
  const failed = await client.until(() =>
    [...client.seen.traffic.values()].find(({ type, state }) => type === 'conversations.join' && state === 'failed'),
  );
  expect(failed).toMatchObject({ kind: 'call', status: 500, about: '#roses' });

  await client.request('fault', { fault: 'hold' });
  for (const name of ['one', 'two']) await client.request('create_channel', { name });
  await client.until(() => client.seen.wire?.held === 2);
  bare.received.length = 0;
  await client.request('fault', { fault: 'release', reverse: true, times: 2 });
  const names = bare.received.map(({ body }) => (body.event as { channel: { name: string } }).channel.name);
  expect(names).toEqual(['two', 'one', 'two', 'one']);
  await expect(client.request('fault', { fault: 'explode' } as never)).rejects.toThrow('fault');
  await expect(client.request('reset', {})).rejects.toThrow('cannot be reset');
});

test('a modal can be closed before the app answers, and its late answer changes nothing', async () => {
  let answerNow = (_: Answer): void => {};
  const answers: Answer[] = [
    {},
    { body: { response_action: 'push', view: { type: 'modal', title: plain('Next'), blocks: [] } } },
  ];
  for (const late of answers) {
    await openModal([input('text', { type: 'plain_text_input' })], (body) =>
      body.type === 'view_submission' ? new Promise((resolve) => (answerNow = resolve)) : {},
    );
    const { viewId } = client.modal;
    const submitted = submit();
    await client.until(() => client.modal.isSubmitting);
    await client.request('close_all', { viewId });
    expect(client.seen.modals).toEqual([]);
    // A second click, and Escape, have no further effect.
    await client.request('close_all', { viewId });
    await client.request('close', { viewId });
    answerNow(late);
    await submitted;
    expect(client.seen.modals).toEqual([]);
    expect(bare.sandbox.violations).toEqual([]);
    client.close();
    await bare.stop();
  }
});
