import { expect, test } from 'vitest';
import { driftOf, fillParameters, mappingMistakes, parameterChanges } from '../../src/bindings/fill-parameters.ts';
import type { Parameter } from '../../src/processes/process-definition.ts';
import { english } from '../../src/words/words.ts';

const parameters: Parameter[] = [
  { key: 'email', label: 'E-mail', type: 'email', required: true },
  { key: 'count', label: 'Count', type: 'number', required: false },
];

test('values keep their types, and absent ones are left out', () => {
  const mapping = { email: 'client.email', count: 'session.messageCount' };
  expect(fillParameters(mapping, parameters, { 'client.email': 'a@b.example', 'session.messageCount': 0 })).toEqual({
    email: 'a@b.example',
    count: 0,
  });
  expect(fillParameters(mapping, parameters, { 'client.email': 'a@b.example' })).toEqual({ email: 'a@b.example' });
});

test.each([
  [
    'a required one that is absent',
    { email: 'client.email' },
    /“E-mail” is required, but “Client's e-mail” is not known/,
  ],
  ['a required one that is not mapped', {}, /“E-mail” is required and not filled/],
  ['another type', { email: 'client.name' }, /“E-mail” \(e-mail\) cannot be filled from “Client's name” \(text\)/],
  ['a parameter that is gone', { email: 'client.email', old: 'client.name' }, /no parameter “old”/],
  ['a property that is gone', { email: 'client.shoeSize' }, /no property “client.shoeSize”/],
])('%s fails with its reason', (_, mapping, reason) => {
  expect(() => fillParameters(mapping, parameters, {})).toThrow(reason);
});

test('a mapping of unequal types is a mistake', () => {
  expect(mappingMistakes({ email: 'client.email' }, parameters)).toEqual([]);
  expect(mappingMistakes({ count: 'client.email' }, parameters)).toHaveLength(1);
});

test('changes of parameters are described', () => {
  const now: Parameter[] = [
    { key: 'email', label: 'E-mail', type: 'text', required: true },
    { key: 'name', label: 'Name', type: 'text', required: false },
  ];
  expect(parameterChanges(parameters, now).map((change) => english(change))).toEqual([
    'E-mail is now of type text',
    'new: Name',
    'gone: Count',
  ]);
  expect(parameterChanges(parameters, parameters)).toEqual([]);
});

test('a new version does not fit if a mapped parameter is gone, renamed or retyped, or an unmapped one is required', () => {
  const parameter = (key: string, label: string, type: 'text' | 'number' = 'text', required = false) => ({
    key,
    label,
    type,
    required,
  });
  const before = [parameter('name', 'Name'), parameter('text', 'Text'), parameter('count', 'Count', 'number')];
  const mapping = { name: 'client.name', text: 'message.text' };
  const clauses = (now: ReturnType<typeof parameter>[]) =>
    driftOf(mapping, before, now).map((change) => english(change));
  expect(clauses(before)).toEqual([]);
  expect(clauses([parameter('name', 'Full name'), parameter('text', 'Text'), parameter('more', 'More')])).toEqual([]);
  expect(clauses([parameter('text', 'Text', 'number')])).toEqual(['gone: Name', 'Text is now of type number']);
  expect(clauses([parameter('fullName', 'Name'), parameter('text', 'Text')])).toEqual([
    'Name has another key now: fullName',
  ]);
  const required = [parameter('count', 'Count', 'number', true), parameter('due', 'Due', 'text', true)];
  expect(clauses([...before.slice(0, 2), ...required])).toEqual(['Count is now required', 'new and required: Due']);
});
