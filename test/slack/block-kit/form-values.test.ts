import { describe, expect, test } from 'vitest';
import type { Form, FormField } from '../../../src/processes/form.ts';
import type { Json, Variables } from '../../../src/processes/value-types.ts';
import { formBlocks } from '../../../src/slack/block-kit/form-blocks.ts';
import { readFormValues } from '../../../src/slack/block-kit/form-values.ts';
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

function read(overrides: Partial<FormField>, element: object | undefined, variables: Variables = {}, utcOffset = 0) {
  const state = element === undefined ? {} : { 's:field:a': { value: element } };
  const { values, errors } = readFormValues(english, formOf(field(overrides)), state, {
    scope: 's',
    variables,
    utcOffset,
  });
  return { values, errors };
}

const options = [
  { label: 'One', value: 1 },
  { label: 'Two', value: '2' },
];

test('a text that is longer than Slack’s limit is refused at its field', () => {
  const told = { 's:field:a': 'Must have at most 3,000 characters.' };
  expect(read({}, { value: 'x'.repeat(3001) })).toEqual({ values: { a: null }, errors: told });
  expect(read({ required: true }, { value: 'x'.repeat(3_000_000) }).errors).toEqual(told);
  expect(read({}, { value: 'x'.repeat(3000) }).errors).toEqual({});
});

describe('typed values', () => {
  test.each<[string, Partial<FormField>, object, Json]>([
    ['text as it was written', {}, { value: ' x ' }, ' x '],
    ['e-mail without space around', { type: 'email' }, { value: ' a@b.co ' }, 'a@b.co'],
    ['number', { type: 'number' }, { value: '1.50' }, 1.5],
    ['long number', { type: 'number' }, { value: ' 7615917337495251231' }, 7615917337495251231n],
    ['checked', { type: 'boolean' }, { selected_options: [{ value: 'true' }] }, true],
    ['unchecked', { type: 'boolean' }, { selected_options: [] }, false],
    ['date', { type: 'date' }, { selected_date: '2026-01-31' }, '2026-01-31'],
    ['user', { type: 'user' }, { selected_user: 'U0123' }, 'U0123'],
    ['choice of a number', { type: 'choice', options }, { selected_option: { value: 'number:1' } }, 1],
    ['choice of a text', { type: 'choice', options }, { selected_option: { value: '2' } }, '2'],
    ['no choice', { type: 'choice', options }, { selected_option: { value: 'none:' } }, null],
    [
      'files',
      { type: 'files' },
      {
        files: [
          {
            id: 'F1',
            name: 'a.pdf',
            mimetype: 'application/pdf',
            size: 7,
            permalink: 'https://x.slack.com/files/a.pdf',
          },
        ],
      },
      [{ name: 'a.pdf', type: 'application/pdf', size: 7, link: 'https://x.slack.com/files/a.pdf' }],
    ],
    ['empty text', {}, { value: null }, null],
    ['blank text', {}, { value: '  ' }, null],
    ['empty number', { type: 'number' }, { value: null }, null],
    ['empty date', { type: 'date' }, { selected_date: null }, null],
    ['empty datetime', { type: 'datetime' }, { selected_date_time: null }, null],
    ['empty files', { type: 'files' }, { files: [] }, null],
  ])('%s', (_, overrides, element, value) => {
    expect(read(overrides, element)).toEqual({ values: { a: value }, errors: {} });
  });

  test.each([
    [0, '2026-01-31T09:30:00Z'],
    [3600, '2026-01-31T10:30:00+01:00'],
    [-12600, '2026-01-31T06:00:00-03:30'],
  ])('datetime at offset %i', (utcOffset, value) => {
    const element = { selected_date_time: Date.UTC(2026, 0, 31, 9, 30) / 1000 };
    expect(read({ type: 'datetime' }, element, {}, utcOffset).values).toEqual({ a: value });
  });
});

describe('mistakes, by block', () => {
  test.each<[string, Partial<FormField>, object | undefined]>([
    ['missing', { required: true }, { value: null }],
    ['not in the state', { required: true }, undefined],
    ['unchecked', { type: 'boolean', required: true }, { selected_options: [] }],
    ['no number', { type: 'number' }, { value: 'many' }],
    ['infinite', { type: 'number' }, { value: 'Infinity' }],
    ['forged option', { type: 'choice', options }, { selected_option: { value: '1' } }],
    ['too long', { maxLength: 3 }, { value: 'abcd' }],
    ['no phone number', { type: 'phone' }, { value: 'call me' }],
  ])('%s', (_, overrides, element) => {
    expect(Object.keys(read(overrides, element).errors)).toEqual(['s:field:a']);
  });
});

test('only the form’s own fields are read', () => {
  const state = {
    's:field:a': { value: { value: 'mine' } },
    's:field:isAdmin': { value: { value: 'yes' } },
    'other:field:a': { value: { value: 'theirs' } },
  };
  expect(readFormValues(english, formOf(field({})), state, { scope: 's' }).values).toEqual({ a: 'mine' });
});

describe('what was shown and left alone', () => {
  test('a text longer than Slack can hold keeps its length, an edited one does not', () => {
    const transcript = 'line\n'.repeat(1000);
    const [block] = formBlocks(english, formOf(field({})), { a: transcript }, { scope: 's' });
    const shown = block?.type === 'input' && 'initial_value' in block.element ? block.element.initial_value : undefined;
    expect(String(shown).length).toBeLessThanOrEqual(3000);
    expect(read({}, { value: shown }, { a: transcript }).values).toEqual({ a: transcript });
    expect(read({}, { value: 'other' }, { a: transcript }).values).toEqual({ a: 'other' });
  });

  test('a text that the field itself cut stays cut', () => {
    expect(read({ maxLength: 5 }, { value: 'abcd…' }, { a: 'abcdefgh' })).toEqual({
      values: { a: 'abcd…' },
      errors: {},
    });
  });

  test('files stay unless others are uploaded', () => {
    const there = [{ name: 'a.pdf', type: 'application/pdf', size: 1, link: 'https://x.slack.com/a' }];
    const required = { type: 'files', required: true } as const;
    expect(read(required, { files: [] }, { a: there })).toEqual({ values: { a: there }, errors: {} });
    const uploaded = {
      files: [{ name: 'b.pdf', mimetype: 'application/pdf', size: 2, permalink: 'https://x.slack.com/b' }],
    };
    expect(read(required, uploaded, { a: there }).values.a).toMatchObject([{ name: 'b.pdf' }]);
  });

  test('a field that was emptied is empty', () => {
    expect(read({}, { value: null }, { a: 'before' }).values).toEqual({ a: null });
  });
});
