import { expect, test } from 'vitest';
import type { Form, FormItem } from '../../src/processes/form.ts';
import { expressionMistake } from '../../src/processes/form-expressions.ts';
import { showForm, shownFields, submittedValues } from '../../src/processes/show-form.ts';

const formOf = (...items: FormItem[]): Form => ({ id: 'f', items });
const fieldOf = (key: string, ...hide: string[]): FormItem => ({
  kind: 'field',
  key,
  label: key,
  type: 'text',
  required: false,
  hide,
});

test('expressions that take too long together are reported and stopped', () => {
  const slow = 'count(for i in 1..150000 return i * i) > n';
  const form = formOf(...Array.from({ length: 90 }, (_, at) => fieldOf(`f${at}`, slow)));
  const begun = performance.now();
  expect(() => showForm(form, { variables: { n: 1e9 } })).toThrow('its expressions take too long');
  expect(performance.now() - begun).toBeLessThan(5000);
});

test('a branch may follow a plus without brackets, as in form-js', () => {
  const expression = '"Risk: " + if amount > 10 then "high" else "low"';
  const form = formOf({ kind: 'formula', key: 'risk', expression });
  expect(expressionMistake(expression)).toBeUndefined();
  expect(showForm(form, { variables: { amount: 11 } }).formulas).toEqual([['risk', 'Risk: high']]);
});

const listOf = (key: string, ...items: FormItem[]): FormItem => ({ kind: 'list', key, items, repetitions: 1 });

test('a list within the entries of another has entries of its own', () => {
  const form = formOf(listOf('rooms', fieldOf('name'), listOf('guests', fieldOf('name', 'parent.name = "Attic"'))));
  const rooms = [
    { name: 'Hall', guests: [{ name: 'Ann' }, { name: 'Bob' }] },
    { name: 'Attic', guests: [{ name: 'Cleo' }] },
  ];
  const shown = showForm(form, { variables: { rooms } });
  expect(shownFields(shown).map(({ key, value }) => [key, value])).toEqual([
    ['rooms.0.name', 'Hall'],
    ['rooms.0.guests.0.name', 'Ann'],
    ['rooms.0.guests.1.name', 'Bob'],
    ['rooms.1.name', 'Attic'],
  ]);
  const values = shownFields(shown).map(({ key, value = null }) => [key, value] as const);
  expect(submittedValues(shown, values)).toEqual({ rooms: [rooms[0], { name: 'Attic', guests: [{}] }] });
});

test('lists have room for fewer entries where five of each do not fit into a modal', () => {
  const fields = Array.from({ length: 13 }, (_, at) => fieldOf(`f${at}`));
  const form = formOf(listOf('a', ...fields), listOf('b', ...fields));
  const variables = { a: [{}, {}, {}, {}], b: [{}] };
  const { items, lists } = showForm(form, { variables });
  expect(items.length).toBeLessThanOrEqual(90);
  expect(lists.map(({ entries, notShown, hasRoom }) => [entries.shown.length, notShown, hasRoom])).toEqual([
    [3, 1, false],
    [1, 0, true],
  ]);
});

test('this and i exist also outside of lists; a variable with that name takes precedence', () => {
  const form = formOf(fieldOf('a', 'this.b = "x"'), fieldOf('b'), fieldOf('c', 'i = 5 and _i_ = []'));
  expect(showForm(form, { variables: { b: 'x', i: 5 } }).items).toMatchObject([{ key: 'b' }]);
});

test('fields that hide each other in a circle do not loop forever', () => {
  const form = formOf(fieldOf('a', 'b = "x"'), fieldOf('b', 'a = null'));
  expect(showForm(form, { variables: { a: 'y', b: 'x' } }).items.length).toBeLessThanOrEqual(2);
});

test('a hidden field is null for the conditions of others', () => {
  const form = formOf(fieldOf('a', 'true'), fieldOf('b', 'a = "shown"'), fieldOf('c', 'a = null'));
  expect(showForm(form, { variables: { a: 'shown' } }).items).toMatchObject([{ key: 'b' }]);
});
