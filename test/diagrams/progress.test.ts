import { expect, test } from 'vitest';
import { isTaken, standings, type Visit } from '../../src/diagrams/progress.ts';

/** A visit to an element of the process itself, unless `parent` is given. */
const visit = (elementId: string, status: Visit['status'], second: number, parent = 'process'): Visit => ({
  key: elementId,
  elementId,
  parentKey: parent,
  status,
  enteredAt: second * 1000,
  leftAt: status === 'completed' ? second * 1000 + 500 : undefined,
});
const whole: Visit = { ...visit('process', 'active', 0), parentKey: undefined };

test('of several visits to an element, one with an incident counts first, then a running one', () => {
  const visits = [whole, visit('task', 'active', 3), { ...visit('task', 'completed', 1), key: 'task-1' }];
  expect(standings(visits)).toEqual(new Map([['task', 'active']]));
  expect(standings([...visits, { ...visit('task', 'incident', 2), key: 'task-2' }]).get('task')).toBe('incident');
});

test('an incident inside a sub-process counts for the sub-process as well', () => {
  const visits = [
    whole,
    visit('outer', 'active', 1),
    visit('inner', 'active', 2, 'outer'),
    visit('call', 'incident', 3, 'inner'),
    visit('other', 'active', 1),
  ];
  expect(Object.fromEntries(standings(visits))).toEqual({
    outer: 'incident',
    inner: 'incident',
    call: 'incident',
    other: 'active',
  });
});

test('a flow counts as taken if its target was entered after its source was left', () => {
  const visits = [visit('one', 'completed', 2), visit('two', 'active', 3), visit('before', 'completed', 1)];
  expect(isTaken('one', 'two', visits)).toBe(true);
  expect(isTaken('one', 'before', visits)).toBe(false);
  expect(isTaken('two', 'one', visits)).toBe(false);
});
