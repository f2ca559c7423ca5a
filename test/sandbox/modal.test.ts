import { afterEach, describe, expect, test } from 'vitest';
import { type Answer, type BareApp, type Received, startBareApp } from './helpers.ts';

let bare: BareApp;
afterEach(() => bare.stop());

const plain = (text: string) => ({ type: 'plain_text', text });
const input = (id: string, label: string, element: object, more: object = {}) => ({
  type: 'input',
  block_id: id,
  label: plain(label),
  element: { action_id: id, ...element },
  ...more,
});
const modal = (title: string, blocks: object[], more: object = {}) => ({
  type: 'modal',
  title: plain(title),
  submit: plain('Send'),
  callback_id: title.toLowerCase(),
  blocks,
  ...more,
});
const colours = ['Red', 'Blue'].map((text) => ({ text: plain(text), value: text.toLowerCase() }));

/** Opens a modal for Anna with the command; `answer` answers all other deliveries. */
async function open(view: object, answer: (body: Received['body'], nth: number) => Answer = () => ({})) {
  bare = await startBareApp((received, nth) => answer(received.body, nth), { timings: { patienceMs: 300 } });
  const { anna } = bare.sandbox.people;
  await anna.command('/flowers');
  const trigger = bare.received.at(-1)?.body.trigger_id;
  const opened = await bare.call('views.open', { trigger_id: trigger, view });
  expect(opened).toMatchObject({ ok: true });
  const id = (opened as unknown as { view: { id: string; hash: string } }).view;
  return { anna, modal: await anna.modalShown(), id: id.id, hash: id.hash };
}

const every = modal('Every', [
  input('text', 'Text', { type: 'plain_text_input', min_length: 2, initial_value: 'start' }),
  input('email', 'E-mail', { type: 'email_text_input' }),
  input('url', 'Link', { type: 'url_text_input' }),
  input('number', 'Number', { type: 'number_input', is_decimal_allowed: true, max_value: '10' }),
  input('date', 'Date', { type: 'datepicker' }),
  input('time', 'Time', { type: 'timepicker' }),
  input('moment', 'Moment', { type: 'datetimepicker' }),
  input('one', 'One', { type: 'static_select', options: colours }),
  input('many', 'Many', { type: 'multi_static_select', option_groups: [{ label: plain('All'), options: colours }] }),
  input('radio', 'Radio', { type: 'radio_buttons', options: colours, initial_option: colours[1] }),
  input('boxes', 'Boxes', { type: 'checkboxes', options: colours }, { optional: true }),
  input('person', 'Person', { type: 'users_select' }),
  input('people', 'People', { type: 'multi_users_select' }),
  input('channel', 'Channel', { type: 'channels_select' }),
  input('places', 'Places', {
    type: 'multi_conversations_select',
    filter: { include: ['public', 'private'], exclude_external_shared_channels: true },
  }),
  input('files', 'Files', { type: 'file_input', max_files: 2 }),
  input('rich', 'Rich', { type: 'rich_text_input' }),
]);

describe('state values', () => {
  test('of every kind of field, as people fill it', async () => {
    const { modal: shown, anna } = await open(every);
    const { people } = bare.sandbox;
    await shown.fill('Text', 'x');
    await shown.fill('E-mail', 'nobody');
    await shown.fill('Link', 'nowhere');
    await shown.fill('Number', '11');
    const { errors } = await shown.submit();
    expect(errors).toMatchObject({
      Text: 'Please enter at least 2 characters.',
      'E-mail': 'Please enter a valid email address.',
      Link: 'Please enter a valid URL.',
      Number: 'Please enter a number less than or equal to 10.',
      Date: 'Please complete this required field.',
      Files: 'Please complete this required field.',
    });
    expect(errors).not.toHaveProperty('Boxes');
    await shown.fill('Text', 'a <b>');
    await shown.fill('E-mail', 'a@b.example');
    await shown.fill('Link', 'https://b.example/x');
    await shown.fill('Number', 2.5);
    await shown.fill('Date', '2026-02-28');
    await shown.fill('Time', '09:30');
    await shown.fill('Moment', new Date('2026-02-28T09:30:15Z'));
    await shown.choose('One', 'Red');
    await shown.choose('Many', ['Red', 'Blue']);
    await shown.choose('Boxes', ['Blue']);
    await shown.clear('Boxes');
    await shown.choose('Person', 'Carl Client');
    await shown.choose('People', ['Oleg Operator', 'Olga Operator']);
    await shown.choose('Channel', '#general');
    await expect(shown.choose('Channel', 'leadership')).rejects.toThrow('offers no "leadership"');
    await shown.choose('Places', ['general', 'leadership']);
    await expect(shown.choose('Places', ['acme-project'])).rejects.toThrow('offers no "acme-project"');
    await shown.upload('Files', [{ name: 'a.txt', mimetype: 'text/plain', content: 'hello' }]);
    await shown.fill('Rich', 'bold');
    await expect(shown.clear('One')).rejects.toThrow('no way to clear');
    expect(await shown.submit()).toEqual({ closed: true });

    const view = bare.received.at(-1)?.body.view as { state: { values: Record<string, Record<string, object>> } };
    const values = Object.fromEntries(Object.entries(view.state.values).map(([id, value]) => [id, value[id]]));
    const chosen = (n: number) => ({ ...colours[n], text: { ...colours[n]?.text, emoji: true } });
    expect(values).toMatchObject({
      text: { type: 'plain_text_input', value: 'a <b>' },
      email: { type: 'email_text_input', value: 'a@b.example' },
      url: { type: 'url_text_input', value: 'https://b.example/x' },
      number: { type: 'number_input', value: '2.5' },
      date: { type: 'datepicker', selected_date: '2026-02-28' },
      time: { type: 'timepicker', selected_time: '09:30' },
      moment: { type: 'datetimepicker', selected_date_time: Date.parse('2026-02-28T09:30:00Z') / 1000 },
      one: { type: 'static_select', selected_option: chosen(0) },
      many: { type: 'multi_static_select', selected_options: [chosen(0), chosen(1)] },
      radio: { type: 'radio_buttons', selected_option: chosen(1) },
      boxes: { type: 'checkboxes', selected_options: [] },
      person: { type: 'users_select', selected_user: people.carl.id },
      people: { type: 'multi_users_select', selected_users: [people.oleg.id, people.olga.id] },
      channel: { type: 'channels_select', selected_channel: bare.sandbox.channel('general').id },
      places: { type: 'multi_conversations_select' },
      files: { type: 'file_input', files: [{ name: 'a.txt', size: 5 }] },
      rich: { type: 'rich_text_input', rich_text_value: { type: 'rich_text' } },
    });
    const [file] = (values.files as { files: { url_private: string; id: string }[] }).files;
    const read = (token: string) => fetch(file?.url_private ?? '', { headers: { authorization: `Bearer ${token}` } });
    expect(await (await read(bare.sandbox.botToken)).text()).toBe('hello');
    expect(await (await read('wrong')).text()).toContain('Sign in');
    expect(await bare.call('files.info', { file: file?.id })).toMatchObject({ file: { user: anna.id } });
    expect(bare.sandbox.violations).toEqual([]);
  });

  test('stay on an update where the ids stay, and start again where they change', async () => {
    const text = (blockId: string, initial: string) => ({
      ...input(blockId, 'Text', { type: 'plain_text_input', initial_value: initial }),
    });
    const { modal: shown, id, hash } = await open(modal('Form', [text('a', 'one')]));
    await shown.fill('Text', 'typed');
    const update = (view: object, more: object = {}) => bare.call('views.update', { view_id: id, view, ...more });
    expect(await update(modal('Form', [text('a', 'two')]), { hash })).toMatchObject({ ok: true });
    expect(shown.field('Text').value).toBe('typed');
    expect((await update(modal('Form', []), { hash })).error).toBe('hash_conflict');
    await update(modal('Form', [text('b', 'three')]));
    expect(shown.field('Text').value).toBe('three');
    await shown.close();
    expect((await update(modal('Form', []))).error).toBe('not_found');
  });
});

test('a field may begin with the conversation that the person is in', async () => {
  const element = { type: 'conversations_select', default_to_current_conversation: true };
  const { modal: shown } = await open(modal('Where', [input('where', 'Where', element)]));
  expect(shown.field('Where').value).toBe(bare.sandbox.channel('general').id);
});

describe('a stack of views', () => {
  const button = {
    type: 'section',
    block_id: 'row',
    text: plain('Row'),
    accessory: {
      type: 'button',
      action_id: 'more',
      text: plain('More'),
      value: 'v',
      confirm: { title: plain('Sure?'), text: plain('Really'), confirm: plain('Yes'), deny: plain('No') },
    },
  };
  const stacked = (title: string, more: object = {}) => modal(title, [button], { submit: undefined, ...more });

  test('holds three, and closes one by one', async () => {
    const { anna, modal: shown } = await open(stacked('One', { notify_on_close: true }));
    const push = async (title: string) => {
      await shown.click('More', { near: 'Row' });
      const body = bare.received.at(-1)?.body ?? {};
      expect(body).toMatchObject({
        type: 'block_actions',
        container: { type: 'view' },
        view: { state: { values: {} } },
        actions: [{ action_id: 'more', block_id: 'row', type: 'button', value: 'v' }],
      });
      return bare.call('views.push', { trigger_id: body.trigger_id, view: stacked(title) });
    };
    expect(await shown.click('More', { confirm: false })).toBeUndefined();
    expect(await push('Two')).toMatchObject({ ok: true });
    expect(await push('Three')).toMatchObject({ ok: true });
    expect(shown.depth).toBe(3);
    expect((await push('Four')).error).toBe('push_limit_reached');
    await expect(shown.submit()).rejects.toThrow('no submit button');
    await shown.close();
    expect(anna.modal.title).toBe('Two');
    await shown.closeAll();
    expect(shown.isOpen).toBe(false);
    expect(bare.received.at(-1)?.body).toMatchObject({
      type: 'view_closed',
      is_cleared: true,
      view: { callback_id: 'one' },
    });
  });
});

describe('answers to a submission', () => {
  const form = modal('Form', [input('name', 'Name', { type: 'plain_text_input', initial_value: 'x' })]);
  const answering = (answer: Answer) => open(form, (body) => (body.type === 'view_submission' ? answer : {}));

  const bad: [string, Answer][] = [
    ['no acknowledgement', { status: 500 }],
    ['errors at no field', { body: { response_action: 'errors', errors: {} } }],
    ['errors at an unknown block', { body: { response_action: 'errors', errors: { other: 'Wrong' } } }],
    ['a view that is refused', { body: { response_action: 'update', view: modal('x'.repeat(25), []) } }],
    ['an unknown action', { body: { response_action: 'explode' } }],
  ];
  test.each(bad)('%s shows trouble and is noted', async (_name, answer) => {
    const { modal: shown } = await answering(answer);
    const banner = 'We had some trouble connecting. Try again?';
    expect(await shown.submit()).toEqual({ closed: false, banner });
    expect(bare.sandbox.violations).toHaveLength(1);
  });

  test('push, update and clear', async () => {
    const { modal: shown } = await open(form, (body) => {
      if (body.type !== 'view_submission') return {};
      const title = (body.view as { title: { text: string } }).title.text;
      if (title === 'Form') return { body: { response_action: 'push', view: modal('Pushed', []) } };
      if (title === 'Pushed') return { body: { response_action: 'update', view: modal('Updated', []) } };
      return { body: { response_action: 'clear' } };
    });
    await shown.submit();
    expect([shown.title, shown.depth]).toEqual(['Pushed', 2]);
    await shown.submit();
    expect([shown.title, shown.depth]).toEqual(['Updated', 2]);
    expect(await shown.submit()).toEqual({ closed: true });
  });
});

describe('options of external selects', () => {
  const search = modal('Search', [input('q', 'Query', { type: 'external_select', min_query_length: 2 })]);
  const answering = (body: unknown) => open(search, (sent) => (sent.type === 'block_suggestion' ? { body } : {}));

  test('are asked for once enough is typed', async () => {
    const { modal: shown } = await answering({ options: colours });
    await expect(shown.options('Query', 'R')).rejects.toThrow('only after 2 typed characters');
    expect(await shown.options('Query', 'Re')).toMatchObject([
      { label: '', options: [{ text: 'Red' }, { text: 'Blue' }] },
    ]);
    expect(bare.received.at(-1)?.body).toMatchObject({
      type: 'block_suggestion',
      action_id: 'q',
      block_id: 'q',
      value: 'Re',
    });
  });

  test('come from a URL of their own over HTTP, and there are none without it', async () => {
    const { modal: shown } = await answering({ options: colours });
    const { sandbox, url, received } = bare;
    const urls = { events: `${url}/events`, interactivity: `${url}/clicks`, commands: {} };
    sandbox.deliverOverHttp({ ...urls, options: `${url}/options` });
    expect(await shown.options('Query', 'Re')).toHaveLength(1);
    expect(received.at(-1)?.path).toBe('/options');
    sandbox.deliverOverHttp({ ...urls, options: undefined });
    const before = received.length;
    expect(await shown.options('Query', 'Re')).toEqual([]);
    expect(received).toHaveLength(before);
    expect(sandbox.traffic.deliveries.at(-1)?.attempts).toMatchObject([{ reason: 'no_request_url' }]);
  });

  test.each([
    ['101', { options: Array.from({ length: 101 }, () => colours[0]) }],
    ['too long', { options: [{ text: plain('x'.repeat(76)), value: 'x' }] }],
    ['groups and options', { options: colours, option_groups: [] }],
    ['nothing', undefined],
  ])('%s are refused: the person finds nothing', async (_name, body) => {
    const { modal: shown } = await answering(body);
    expect(await shown.options('Query', 'Red')).toEqual([]);
    expect(bare.sandbox.violations).toMatchObject([{ kind: 'answer', error: 'invalid_options' }]);
  });
});

describe('messages with controls', () => {
  test('a button in a direct message, and the URL to answer it', async () => {
    bare = await startBareApp(() => ({}));
    const { oleg } = bare.sandbox.people;
    const dm = (await bare.call('conversations.open', { users: oleg.id })) as unknown as { channel: { id: string } };
    const element = { type: 'button', action_id: 'take', text: plain('Take it'), value: '7' };
    await bare.call('chat.postMessage', {
      channel: dm.channel.id,
      text: 'A task',
      blocks: [{ type: 'actions', elements: [element] }],
    });
    const message = await oleg.receives('A task');
    expect(await message.click('Take it')).toMatchObject({ acknowledged: true });
    const body = bare.received.at(-1)?.body ?? {};
    expect(body).toMatchObject({
      type: 'block_actions',
      user: { id: oleg.id },
      container: { type: 'message', message_ts: message.ts, channel_id: dm.channel.id },
      message: { text: 'A task' },
      actions: [{ action_id: 'take', value: '7' }],
    });
    const respond = (answer: object) =>
      fetch(String(body.response_url), { method: 'POST', body: JSON.stringify(answer) });
    expect((await respond({ replace_original: true, text: 'Taken' })).status).toBe(200);
    expect(oleg.inbox().map((one) => one.text)).toEqual(['Taken']);
    await respond({ delete_original: true });
    expect(oleg.inbox()).toEqual([]);
  });

  test('a command may answer at once', async () => {
    bare = await startBareApp(() => ({ body: { text: 'Only for you' } }));
    const { emma } = bare.sandbox.people;
    await emma.command('/flowers', { in: 'general', text: 'roses' });
    expect(bare.received[0]?.body).toMatchObject({ command: '/flowers', text: 'roses', channel_name: 'general' });
    expect(emma.ephemerals('general').map((message) => message.text)).toEqual(['Only for you']);
  });
});
