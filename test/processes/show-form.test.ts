import { expect, test } from 'vitest';
import type { Form, FormItem } from '../../src/processes/form.ts';
import { showForm } from '../../src/processes/show-form.ts';

const formOf = (...items: FormItem[]): Form => ({ id: 'f', items });
const fieldOf = (key: string, ...hide: string[]): FormItem => ({
  kind: 'field',
  key,
  label: key,
  type: 'text',
  required: false,
  hide,
});

test('expressions that take too long together are told, and hold nobody up for much longer', () => {
  const slow = 'count(for i in 1..150000 return i * i) > n';
  const form = formOf(...Array.from({ length: 90 }, (_, at) => fieldOf(`f${at}`, slow)));
  const begun = performance.now();
  expect(() => showForm(form, { variables: { n: 1e9 } })).toThrow('its expressions take too long');
  expect(performance.now() - begun).toBeLessThan(5000);
});

test('fields that hide each other in a circle come to an end', () => {
  const form = formOf(fieldOf('a', 'b = "x"'), fieldOf('b', 'a = null'));
  expect(showForm(form, { variables: { a: 'y', b: 'x' } }).items.length).toBeLessThanOrEqual(2);
});

test('a hidden field is null for the conditions of others', () => {
  const form = formOf(fieldOf('a', 'true'), fieldOf('b', 'a = "shown"'), fieldOf('c', 'a = null'));
  expect(showForm(form, { variables: { a: 'shown' } }).items).toMatchObject([{ key: 'b' }]);
});
