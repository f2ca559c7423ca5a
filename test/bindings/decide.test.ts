import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bindingPolicies } from '../../src/bindings/binding-kinds.ts';
import type { Condition } from '../../src/bindings/condition.ts';
import { type Decision, decide, type History, type Occasion } from '../../src/bindings/decide.ts';
import type { Variables } from '../../src/processes/value-types.ts';

type TestedBinding = Parameters<typeof decide>[0][number];

const at = new Date('2026-11-30T10:00:00Z');
const noHistory: History = { lastStarts: new Map(), runningStarts: new Map(), isAwaited: false };

function aBinding(overrides: Partial<TestedBinding> = {}): TestedBinding {
  return {
    id: 'binding',
    conditions: null,
    policy: 'every_time',
    policyMinutes: null,
    skipsAwaited: false,
    stops: false,
    processDefinitionId: 'process',
    processName: 'Process',
    ...overrides,
  };
}

const occasion = (values: Variables = {}, overrides: Partial<Occasion> = {}): Occasion => ({
  values,
  at,
  isKnown: () => true,
  history: noHistory,
  ...overrides,
});

const hindrances = (decisions: Decision<TestedBinding>[] | undefined) =>
  decisions?.map(({ hindrance }) => hindrance?.kind ?? 'starts');

const rows = (join: 'all' | 'any', ...properties: string[]): Condition => ({
  kind: 'rows',
  join,
  rows: properties.map((property) => ({ property, operator: 'is', value: 'yes' })),
});

test('if all rows must hold, the first false row is named, with the value found', () => {
  const binding = aBinding({ conditions: rows('all', 'client.name', 'client.title', 'client.company') });
  const values = { 'client.name': 'YES', 'client.title': 'no', 'client.company': 'no' };
  expect(decide([binding], occasion(values))?.[0]?.hindrance).toEqual({
    kind: 'rows',
    failed: [{ row: { property: 'client.title', operator: 'is', value: 'yes' }, found: 'no' }],
  });
});

test('if any row must hold, one is enough, and without one every row is named', () => {
  const binding = aBinding({ conditions: rows('any', 'client.name', 'client.title') });
  expect(hindrances(decide([binding], occasion({ 'client.title': 'yes' })))).toEqual(['starts']);
  expect(decide([binding], occasion({ 'client.title': 'no' }))?.[0]?.hindrance).toMatchObject({
    failed: [{ found: null }, { found: 'no' }],
  });
});

test('an expression that is false, and one that cannot be evaluated, do not hold', () => {
  const decided = (expression: string) =>
    decide([aBinding({ conditions: { kind: 'feel', expression } })], occasion({ 'session.messageCount': 3 }))?.[0]
      ?.hindrance;
  expect(decided('session.messageCount = 3')).toBeUndefined();
  expect(decided('session.messageCount > 3')).toMatchObject({ kind: 'expression', fault: null });
  expect(decided('client.company')).toMatchObject({ kind: 'expression', fault: expect.stringContaining('null') });
  expect(decided('session.messageCount')).toMatchObject({
    kind: 'expression',
    fault: expect.stringContaining('number'),
  });
});

test.each([
  ['every_time', {}, 'starts'],
  ['once_per_session', {}, 'starts'],
  ['once_per_session', { minutesAgo: 1e9 }, 'policy'],
  ['at_most_once_in', {}, 'starts'],
  ['at_most_once_in', { minutesAgo: 29.99 }, 'policy'],
  ['at_most_once_in', { minutesAgo: 30 }, 'starts'],
  ['not_while_running', { minutesAgo: 1 }, 'starts'],
  ['not_while_running', { running: true }, 'policy'],
] as const)('policy %s after %j: %s', (policy, before: { minutesAgo?: number; running?: boolean }, outcome) => {
  const history: History = {
    lastStarts: new Map(
      before.minutesAgo === undefined ? [] : [['binding', { startId: 'start', minutesAgo: before.minutesAgo }]],
    ),
    runningStarts: new Map(before.running ? [['process', 'start']] : []),
    isAwaited: false,
  };
  const decisions = decide([aBinding({ policy, policyMinutes: 30 })], occasion({}, { history }));
  expect(hindrances(decisions)).toEqual([outcome]);
});

test('a binding that skips awaited messages does not start on one', () => {
  const decisions = decide(
    [aBinding({ skipsAwaited: true }), aBinding({ skipsAwaited: false })],
    occasion({}, { history: { ...noHistory, isAwaited: true } }),
  );
  expect(hindrances(decisions)).toEqual(['awaited', 'starts']);
});

test('an unknown property leaves the conditions undecided, unless an earlier row is false', () => {
  const isKnown = (code: string) => code === 'client.name';
  const decided = (conditions: Condition | null, overrides: Partial<TestedBinding> = {}) =>
    hindrances(
      decide(
        [aBinding({ conditions, ...overrides })],
        occasion({ 'client.name': 'no' }, { isKnown, history: undefined }),
      ),
    );
  expect(decided(rows('all', 'client.name', 'session.name'))).toEqual(['rows']);
  expect(decided(rows('all', 'session.name', 'client.name'))).toBeUndefined();
  expect(decided(rows('any', 'client.name', 'session.name'))).toBeUndefined();
  expect(decided({ kind: 'feel', expression: 'client.name = "yes"' })).toEqual(['expression']);
  expect(decided({ kind: 'feel', expression: 'client.name = session.name' })).toBeUndefined();
  expect(decided({ kind: 'feel', expression: 'is defined(client)' })).toBeUndefined();
  expect(decided(null, { policy: 'once_per_session' })).toBeUndefined();
  expect(decided(rows('all', 'client.name'), { policy: 'once_per_session' })).toEqual(['rows']);
});

const binding = fc.record({
  holds: fc.boolean(),
  policy: fc.constantFrom(...bindingPolicies),
  stops: fc.boolean(),
  skipsAwaited: fc.boolean(),
  process: fc.constantFrom('a', 'b', 'c'),
  startedBefore: fc.boolean(),
});

test('order, "stop here" and policies agree with a simple model', () => {
  fc.assert(
    fc.property(
      fc.array(binding, { maxLength: 8 }),
      fc.subarray(['a', 'b', 'c']),
      fc.boolean(),
      (given, running, isAwaited) => {
        const bindings = given.map(({ holds, process, ...terms }, index) =>
          aBinding({
            ...terms,
            id: String(index),
            policyMinutes: 30,
            processDefinitionId: process,
            processName: process,
            conditions: rows('all', holds ? 'client.name' : 'client.title'),
          }),
        );
        const history: History = {
          lastStarts: new Map(
            given.flatMap(({ startedBefore }, index) =>
              startedBefore ? [[String(index), { startId: 'before', minutesAgo: 5 }] as const] : [],
            ),
          ),
          runningStarts: new Map(running.map((process) => [process, 'running'])),
          isAwaited,
        };
        const expected: boolean[] = [];
        const now = new Set(running);
        let isOver = false;
        for (const { holds, policy, stops, skipsAwaited, process, startedBefore } of given) {
          const isAllowed =
            policy === 'every_time' || (policy === 'not_while_running' ? !now.has(process) : !startedBefore);
          const starts = !isOver && holds && isAllowed && !(skipsAwaited && isAwaited);
          expected.push(starts);
          if (!starts) continue;
          now.add(process);
          isOver = stops;
        }
        const decisions = decide(bindings, occasion({ 'client.name': 'yes' }, { history }));
        expect(decisions?.map(({ hindrance }) => hindrance === undefined)).toEqual(expected);
      },
    ),
  );
});
