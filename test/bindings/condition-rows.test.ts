import { expect, test } from 'vitest';
import type { Operator } from '../../src/bindings/condition.ts';
import { operatorsOf, rowHolds, rowMistake } from '../../src/bindings/condition-rows.ts';
import { properties } from '../../src/sessions/properties.ts';

const values = {
  'message.text': 'Wie hoch ist der PREIS für 40 Lizenzen?',
  'client.email': 'Ann@Acme.example',
  'session.messageCount': 7,
  'session.openedAt': '2026-11-29T23:59:59+00:00',
  'client.isExternal': true,
  'client.user': 'U0CLIENT',
  'session.status': 'open',
  'message.files': [{ name: 'a.pdf', type: 'application/pdf', size: 1, link: 'https://a.example' }],
};

test.each<[string, Operator, string, boolean]>([
  ['message.text', 'contains', 'preis', true],
  ['message.text', 'contains', 'price', false],
  ['message.text', 'starts_with', 'wie hoch', true],
  ['message.text', 'starts_with', 'hoch', false],
  ['message.text', 'any_word', 'kosten, preis', true],
  ['message.text', 'any_word', 'lizenz', false],
  ['message.text', 'any_word', 'der preis', true],
  ['message.text', 'any_word', 'fur', true],
  ['message.text', 'is_empty', '', false],
  ['message.text', 'is_not_empty', '', true],
  ['client.email', 'is', ' ann@acme.example ', true],
  ['client.email', 'is_not', 'ann@acme.example', false],
  ['client.company', 'is', 'Acme', false],
  ['client.company', 'is_not', 'Acme', false],
  ['client.company', 'is_empty', '', true],
  ['client.company', 'is_not_empty', '', false],
  ['session.messageCount', 'eq', '7', true],
  ['session.messageCount', 'ne', '7', false],
  ['session.messageCount', 'lt', '7,5', true],
  ['session.messageCount', 'le', '7', true],
  ['session.messageCount', 'gt', '7', false],
  ['session.messageCount', 'ge', '-1', true],
  ['session.messageCount', 'is', '7', false],
  ['session.openedAt', 'eq', '2026-11-29', true],
  ['session.openedAt', 'lt', '2026-11-29', false],
  ['session.openedAt', 'le', '2026-11-29', true],
  ['session.openedAt', 'gt', '2026-11-28', true],
  ['session.closedAt', 'ne', '2026-11-28', false],
  ['client.isExternal', 'is', 'true', true],
  ['client.isExternal', 'is', 'false', false],
  ['client.user', 'is', 'U0CLIENT', true],
  ['client.user', 'is_not', 'U0OTHER', true],
  ['operator.user', 'is_not', 'U0OTHER', false],
  ['session.status', 'is', 'open', true],
  ['session.status', 'is_not', 'open', false],
  ['message.files', 'is_not_empty', '', true],
  ['message.files', 'is_empty', '', false],
  ['no.such', 'is_empty', '', false],
])('%s %s %j: %s', (property, operator, value, holds) => {
  expect(rowHolds({ property, operator, value }, values)).toBe(holds);
});

test('a value of another type than its property has does not hold', () => {
  const holds = (property: string, operator: Operator, value: string, found: string | number) =>
    rowHolds({ property, operator, value }, { [property]: found });
  expect(holds('session.messageCount', 'eq', '7', '7')).toBe(false);
  expect(holds('message.text', 'is', '7', 7)).toBe(false);
  expect(holds('client.isExternal', 'is', 'true', 'true')).toBe(false);
});

test('every property has an operator, and each offered operator is defined for its type', () => {
  for (const { code, type } of properties) {
    expect(operatorsOf(type).length).toBeGreaterThan(0);
    for (const operator of operatorsOf(type)) {
      expect(rowMistake({ property: code, operator, value: type === 'number' ? '1' : 'word' })).toBeUndefined();
    }
  }
});

test.each([
  ['no.such', 'is', 'x', 'property'],
  ['message.text', 'lt', 'x', 'operator'],
  ['message.text', 'is', ' ', 'value'],
  ['message.text', 'any_word', ', ;', 'value'],
  ['session.messageCount', 'lt', 'many', 'value'],
] as const)('a row %s %s %j is refused for its %s', (property, operator, value, mistake) => {
  expect(rowMistake({ property, operator, value })).toBe(mistake);
});
