import { describe, expect, it } from 'vitest';
import { evaluateDecision } from '../../src/engines/embedded/decisions/decision.ts';
import { readDecisions } from '../../src/engines/embedded/decisions/read-decisions.ts';
import type { Variables } from '../../src/processes/value-types.ts';
import { dmn, literal, type TableOptions, table } from './decision-builder.ts';

const now = new Date('2026-03-04T05:06:07Z');

async function decide(xml: string, id: string, variables: Variables = {}) {
  const { decisions, problems } = await readDecisions(xml);
  expect(problems).toEqual([]);
  const decision = decisions.find((one) => one.id === id);
  if (!decision) throw new Error(`there is no decision ${id}`);
  return evaluateDecision(decision, variables, now);
}
const resultOf = async (options: TableOptions, variables: Variables) =>
  (await decide(dmn(table('d', options)), 'd', variables)).result;

describe('the tests of a cell', () => {
  const cases: [test: string, input: unknown, fits: boolean][] = [
    ['', 1, true],
    ['-', null, true],
    ['"a"', 'a', true],
    ['"a","c"', 'c', true],
    ['"a","c"', 'b', false],
    ['< 5', 4, true],
    ['[1..3]', 3, true],
    ['(1..3)', 3, false],
    ['not(1, 2)', 3, true],
    ['not(1, 2)', 2, false],
    ['not(< 5)', 4, false],
    ['contains(?, "x")', 'axb', true],
    ['not(contains(?, "x"))', 'axb', false],
    ['not(yes) or not(yes)', true, false],
    ['true', true, true],
    ['false', true, false],
    ['null', null, true],
    ['> limit', 7, true],
  ];
  it.each(cases)('%j for %j: %s', async (test, input, fits) => {
    const options = { inputs: ['value'], outputs: ['out'], rules: [[test, '"yes"']] };
    expect(await resultOf(options, { value: input, limit: 5, yes: true } as Variables)).toBe(fits ? 'yes' : null);
  });
});

describe('the hit policy', () => {
  const rules = [
    ['>= 1', '"low"', '1'],
    ['>= 2', '"high"', '10'],
    ['>= 3', '"low"', '100'],
  ];
  const outputs = [{ name: 'level', values: '"high","low"' }, 'points'];
  const high = { level: 'high', points: 10 };
  const low = { level: 'low', points: 1 };
  const low100 = { level: 'low', points: 100 };
  const cases: [hitPolicy: string, x: number, result: unknown][] = [
    ['UNIQUE', 1, low],
    ['UNIQUE', 0, null],
    ['FIRST', 3, low],
    ['ANY', 1, low],
    ['PRIORITY', 3, high],
    ['COLLECT', 3, [low, high, low100]],
    ['COLLECT', 0, null],
    ['RULE ORDER', 2, [low, high]],
    ['OUTPUT ORDER', 3, [high, low, low100]],
  ];
  it.each(cases)('%s for %s', async (hitPolicy, x, result) => {
    expect(await resultOf({ hitPolicy, inputs: ['x'], outputs, rules }, { x })).toEqual(result);
  });

  const sums: [aggregation: string, x: number, result: unknown][] = [
    ['SUM', 3, 6],
    ['MIN', 3, 1],
    ['MAX', 3, 3],
    ['COUNT', 2, 2],
    ['COUNT', 0, 0],
    ['SUM', 0, null],
  ];
  it.each(sums)('COLLECT with %s for %s', async (aggregation, x, result) => {
    const counting = [1, 2, 3].map((number) => [`>= ${number}`, String(number)]);
    const options = { hitPolicy: 'COLLECT', aggregation, inputs: ['x'], outputs: ['n'], rules: counting };
    expect(await resultOf(options, { x })).toEqual(result);
  });

  it.each([
    ['UNIQUE', /^decision “d”: only one rule may fit, but these do: 1, 2$/],
    ['ANY', /^decision “d”: rules fit that differ: 1, 2$/],
  ])('%s is an error where rules contradict each other', async (hitPolicy, reason) => {
    await expect(resultOf({ hitPolicy, inputs: ['x'], outputs, rules }, { x: 2 })).rejects.toThrow(reason);
  });

  it('has a default if no rule matches', async () => {
    const otherwise = { name: 'level', otherwise: '"none"' };
    expect(await resultOf({ inputs: ['x'], outputs: [otherwise], rules: [['1', '"one"']] }, { x: 2 })).toBe('none');
  });
});

describe('a decision', () => {
  it('uses the results of its required decisions, each evaluated once, and records how it was made', async () => {
    const xml = dmn(
      table('dish', {
        inputs: ['season', 'guests'],
        outputs: ['dish'],
        rules: [
          ['"Fall"', '<= 8', '"Ribs"'],
          ['-', '-', '"Soup"'],
        ],
        hitPolicy: 'FIRST',
        requires: ['season', 'guests'],
      }),
      literal('season', '="Fall"'),
      literal('guests', 'string length(season)', ['season']),
    );
    expect(await decide(xml, 'dish', {})).toEqual({
      result: 'Ribs',
      evaluated: [
        { id: 'season', name: 'season', inputs: [], matchedRules: [], result: 'Fall' },
        { id: 'guests', name: 'guests', inputs: [], matchedRules: [], result: 4 },
        {
          id: 'dish',
          name: 'dish',
          inputs: [
            { label: 'season', value: 'Fall' },
            { label: 'guests', value: 4 },
          ],
          matchedRules: [
            { id: 'dish-rule-1', index: 1, outputs: ['Ribs'] },
            { id: 'dish-rule-2', index: 2, outputs: ['Soup'] },
          ],
          result: 'Ribs',
        },
      ],
    });
  });

  it.each([
    ['requires itself', dmn(literal('a', 'c', ['c']), literal('c', 'a', ['a'])), 'a', /^it requires itself/],
    [
      'requires what is not there',
      dmn(literal('a', '1', ['gone'])),
      'a',
      /requires #gone, which the file does not have/,
    ],
    ['has a FEEL fault', dmn(literal('a', '1 +')), 'a', /^expression 1 \+: is not complete/],
    [
      'has a FEEL fault in a cell',
      dmn(table('a', { inputs: ['x'], outputs: ['o'], rules: [['< <', '1']] })),
      'a',
      /^rule 1: input < <:/,
    ],
    ['has no logic', dmn('<decision id="a" name="a"/>'), 'a', /^a decision without logic is not supported/],
    [
      'is in another language',
      dmn(
        '<decision id="a" name="a"><literalExpression expressionLanguage="javascript"><text>1</text></literalExpression></decision>',
      ),
      'a',
      /^the language javascript/,
    ],
    ['is no table', dmn('<decision id="a" name="a"><context/></decision>'), 'a', /^Context is not supported/],
  ])('is refused that %s', async (_, xml, elementId, reason) => {
    const { decisions, problems } = await readDecisions(xml);
    expect(decisions).toEqual([]);
    expect(problems).toContainEqual(expect.objectContaining({ elementId, reason: expect.stringMatching(reason) }));
  });

  it('that takes longer than a second is an error', async () => {
    const slow = 'count(for i in 1..200000 return i)';
    const rules = Array.from({ length: 400 }, () => [`= ${slow}`, '1']);
    await expect(resultOf({ inputs: ['x'], outputs: ['o'], rules }, { x: 1 })).rejects.toThrow(/more than a second/);
  });
});
