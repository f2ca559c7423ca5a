import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type BareApp, startBareApp } from './helpers.ts';

let bare: BareApp;
beforeEach(async () => {
  bare = await startBareApp(() => ({}));
});
afterEach(() => bare.stop());

const plain = (text: string) => ({ type: 'plain_text', text });
const option = (n: number) => ({ text: plain(`Option ${n}`), value: `value-${n}` });
const times = <T>(count: number, make: (n: number) => T) => Array.from({ length: count }, (_, n) => make(n));
const input = (element: object, more: object = {}) => ({ type: 'input', label: plain('Label'), element, ...more });
const section = (more: object = {}) => ({ type: 'section', text: plain('Text'), ...more });
const modal = (blocks: unknown, more: object = {}) => ({
  type: 'modal',
  title: plain('Title'),
  submit: plain('Send'),
  blocks,
  ...more,
});
const select = (more: object) => ({ type: 'static_select', action_id: 'select', ...more });

async function trigger(): Promise<string> {
  await bare.sandbox.people.anna.command('/flowers');
  return String(bare.received.at(-1)?.body.trigger_id);
}

const badViews: [string, unknown, string][] = [
  [
    'long title',
    modal([], { title: plain('x'.repeat(25)) }),
    'must be less than 25 characters [json-pointer:/view/title/text]',
  ],
  ['no title', { type: 'modal', blocks: [] }, 'missing required field: title [json-pointer:/view]'],
  [
    'mrkdwn title',
    modal([], { title: { type: 'mrkdwn', text: 'x' } }),
    'unsupported type: mrkdwn [json-pointer:/view/title/type]',
  ],
  [
    'long submit',
    modal([], { submit: plain('x'.repeat(25)) }),
    'must be less than 25 characters [json-pointer:/view/submit/text]',
  ],
  ['empty submit', modal([], { submit: plain('') }), 'must be more than 0 characters [json-pointer:/view/submit/text]'],
  [
    'long metadata',
    modal([], { private_metadata: 'x'.repeat(3001) }),
    'must be less than 3001 characters [json-pointer:/view/private_metadata]',
  ],
  [
    'long callback id',
    modal([], { callback_id: 'x'.repeat(256) }),
    'must be less than 256 characters [json-pointer:/view/callback_id]',
  ],
  ['unknown field', modal([], { colour: 'red' }), 'invalid additional property: colour [json-pointer:/view]'],
  ['101 blocks', modal(times(101, () => section())), 'no more than 100 items allowed [json-pointer:/view/blocks]'],
  [
    'input without submit',
    modal([input({ type: 'plain_text_input' })], { submit: undefined }),
    'missing required field: submit',
  ],
  ['empty section', modal([{ type: 'section' }]), 'missing required field: text [json-pointer:/view/blocks/0]'],
  [
    'long section',
    modal([section({ text: plain('x'.repeat(3001)) })]),
    'must be less than 3001 characters [json-pointer:/view/blocks/0/text/text]',
  ],
  [
    '11 fields',
    modal([section({ fields: times(11, () => plain('x')) })]),
    'no more than 10 items allowed [json-pointer:/view/blocks/0/fields]',
  ],
  [
    'long field',
    modal([section({ fields: [plain('x'.repeat(2001))] })]),
    'must be less than 2001 characters [json-pointer:/view/blocks/0/fields/0/text]',
  ],
  [
    'long header',
    modal([{ type: 'header', text: plain('x'.repeat(151)) }]),
    'must be less than 151 characters [json-pointer:/view/blocks/0/text/text]',
  ],
  [
    '11 context elements',
    modal([{ type: 'context', elements: times(11, () => plain('x')) }]),
    'no more than 10 items allowed [json-pointer:/view/blocks/0/elements]',
  ],
  [
    '26 actions',
    modal([{ type: 'actions', elements: times(26, () => ({ type: 'button', text: plain('x') })) }]),
    'no more than 25 items allowed [json-pointer:/view/blocks/0/elements]',
  ],
  [
    'no actions',
    modal([{ type: 'actions', elements: [] }]),
    'no fewer than 1 items allowed [json-pointer:/view/blocks/0/elements]',
  ],
  [
    'long button',
    modal([{ type: 'actions', elements: [{ type: 'button', text: plain('x'.repeat(76)) }] }]),
    'must be less than 76 characters [json-pointer:/view/blocks/0/elements/0/text/text]',
  ],
  [
    'long label',
    modal([input({ type: 'plain_text_input' }, { label: plain('x'.repeat(2001)) })]),
    'must be less than 2001 characters [json-pointer:/view/blocks/0/label/text]',
  ],
  [
    'long hint',
    modal([input({ type: 'plain_text_input' }, { hint: plain('x'.repeat(2001)) })]),
    'must be less than 2001 characters [json-pointer:/view/blocks/0/hint/text]',
  ],
  [
    'long placeholder',
    modal([input({ type: 'plain_text_input', placeholder: plain('x'.repeat(151)) })]),
    'must be less than 151 characters [json-pointer:/view/blocks/0/element/placeholder/text]',
  ],
  [
    'max_length',
    modal([input({ type: 'plain_text_input', max_length: 3001 })]),
    'must be less than or equal to 3000 [json-pointer:/view/blocks/0/element/max_length]',
  ],
  [
    'initial value too long',
    modal([input({ type: 'plain_text_input', max_length: 2, initial_value: 'xxx' })]),
    'must be less than 3 characters [json-pointer:/view/blocks/0/element/initial_value]',
  ],
  [
    'long action id',
    modal([input({ type: 'plain_text_input', action_id: 'x'.repeat(256) })]),
    'must be less than 256 characters [json-pointer:/view/blocks/0/element/action_id]',
  ],
  [
    'long block id',
    modal([section({ block_id: 'x'.repeat(256) })]),
    'must be less than 256 characters [json-pointer:/view/blocks/0/block_id]',
  ],
  [
    'same block id',
    modal([section({ block_id: 'a' }), section({ block_id: 'a' })]),
    '`block_id` a is not unique [json-pointer:/view/blocks/1/block_id]',
  ],
  [
    'same action id',
    modal([
      {
        type: 'actions',
        elements: [
          { type: 'button', text: plain('x'), action_id: 'a' },
          { type: 'button', text: plain('y'), action_id: 'a' },
        ],
      },
    ]),
    '`action_id` a already exists in this block',
  ],
  [
    '101 options',
    modal([input(select({ options: times(101, option) }))]),
    'no more than 100 items allowed [json-pointer:/view/blocks/0/element/options]',
  ],
  [
    'no options',
    modal([input(select({ options: [] }))]),
    'no fewer than 1 items allowed [json-pointer:/view/blocks/0/element/options]',
  ],
  [
    'long option',
    modal([input(select({ options: [{ text: plain('x'.repeat(76)), value: 'x' }] }))]),
    'must be less than 76 characters [json-pointer:/view/blocks/0/element/options/0/text/text]',
  ],
  [
    'long option value',
    modal([input(select({ options: [{ text: plain('x'), value: 'x'.repeat(151) }] }))]),
    'must be less than 151 characters [json-pointer:/view/blocks/0/element/options/0/value]',
  ],
  [
    'long group label',
    modal([input(select({ option_groups: [{ label: plain('x'.repeat(76)), options: [option(1)] }] }))]),
    'must be less than 76 characters [json-pointer:/view/blocks/0/element/option_groups/0/label/text]',
  ],
  [
    'foreign initial option',
    modal([input(select({ options: [option(1)], initial_option: option(2) }))]),
    'must match one of the available options',
  ],
  [
    'renamed initial option',
    modal([input(select({ options: [option(1)], initial_option: { ...option(1), text: plain('x') } }))]),
    'must match one of the available options',
  ],
  [
    'bad date',
    modal([input({ type: 'datepicker', initial_date: '2026-13-01' })]),
    'must provide a valid date (YYYY-MM-DD) [json-pointer:/view/blocks/0/element/initial_date]',
  ],
  [
    '11 checkboxes',
    modal([input({ type: 'checkboxes', options: times(11, option) })]),
    'no more than 10 items allowed [json-pointer:/view/blocks/0/element/options]',
  ],
  [
    '6 menu items',
    modal([section({ accessory: { type: 'overflow', options: times(6, option) } })]),
    'no more than 5 items allowed [json-pointer:/view/blocks/0/accessory/options]',
  ],
  [
    'button as input',
    modal([input({ type: 'button', text: plain('x') })]),
    'unsupported type: button [json-pointer:/view/blocks/0/element/type]',
  ],
  [
    'text input as accessory',
    modal([section({ accessory: { type: 'plain_text_input' } })]),
    'unsupported type: plain_text_input [json-pointer:/view/blocks/0/accessory/type]',
  ],
  [
    'number without decimals said',
    modal([input({ type: 'number_input' })]),
    'missing required field: is_decimal_allowed',
  ],
  ['unknown block', modal([{ type: 'carpet' }]), 'unsupported type: carpet [json-pointer:/view/blocks/0/type]'],
];

describe('views that Slack refuses', () => {
  test.each(badViews)('%s', async (_name, view, message) => {
    const id = await trigger();
    const answer = await bare.call('views.open', { trigger_id: id, view });
    expect(answer).toMatchObject({ ok: false, error: 'invalid_arguments' });
    expect(JSON.stringify(answer.response_metadata)).toContain(message.replaceAll('"', '\\"'));
    expect(bare.sandbox.violations).toMatchObject([{ kind: 'web_api', subject: 'views.open' }]);
    // A refused view does not use up the trigger.
    expect(await bare.call('views.open', { trigger_id: id, view: modal([]) })).toMatchObject({ ok: true });
  });

  test('at the limits they are accepted', async () => {
    const view = modal(
      [
        ...times(98, () => section()),
        input(select({ options: times(100, option), initial_option: option(99) })),
        section({ text: plain('x'.repeat(3000)), accessory: { type: 'overflow', options: times(5, option) } }),
      ],
      { title: plain('x'.repeat(24)), private_metadata: 'x'.repeat(3000) },
    );
    expect(await bare.call('views.open', { trigger_id: await trigger(), view })).toMatchObject({ ok: true });
    expect(bare.sandbox.violations).toEqual([]);
  });
});

describe('trigger ids', () => {
  test('can be used once', async () => {
    const id = await trigger();
    expect(await bare.call('views.open', { trigger_id: id, view: modal([]) })).toMatchObject({ ok: true });
    expect(await bare.call('views.open', { trigger_id: id, view: modal([]) })).toMatchObject({
      ok: false,
      error: 'exchanged_trigger_id',
    });
  });

  test('expire, and cannot be invented', async () => {
    const id = await trigger();
    bare.sandbox.timings.triggerMs = 0;
    expect((await bare.call('views.open', { trigger_id: id, view: modal([]) })).error).toBe('expired_trigger_id');
    expect((await bare.call('views.open', { trigger_id: 'x', view: modal([]) })).error).toBe('invalid_trigger_id');
  });
});

describe('messages that Slack refuses', () => {
  const bad: [string, object, string][] = [
    ['nothing to say', {}, 'no_text'],
    ['a long text', { text: 'x'.repeat(40_001) }, 'msg_too_long'],
    ['51 blocks', { blocks: times(51, () => section()) }, 'invalid_blocks'],
    ['blocks that are none', { text: 'x', blocks: 'x' }, 'invalid_blocks_format'],
    ['a file field', { text: 'x', blocks: [input({ type: 'file_input' })] }, 'invalid_blocks'],
    ['metadata without a type', { text: 'x', metadata: { event_payload: {} } }, 'invalid_metadata_schema'],
    ['a reply to nothing', { text: 'x', thread_ts: '1.000001' }, 'thread_not_found'],
    ['a made-up author', { text: 'x', username: 'Anna' }, 'missing_scope'],
  ];
  test.each(bad)('%s', async (_name, content, error) => {
    await bare.sandbox.people.anna.invite('general', 'app');
    const { id } = bare.sandbox.channel('general');
    expect(await bare.call('chat.postMessage', { channel: id, ...content })).toMatchObject({ ok: false, error });
  });
});
