import { expect, test } from 'vitest';
import { compareTs, countClosings, type StatusChange } from '../../src/intake/closings.ts';

const closed = (slackTs: string): StatusChange => ({ kind: 'closed', slackTs });
const reopened = (slackTs: string): StatusChange => ({ kind: 'reopened', slackTs });

test.each([
  ['nothing', [], 0, undefined],
  ['archived', [closed('10.1')], 1, '10.1'],
  ['archived, then deleted', [closed('10.1'), closed('20.1')], 1, '10.1'],
  ['archived, unarchived', [closed('10.1'), reopened('20.1')], 1, undefined],
  ['archived, unarchived, archived', [closed('10.1'), reopened('20.1'), closed('30.1')], 2, '30.1'],
  ['the same, in another order', [closed('30.1'), reopened('20.1'), closed('10.1')], 2, '30.1'],
  ['the second archiving heard of before the unarchiving', [closed('10.1'), closed('30.1')], 1, '10.1'],
])('%s', (_, changes, closings, closedTs) => {
  expect(countClosings(changes)).toEqual({ closings, closedTs });
});

test('timestamps are compared as numbers', () => {
  expect(compareTs('999.000100', '1000.000100')).toBeLessThan(0);
  expect(compareTs('1000.000200', '1000.000100')).toBeGreaterThan(0);
});
