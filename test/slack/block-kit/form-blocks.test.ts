import type { types } from '@slack/bolt';
import { describe, expect, test } from 'vitest';
import { viewErrors } from '../../../sandbox/block-kit/view.ts';
import type { Form, FormField } from '../../../src/processes/form.ts';
import { showForm } from '../../../src/processes/show-form.ts';
import type { Json, Variables } from '../../../src/processes/value-types.ts';
import { optionsFor } from '../../../src/slack/block-kit/choice-options.ts';
import { fieldBlockId, fieldOfBlock } from '../../../src/slack/block-kit/field-block-id.ts';
import { formBlocks } from '../../../src/slack/block-kit/form-blocks.ts';
import { english } from '../../../src/words/words.ts';

const field = (overrides: Partial<FormField>): FormField => ({
  kind: 'field',
  key: 'a',
  label: 'A',
  type: 'text',
  required: false,
  ...overrides,
});
const formOf = (...items: Form['items']): Form => ({ id: 'f', items });

/** Expects that Slack accepts a modal with these blocks. */
function accepted(blocks: types.KnownBlock[]): types.KnownBlock[] {
  const view = {
    type: 'modal',
    title: { type: 'plain_text', text: 'Form' },
    submit: { type: 'plain_text', text: 'Submit' },
    blocks,
  };
  expect(viewErrors(view, 'modal')).toEqual([]);
  return blocks;
}

function inputOf(overrides: Partial<FormField>, variables: Variables = {}): types.InputBlock {
  const [block] = accepted(formBlocks(english, formOf(field(overrides)), variables, { scope: 't1' }));
  if (block?.type !== 'input') throw new Error('not an input');
  return block;
}
const elementOf = (overrides: Partial<FormField>, initial?: Json, variables: Variables = {}) =>
  inputOf(overrides, initial === undefined ? variables : { ...variables, a: initial }).element;

const numbered = (count: number) => Array.from({ length: count }, (_, i) => ({ label: `Option ${i}`, value: i }));

test('an input block has the label, the description as hint and an id of its form', () => {
  expect(inputOf({ label: 'Name', description: 'In full', required: true })).toMatchObject({
    type: 'input',
    block_id: 't1:field:a',
    label: { type: 'plain_text', text: 'Name' },
    hint: { type: 'plain_text', text: 'In full' },
    optional: false,
  });
  expect(inputOf({})).not.toHaveProperty('hint');
  expect(inputOf({}).optional).toBe(true);
});

describe('elements', () => {
  test.each<[string, Partial<FormField>, Json | undefined, object]>([
    ['text', {}, 'x', { type: 'plain_text_input', multiline: false, max_length: 3000, initial_value: 'x' }],
    ['textarea', { display: 'multiline' }, 'x', { multiline: true }],
    ['a text with breaks needs lines', {}, 'x\ny', { multiline: true, initial_value: 'x\ny' }],
    ['lengths', { minLength: 2, maxLength: 5 }, 'abcdefg', { min_length: 2, max_length: 5, initial_value: 'abcd…' }],
    ['a longer limit than Slack has', { maxLength: 5000 }, 'a', { max_length: 3000 }],
    ['phone', { type: 'phone' }, '+49 30 1', { type: 'plain_text_input', initial_value: '+49 30 1' }],
    ['e-mail', { type: 'email' }, 'a@b.co', { type: 'email_text_input', initial_value: 'a@b.co' }],
    ['link', { type: 'link' }, 'https://a.co', { type: 'url_text_input', initial_value: 'https://a.co' }],
    ['user', { type: 'user' }, 'U0123', { type: 'users_select', initial_user: 'U0123' }],
    ['date', { type: 'date' }, '2026-01-31', { type: 'datepicker', initial_date: '2026-01-31' }],
    [
      'datetime',
      { type: 'datetime' },
      '2026-01-31T10:00:00+01:00',
      { type: 'datetimepicker', initial_date_time: Date.UTC(2026, 0, 31, 9) / 1000 },
    ],
    [
      'number',
      { type: 'number', minimum: 0, maximum: 10 },
      0,
      { type: 'number_input', is_decimal_allowed: true, min_value: '0', max_value: '10', initial_value: '0' },
    ],
    ['whole number', { type: 'number', decimalDigits: 0 }, undefined, { is_decimal_allowed: false }],
    ['checkbox', { type: 'boolean' }, true, { type: 'checkboxes', initial_options: [expect.anything()] }],
    [
      'select',
      { type: 'choice', options: numbered(3) },
      2,
      { type: 'static_select', initial_option: { text: { type: 'plain_text', text: 'Option 2' }, value: 'number:2' } },
    ],
    [
      'radio',
      { type: 'choice', display: 'radio', required: true, options: numbered(10) },
      0,
      { type: 'radio_buttons' },
    ],
    ['files', { type: 'files', maxFiles: 3, accept: ['.pdf'] }, undefined, { max_files: 3, filetypes: ['pdf'] }],
    ['files of a kind', { type: 'files', maxFiles: 20, accept: ['image/*'] }, undefined, { max_files: 10 }],
    ['default', { defaultValue: 'd' }, undefined, { initial_value: 'd' }],
    ['the variable beats the default', { defaultValue: 'd' }, 'v', { initial_value: 'v' }],
    ['a value of another type gives way', { defaultValue: 'd' }, 5, { initial_value: 'd' }],
    [
      'a choice that is none gives way',
      { type: 'choice', options: numbered(3), defaultValue: 1 },
      9,
      {
        initial_option: { text: { type: 'plain_text', text: 'Option 1' }, value: 'number:1' },
      },
    ],
  ])('%s', (_, overrides, initial, element) => {
    expect(elementOf(overrides, initial)).toMatchObject(element);
  });

  test.each<[string, Partial<FormField>, Json, string]>([
    ['unchecked', { type: 'boolean' }, false, 'initial_options'],
    ['no e-mail', { type: 'email' }, 'ann', 'initial_value'],
    ['no link', { type: 'link' }, 'example.com', 'initial_value'],
    ['no user', { type: 'user' }, 'Ann', 'initial_user'],
    ['no date', { type: 'date' }, '31.01.2026', 'initial_date'],
    ['before ten digits', { type: 'datetime' }, '1990-01-01T00:00:00Z', 'initial_date_time'],
    ['above the maximum', { type: 'number', maximum: 5 }, 6, 'initial_value'],
    ['with an exponent', { type: 'number' }, 1e21, 'initial_value'],
    ['too short for Slack', { minLength: 5 }, 'abc', 'initial_value'],
    ['no choice', { type: 'choice', options: numbered(3) }, '1', 'initial_option'],
  ])('no initial value where it does not fit: %s', (_, overrides, initial, property) => {
    expect(elementOf(overrides, initial)).not.toHaveProperty(property);
  });
});

describe('choices', () => {
  const optionsOf = (element: types.InputBlock['element']) => ('options' in element ? element.options : []);

  test('an optional select can be set to nothing, a required one cannot', () => {
    expect(optionsOf(elementOf({ type: 'choice', options: numbered(2) }))?.[0]?.value).toBe('none:');
    expect(optionsOf(elementOf({ type: 'choice', options: numbered(2), required: true }))).toHaveLength(2);
  });

  test.each([
    [10, true, 'radio_buttons'],
    [10, false, 'static_select'],
    [100, true, 'static_select'],
    [100, false, 'external_select'],
    [101, true, 'external_select'],
  ])('%i options, required: %s → %s', (count, required, type) => {
    expect(elementOf({ type: 'choice', display: 'radio', required, options: numbered(count) }).type).toBe(type);
  });

  test('the list may be a variable; an empty one still makes a select', () => {
    const byVariable = { type: 'choice', optionsFrom: 'list', required: true } as const;
    expect(optionsOf(elementOf(byVariable, undefined, { list: ['x', { label: 'Why', value: 'y' }] }))).toEqual([
      { text: { type: 'plain_text', text: 'x' }, value: 'x' },
      { text: { type: 'plain_text', text: 'Why' }, value: 'y' },
    ]);
    expect(optionsOf(elementOf(byVariable))).toHaveLength(1);
  });

  test('values stay distinct, and within Slack’s length', () => {
    const options = [1, '1', 'number:1', true, 'true', 'x'.repeat(200), 'none:', ''].map((value) => ({
      label: 'L'.repeat(100),
      value,
    }));
    const shown = optionsOf(elementOf({ type: 'choice', required: true, options })) ?? [];
    expect(new Set(shown.map(({ value }) => value)).size).toBe(8);
    for (const { value, text } of shown) {
      expect(value?.length).toBeLessThanOrEqual(75);
      expect(text.text.length).toBeLessThanOrEqual(75);
    }
  });

  test('a long list is searched', () => {
    const long = field({ type: 'choice', options: numbered(300) });
    expect(optionsFor(long, '')).toHaveLength(100);
    expect(optionsFor(long, '')[0]?.value).toBe('none:');
    expect(optionsFor(long, 'OPTION 299')).toEqual([
      { text: { type: 'plain_text', text: 'Option 299' }, value: 'number:299' },
    ]);
  });
});

test('existing files are named and make the field optional', () => {
  const files = [{ name: 'offer.pdf', type: 'application/pdf', size: 1, link: 'https://x.slack.com/1' }];
  const input = inputOf({ type: 'files', required: true, description: 'The offer' }, { a: files });
  expect(input.optional).toBe(true);
  expect(input.hint?.text).toBe('The offer\nAttached already: offer.pdf. What you upload takes their place.');
  expect(inputOf({ type: 'files', required: true }).optional).toBe(false);
});

test('a mistake is shown at its field', () => {
  const [block] = formBlocks(
    english,
    formOf(field({ description: 'In full' })),
    {},
    { scope: 's', errors: { a: 'Too short.' } },
  );
  expect(block).toMatchObject({ hint: { text: '⚠️ Too short.\nIn full' } });
});

describe('texts', () => {
  const textOf = (text: string, variables: Variables = {}) => {
    const [block] = accepted(formBlocks(english, formOf({ kind: 'text', text }), variables, { scope: 's' }));
    return block?.type === 'section' ? block.text?.text.replaceAll('\u200b', '') : undefined;
  };
  test.each<[string, string, string]>([
    ['Markdown', '# Lead\n**bold** and [link](https://a.co)', '*Lead*\n\n*bold* and <https://a.co|link>'],
    ['FEEL between braces', 'Hello {{name}}, {{sum + 1}}!', 'Hello Ann, 3!'],
    ['one expression', '="Hello " + name', 'Hello Ann'],
    ['what is not there is left out', 'Hello {{nobody}}!', 'Hello !'],
    ['nothing at all', '{{nobody}}', '—'],
    ['a value mentions nobody and hides no address', '{{evil}}', '&lt;!channel&gt; [a](https://b.co) ∗b∗'],
    ['lists', 'Files: {{files}}', 'Files: a.pdf, b.pdf'],
  ])('%s', (_, text, shown) => {
    expect(
      textOf(text, {
        name: 'Ann',
        sum: 2,
        evil: '<!channel> [a](https://b.co) *b*',
        files: [{ name: 'a.pdf' }, { name: 'b.pdf' }],
      }),
    ).toBe(shown);
  });
  test('a long text fits a section', () => {
    expect(textOf('word '.repeat(1000))?.length).toBe(3000);
  });
});

test('the longest accepted form fits a modal, unless its texts exceed Slack’s limit for a view', () => {
  const long = (letters: number) =>
    formOf(
      ...Array.from({ length: 90 }, (_, i) =>
        field({ key: `k${i}`.repeat(100), label: 'L'.repeat(letters), description: 'd'.repeat(letters) }),
      ),
    );
  accepted(formBlocks(english, long(1000), {}, { scope: 's' }));
  expect(() => formBlocks(english, long(3000), {}, { scope: 's' })).toThrow('more than Slack takes');
});

test('block ids are found again, stay within Slack’s length, and differ by scope', () => {
  const long = field({ key: 'k'.repeat(300) });
  const form = showForm(formOf(field({}), long));
  expect(fieldBlockId('s', long.key).length).toBeLessThanOrEqual(255);
  expect(fieldOfBlock(form, 's', fieldBlockId('s', long.key))?.key).toBe(long.key);
  expect(fieldOfBlock(form, 'other', fieldBlockId('s', 'a'))).toBeUndefined();
});
