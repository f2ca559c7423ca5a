import { expect, test } from 'vitest';
import {
  evaluateExpression,
  expressionMistake,
  expressionProperties,
  withoutSign,
} from '../../src/bindings/condition-expression.ts';

const now = new Date('2026-11-30T10:00:00Z');

test.each([
  'session.messageCount < 3',
  'contains(lower case(message.text), "price") and client.isExternal',
  'client.company in ("Acme", "Globex")',
  'client.isExternal',
  'not(client.isExternal)',
  'if client.isExternal then message.isFirst else false',
  'some word in split(message.text, " ") satisfies word = "price"',
  'count(message.files[size > 1000]) > 0',
  'date and time(session.openedAt) < now()',
  'is defined(client.company)',
])('%s can be a condition', (expression) => {
  expect(expressionMistake(expression)).toBeUndefined();
});

test.each([
  ['session.messageCount <', 'condition.syntax'],
  ['', 'condition.syntax'],
  ['holds(message.text)', 'condition.noFunction'],
  ['client.compny = "Acme"', 'condition.noProperty'],
  ['company = "Acme"', 'condition.noProperty'],
  ['message.text', 'condition.notBoolean'],
  ['session.messageCount + 1', 'condition.notBoolean'],
  ['"yes"', 'condition.notBoolean'],
  ['client', 'condition.notBoolean'],
  ['if client.isExternal then "yes" else false', 'condition.notBoolean'],
])('%s is refused: %s', (expression, key) => {
  expect(expressionMistake(expression)).toMatchObject({ key });
});

test('the properties that an expression reads are known, unless it reads a whole group of them', () => {
  expect(expressionProperties('client.company = "A" and session.messageCount > 1')?.toSorted()).toEqual([
    'client.company',
    'session.messageCount',
  ]);
  expect(expressionProperties('1 = 1')).toEqual([]);
  expect(expressionProperties('get value(client, "company") = "A"')).toBeUndefined();
});

test('an absent property is null', () => {
  expect(evaluateExpression('client.company = null', {}, now)).toEqual({ holds: true });
  expect(evaluateExpression('client.company = "Acme"', {}, now)).toEqual({ holds: false, fault: null });
  expect(evaluateExpression('client.company = "Acme"', { 'client.company': 'Acme' }, now)).toEqual({ holds: true });
});

test('an expression that would take too long is false, and its reason says so', () => {
  const outcome = evaluateExpression('count(for a in 1..100000, b in 1..100000 return a) > 1', {}, now);
  expect(outcome).toMatchObject({ holds: false, fault: expect.any(String) });
});

test('the equals sign that begins an expression in a diagram is removed', () => {
  expect(withoutSign(' = client.isExternal')).toBe('client.isExternal');
});
