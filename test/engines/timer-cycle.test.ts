import { describe, expect, it } from 'vitest';
import { parseExpression } from '../../src/engines/embedded/interpreter/expression.ts';
import { parseCycle } from '../../src/engines/embedded/interpreter/timer-cycle.ts';
import { firstDue, nextDue } from '../../src/engines/embedded/interpreter/timer-expression.ts';

const now = new Date('2026-03-28T23:59:59.500Z');

describe('a cycle', () => {
  it.each([
    ['R3/PT1H', 3],
    ['R1/PT1H', 1],
    ['R0/PT1H', 1],
  ])('%s fires %i times', (text, times) => {
    const timer = { kind: 'cycle', expression: parseExpression(text) } as const;
    let fired = 0;
    let due = firstDue(timer, { variables: {}, now });
    while (due && fired < 10) {
      fired++;
      due = nextDue(timer, due, { variables: {}, now: due.dueAt });
    }
    expect(fired).toBe(times);
  });

  it.each([
    ['R3/PT1H', 3, '2026-03-29T00:59:59.500Z'],
    ['R/P1D', -1, '2026-03-29T23:59:59.500Z'],
    ['R2/2026-04-01T08:00:00+02:00/P1M', 2, '2026-04-01T06:00:00.000Z'],
    ['R1/2020-01-01T08:00:00Z/PT1H', 1, '2026-03-28T23:59:59.500Z'],
    // In UTC, where all nights are equally long.
    ['0 30 2 * * *', -1, '2026-03-29T02:30:00.000Z'],
    ['0 0 9 * * MON-FRI', -1, '2026-03-30T09:00:00.000Z'],
    ['0 0 0 29 2 *', -1, '2028-02-29T00:00:00.000Z'],
    ['@daily', -1, '2026-03-29T00:00:00.000Z'],
  ])('%s fires %i times, first at %s', (text, repetitions, first) => {
    const cycle = parseCycle(text);
    expect(cycle?.repetitions).toBe(repetitions);
    expect(cycle?.first(now)?.toISOString()).toBe(first);
  });

  it('continues from its due time; missed firings happen once, now', () => {
    const cycle = parseCycle('R/PT1H');
    expect(cycle?.next(new Date(now.getTime() - 60_000), now)?.toISOString()).toBe('2026-03-29T00:58:59.500Z');
    expect(cycle?.next(new Date(now.getTime() - 86_400_000), now)).toEqual(now);
  });

  it.each([
    'R3',
    'PT1H',
    'R/PT0S',
    'R/-PT1H',
    'R/P0D',
    'R-1/PT1H',
    'R/2026-01-01/P1D',
    '* * * *',
    '0 0 25 * * *',
    'R3/PT1H ',
  ])('is invalid: “%s”', (text) => expect(parseCycle(text)).toBeUndefined());
});
