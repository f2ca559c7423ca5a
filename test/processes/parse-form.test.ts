import { describe, expect, test } from 'vitest';
import { parseForm } from '../../src/processes/parse-form.ts';

const form = (...components: object[]) =>
  JSON.stringify({ id: 'a-form', type: 'default', schemaVersion: 18, components });
const item = (component: object) => parseForm(form(component)).items[0];

describe('field types', () => {
  test.each([
    ['text', { type: 'textfield' }],
    ['text', { type: 'textarea' }],
    ['text', { type: 'textfield', validate: { validationType: 'custom', pattern: '^a$' } }],
    ['email', { type: 'textfield', validate: { validationType: 'email' } }],
    ['phone', { type: 'textarea', validate: { validationType: 'phone' } }],
    ['link', { type: 'textfield', properties: { type: 'link' } }],
    ['user', { type: 'textfield', properties: { type: 'user' } }],
    ['number', { type: 'number' }],
    ['boolean', { type: 'checkbox' }],
    ['date', { type: 'datetime' }],
    ['date', { type: 'datetime', subtype: 'date' }],
    ['datetime', { type: 'datetime', subtype: 'datetime' }],
    ['choice', { type: 'select', values: [{ label: 'A', value: 'a' }] }],
    ['choice', { type: 'radio', values: [{ label: 'A', value: 'a' }] }],
    ['choice', { type: 'select', valuesKey: 'managers' }],
    ['files', { type: 'filepicker' }],
  ])('%s from %j', (type, component) => {
    expect(item({ key: 'field', ...component })).toMatchObject({ kind: 'field', key: 'field', type });
  });
});

test('everything about a field', () => {
  expect(
    item({
      type: 'textfield',
      key: 'clientName',
      label: 'Name',
      description: 'As in the passport',
      defaultValue: 'Ann',
      validate: { required: true, minLength: '2', maxLength: 40, pattern: '^A', patternErrorMessage: 'Begin with A' },
    }),
  ).toEqual({
    kind: 'field',
    key: 'clientName',
    label: 'Name',
    description: 'As in the passport',
    type: 'text',
    required: true,
    defaultValue: 'Ann',
    minLength: 2,
    maxLength: 40,
    pattern: '^A',
    patternMessage: 'Begin with A',
  });
});

test('a number with its limits; a label is the key where there is none', () => {
  expect(
    item({
      type: 'number',
      key: 'sum',
      defaultValue: '5',
      decimalDigits: 2,
      increment: '0.5',
      validate: { min: 0, max: '9.5' },
    }),
  ).toEqual({
    kind: 'field',
    key: 'sum',
    label: 'sum',
    type: 'number',
    required: false,
    defaultValue: 5,
    minimum: 0,
    maximum: 9.5,
    decimalDigits: 2,
    increment: 0.5,
  });
});

test('choices keep their JSON types', () => {
  const values = [{ label: 'One', value: 1 }, { label: 'Two', value: '2' }, { value: true }];
  expect(item({ type: 'radio', key: 'choice', values, defaultValue: 1 })).toMatchObject({
    display: 'radio',
    defaultValue: 1,
    options: [
      { label: 'One', value: 1 },
      { label: 'Two', value: '2' },
      { label: 'true', value: true },
    ],
  });
});

test('files: one unless multiple, with what is accepted', () => {
  expect(item({ type: 'filepicker', key: 'scan', accept: '.PDF, image/*' })).toMatchObject({
    maxFiles: 1,
    accept: ['.pdf', 'image/*'],
  });
  expect(item({ type: 'filepicker', key: 'scans', multiple: true })).not.toHaveProperty('maxFiles');
});

test('groups are flattened, layout is left out, and read-only fields are shown as text', () => {
  const parsed = parseForm(
    form(
      { type: 'separator' },
      { type: 'spacer' },
      { type: 'button', label: 'Submit' },
      { type: 'text', text: '# Hello {{clientName}}' },
      { type: 'group', label: 'Client', components: [{ type: 'textfield', key: 'name' }] },
      { type: 'textfield', key: 'source', label: 'Source', disabled: true },
      { type: 'image', source: 'https://example.com/a.png', alt: 'Logo' },
    ),
  );
  expect(parsed.items).toEqual([
    { kind: 'text', text: '# Hello {{clientName}}' },
    { kind: 'text', text: '**Client**' },
    { kind: 'field', key: 'name', label: 'name', type: 'text', required: false },
    { kind: 'text', text: '**Source**: {{source}}' },
    { kind: 'text', text: '[Logo](<https://example.com/a.png>)' },
  ]);
});

test('a dynamic list repeats its parts, unless it says that it does not; one without parts is its heading', () => {
  const list = { type: 'dynamiclist', label: 'Guests', path: 'trip.guests' };
  const components = [{ type: 'textfield', key: 'name' }];
  const name = { kind: 'field', key: 'name', label: 'name', type: 'text', required: false };
  const heading = { kind: 'text', text: '**Guests**' };
  const read = (more: object) => parseForm(form({ ...list, ...more })).items;
  expect(read({ components })).toEqual([heading, { kind: 'list', key: 'trip.guests', items: [name], repetitions: 1 }]);
  expect(read({ components, defaultRepetitions: 0, allowAddRemove: false })).toEqual([
    heading,
    { kind: 'list', key: 'trip.guests', items: [name], repetitions: 0, isFixed: true },
  ]);
  expect(read({ components, isRepeating: false })).toMatchObject([heading, { kind: 'field', key: 'trip.guests.name' }]);
  expect(read({ components: [] })).toEqual([heading]);
});

test('an image without a web address is its alternative text', () => {
  const read = (...images: object[]) => parseForm(form(...images.map((image) => ({ type: 'image', ...image })))).items;
  expect(read({ source: 'data:image/png;base64,AAAA', alt: 'Logo of {{company}}' }, { alt: '=title' }, {})).toEqual([
    { kind: 'text', text: 'Logo of {{company}}' },
    { kind: 'text', text: '{{title}}' },
  ]);
  expect(read({ source: 'http://example.com/a.png', alt: 'Logo' })).toEqual([
    { kind: 'text', text: '[Logo](<http://example.com/a.png>)' },
  ]);
});

describe('refused, by name', () => {
  const field = { type: 'textfield', key: 'a', label: 'First' };
  test.each([
    ['checklist without values', { type: 'checklist', key: 'a' }, /checklist \(a\): it has no values/],
    ['iframe', { type: 'iframe', label: 'Map' }, /iframe "Map": this type is not supported/],
    ['dynamic list without a path', { type: 'dynamiclist', components: [field] }, /dynamiclist: it has no path/],
    [
      'half an entry',
      { type: 'dynamiclist', path: 'a', components: [field], defaultRepetitions: 1.5 },
      /defaultRepetitions must be a whole number from 0/,
    ],
    [
      'more entries than there is room for, always',
      { type: 'dynamiclist', path: 'a', components: [field], defaultRepetitions: 6, allowAddRemove: false },
      /the list a always has 6 entries; a Slack modal has room for 5/,
    ],
    [
      'entries that are longer than a modal',
      {
        type: 'dynamiclist',
        path: 'a',
        components: Array.from({ length: 89 }, (_, at) => ({ ...field, key: `a${at}` })),
      },
      /the form has 91 fields and texts; a Slack modal has room for 90/,
    ],
    [
      'one key twice in an entry',
      { type: 'dynamiclist', path: 'a', components: [field, field] },
      /the key a is used by two fields/,
    ],
    [
      'a field within a list',
      {
        type: 'group',
        components: [
          { type: 'dynamiclist', path: 'b', components: [field] },
          { ...field, key: 'b.a' },
        ],
      },
      /the key b.a is within the field b/,
    ],
    ['broken html', { type: 'html', content: '<p>{{a +}}</p>' }, /FEEL syntax error/],
    ['no type', { key: 'a' }, /component \(a\): type must be text/],
    ['no key', { type: 'textfield', label: 'First' }, /textfield "First": it has no key/],
    ['empty name in a key', { ...field, key: 'a..b' }, /not a name that FEEL can use/],
    ['no name as key', { ...field, key: 'client-name' }, /not a name that FEEL can use/],
    ['number first', { ...field, key: '1st' }, /not a name that FEEL can use/],
    ['reserved variable', { ...field, key: 'sessionId' }, /reserved/],
    ['prototype', { ...field, key: '__proto__' }, /reserved/],
    ['broken condition', { ...field, conditional: { hide: '=b +' } }, /conditional.hide: FEEL syntax error in "b \+"/],
    ['broken condition of a group', { type: 'group', conditional: { hide: '=f()' } }, /group: .* calls f\(\)/],
    ['broken path of a group', { type: 'group', path: 'client-1', components: [] }, /path is not a name/],
    ['expression without =', { type: 'expression', key: 'a', expression: 'b' }, /no = in front/],
    ['broken expression', { type: 'expression', key: 'a', expression: '=b +' }, /FEEL syntax error/],
    ['broken label', { ...field, label: '=a +' }, /FEEL syntax error in "a \+"/],
    ['unknown function in a description', { ...field, description: 'Of {{f()}}' }, /calls f\(\)/],
    ['broken limit', { ...field, validate: { maxLength: '=5 +' } }, /maxLength: FEEL syntax error/],
    ['no limit', { ...field, validate: { maxLength: 'many' } }, /validate.maxLength must be a number or an expression/],
    ['limits crossed', { ...field, validate: { minLength: 5, maxLength: 4 } }, /minLength is greater/],
    [
      'broken pattern',
      { ...field, validate: { pattern: '(' } },
      /validate.pattern \( cannot be checked: missing closing/,
    ],
    [
      'pattern that looks ahead',
      { ...field, validate: { pattern: '^(?=a)' } },
      /validate.pattern .* cannot be checked/,
    ],
    ['unknown custom type', { ...field, properties: { type: 'iban' } }, /custom property type is "iban"/],
    ['time', { type: 'datetime', subtype: 'time', key: 'a' }, /subtype time/],
    [
      'half a minute',
      { type: 'datetime', subtype: 'datetime', key: 'a', timeInterval: 0.5 },
      /timeInterval must be a whole number of minutes/,
    ],
    [
      'times without offset',
      { type: 'datetime', subtype: 'datetime', key: 'a', timeSerializingFormat: 'no_timezone' },
      /timeSerializingFormat no_timezone is not supported/,
    ],
    ['unknown function in a text', { type: 'text', text: '{{trimm(a)}}' }, /trimm\(\), which does not exist/],
    ['default of another type', { type: 'number', key: 'a', defaultValue: 'many' }, /does not fit the type number/],
    ['broken values', { type: 'select', key: 'a', valuesExpression: '=b +' }, /options: FEEL syntax error/],
    ['values that are no expression', { type: 'select', key: 'a', valuesExpression: 'b' }, /is not an expression/],
    ['no values', { type: 'select', key: 'a' }, /no values/],
    [
      'a value twice',
      { type: 'select', key: 'a', values: [{ value: 1 }, { label: 'x', value: 1 }] },
      /1 is listed twice/,
    ],
    ['open loop in a text', { type: 'text', text: '{{#loop items}}x' }, /\{\{#loop items\}\} is not closed/],
    [
      'another block in a text',
      { type: 'text', text: '{{#each items}}x{{/each}}' },
      /\{\{#each items\}\} is not supported/,
    ],
    ['crossed blocks', { type: 'text', text: '{{#if a}}{{#loop b}}{{/if}}{{/loop}}' }, /\{\{\/if\}\} closes no/],
    ['broken FEEL in a text', { type: 'text', text: 'Hi {{a +}}' }, /FEEL syntax error in "a \+"/],
  ])('%s', (_, component, reason) => {
    expect(() => parseForm(form(component))).toThrow(reason);
  });

  test.each([
    ['not JSON', '{\n  "id": "x",\n  "components": [,]\n}', /^not JSON: line 3, column 18: value expected$/],
    ['empty', '', /^not JSON: line 1, column 1/],
    ['a list', '[]', /not readable|no id|expected object/],
    ['no id', '{"components": []}', /^the form has no id$/],
    ['no components', '{"id": "a"}', /^the form has no list of components$/],
    [
      'a key within another',
      form({ type: 'textfield', key: 'a' }, { type: 'number', key: 'a.b' }),
      /a.b is within the field a/,
    ],
    ['duplicate keys', form({ type: 'textfield', key: 'a' }, { type: 'number', key: 'a' }), /key a is used by two/],
    [
      'too long for a modal',
      form(...Array.from({ length: 91 }, (_, i) => ({ type: 'textfield', key: `f${i}` }))),
      /91 fields/,
    ],
    [
      'deep in a group',
      form({ type: 'group', label: 'Outer', components: [{ type: 'table', label: 'Inner' }] }),
      /^table "Inner": this type is not supported/,
    ],
  ])('%s', (_, text, reason) => {
    expect(() => parseForm(text)).toThrow(reason);
  });
});
