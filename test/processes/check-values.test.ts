import { describe, expect, test } from 'vitest';
import { checkValues } from '../../src/processes/check-values.ts';
import type { FormField } from '../../src/processes/form.ts';
import type { Json } from '../../src/processes/value-types.ts';
import { message } from '../../src/words/message.ts';
import { english } from '../../src/words/words.ts';

const field = (overrides: Partial<FormField>): FormField => ({
  kind: 'field',
  key: 'a',
  label: 'A',
  type: 'text',
  required: false,
  ...overrides,
});
const now = new Date('2026-03-10T12:00:00Z');
const mistakeOf = (overrides: Partial<FormField>, value: Json) => {
  const variables = { list: [1, { label: 'Two', value: 2 }] };
  const [mistake] = checkValues([field(overrides)], { a: value }, { now, variables });
  return mistake && english(mistake.message);
};

const file = { name: 'Offer.PDF', type: 'application/pdf', size: 1, link: 'https://a.slack.com/f' };
const options = [
  { label: 'One', value: 1 },
  { label: 'Two', value: '2' },
];

describe('accepted', () => {
  test.each<[Partial<FormField>, Json]>([
    [{}, 'text'],
    [{}, null],
    [{}, ''],
    [{ minLength: 3, maxLength: 3, pattern: '^a' }, 'abc'],
    [{ minLength: 3 }, ''],
    [{ maxLength: 3 }, ' abc '],
    [{ type: 'number', minimum: 0, maximum: 0 }, 0],
    [{ type: 'number', required: true }, 0],
    [{ type: 'number', decimalDigits: 2 }, 19.99],
    [{ type: 'number', decimalDigits: 2 }, 90071992547409.91],
    [{ type: 'number', decimalDigits: 2 }, 0.1 + 0.2],
    [{ type: 'number', decimalDigits: 1, increment: 0.1 }, 0.3],
    [{ type: 'boolean' }, false],
    [{ type: 'boolean', required: true }, true],
    [{ type: 'date' }, '2024-02-29'],
    [{ type: 'date', disallowPast: true }, '2026-03-10'],
    [{ type: 'datetime' }, '2026-03-10T09:30:00+01:00'],
    [{ type: 'datetime', disallowPast: true }, '2026-03-10T12:00Z'],
    [{ type: 'choice', options }, 1],
    [{ type: 'choice', options }, '2'],
    [{ type: 'choice', optionsFrom: 'list' }, 2],
    [{ type: 'email' }, 'ann.o-neil+x@mail.example.co.uk'],
    [{ type: 'email' }, 'анна@почта.рф'],
    [{ type: 'phone' }, '+49 (30) 664-040-900'],
    [{ type: 'phone' }, '112'],
    [{ type: 'link' }, 'https://example.com/a?b=1'],
    [{ type: 'user' }, 'U012AB3CD'],
    [{ type: 'files', maxFiles: 1, accept: ['.pdf'] }, [file]],
    [{ type: 'files', accept: ['application/*'] }, [file, file]],
    [{ type: 'files' }, []],
  ])('%j takes %j', (overrides, value) => {
    expect(mistakeOf(overrides, value)).toBeUndefined();
  });
});

test('integers beyond 2^53 have no decimal digits, and fit tiny increments', () => {
  expect(mistakeOf({ type: 'number', decimalDigits: 7 }, 2n ** 60n)).toBeUndefined();
  expect(mistakeOf({ type: 'number', increment: 2.5e-7 }, 2n ** 60n)).toBeUndefined();
  expect(mistakeOf({ type: 'number', increment: 5 }, 2n ** 60n)).toBe('Must be a multiple of 5.');
});

describe('refused', () => {
  test.each<[Partial<FormField>, Json, string | RegExp]>([
    [{ required: true }, null, 'This is required.'],
    [{ required: true }, '  ', 'This is required.'],
    [{ type: 'files', required: true }, [], 'This is required.'],
    [{ type: 'boolean', required: true }, false, 'This has to be checked.'],
    [{}, 5, 'Must be text.'],
    [{ minLength: 3 }, 'ab ', 'Must have at least 3 characters.'],
    [{ maxLength: 1 }, 'ab', 'Must have at most 1 character.'],
    [{ pattern: '^a' }, 'b', 'Must match the pattern ^a'],
    [{ pattern: '^a', patternMessage: 'Begin with a' }, 'b', 'Begin with a'],
    [{ type: 'number' }, '5', 'Must be a number.'],
    [{ type: 'number', minimum: 1 }, 0, 'Must be 1 or more.'],
    [{ type: 'number', maximum: 1 }, 1.5, 'Must be 1 or less.'],
    [{ type: 'number', decimalDigits: 0 }, 1.5, 'Must be a whole number.'],
    [{ type: 'number', decimalDigits: 2 }, 1.555, /at most 2 digits/],
    [{ type: 'number', decimalDigits: 2 }, 12_345_678.905, /at most 2 digits/],
    [{ type: 'number', decimalDigits: 2 }, 1e-12, /at most 2 digits/],
    [{ type: 'number', decimalDigits: 0 }, 1_000_000_000.5, 'Must be a whole number.'],
    [{ type: 'number', increment: 5 }, 12, 'Must be a multiple of 5.'],
    [{ type: 'boolean' }, 'true', 'Must be yes or no.'],
    [{ type: 'date' }, '2026-02-30', /Must be a date/],
    [{ type: 'date' }, '10.03.2026', /Must be a date/],
    [{ type: 'date', disallowPast: true }, '2026-03-09', 'Must not be in the past.'],
    [{ type: 'datetime' }, '2026-03-10T09:30:00', /with an offset/],
    [{ type: 'datetime' }, '2026-02-30T09:30:00Z', /with an offset/],
    [{ type: 'datetime' }, '2026-03-10T29:30:00Z', /with an offset/],
    [{ type: 'datetime', disallowPast: true }, '2026-03-10T11:58:00Z', 'Must not be in the past.'],
    [{ type: 'choice', options }, '1', 'Must be one of the options.'],
    [{ type: 'choice', optionsFrom: 'list' }, 'Two', 'Must be one of the options.'],
    [{ type: 'choice', optionsFrom: 'nothing' }, 'a', 'Must be one of the options.'],
    [{ type: 'choice', optionsFrom: 'toString' }, 'a', 'Must be one of the options.'],
    [{ type: 'email' }, 'ann@example', /e-mail/],
    [{ type: 'email' }, 'Ann <ann@example.com>', /e-mail/],
    [{ type: 'phone' }, 'call me', /phone/],
    [{ type: 'phone' }, '12', /phone/],
    [{ type: 'link' }, 'example.com', /link/],
    [{ type: 'link' }, 'javascript:alert(1)', /link/],
    [{ type: 'user' }, '@ann', /person/],
    [{ type: 'files' }, 'a.pdf', 'Must be files.'],
    [{ type: 'files', maxFiles: 1 }, [file, file], 'Must be one file.'],
    [{ type: 'files', accept: ['.doc', 'image/*'] }, [file], 'Offer.PDF is not one of .doc, image/*.'],
  ])('%j refuses %j', (overrides, value, text) => {
    expect(mistakeOf(overrides, value)).toMatch(text instanceof RegExp ? text : exactly(text));
  });
});

function exactly(text: string): RegExp {
  return new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);
}

test('one mistake per field, in their order; inherited names are no values', () => {
  const fields = [
    field({ key: 'constructor', required: true }),
    field({ key: 'b', minLength: 5, pattern: 'x' }),
    field({ key: 'c' }),
  ];
  expect(checkValues(fields, { b: 'a', other: 1 })).toEqual([
    { key: 'constructor', message: message('mistake.required') },
    { key: 'b', message: message('mistake.tooShort', { count: 5 }) },
  ]);
});
