import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileFeel, FeelEvaluationError, FeelLimitError, FeelSyntaxError } from '../../src/feel/feel.ts';
import { toJson } from '../../src/feel/to-json.ts';
import type { Json, Variables } from '../../src/processes/value-types.ts';

const long = 'a'.repeat(100_000);
const list = Array.from({ length: 100_000 }, (_, index) => index);
let nested: Json = [];
for (let level = 0; level < 5_000; level++) nested = [nested];
const variables: Variables = { n: 1_000_000_000, long, list, nested, text: `${'a'.repeat(45)}!` };

/** A slow machine needs several times as long as a fast one; an expression that is not stopped takes minutes at least. */
const mostMilliseconds = 3_000;

/** Evaluates an expression. Measures this process's own time, in milliseconds, so that other processes do not matter. */
function evaluate(expression: string): { value?: Json; error?: Error; milliseconds: number } {
  const begun = process.cpuUsage();
  const milliseconds = () => {
    const { user, system } = process.cpuUsage(begun);
    return (user + system) / 1000;
  };
  try {
    const value = toJson(compileFeel(expression)(variables, new Date('2026-03-04T05:06:07Z')));
    return { value, milliseconds: milliseconds() };
  } catch (error) {
    return { error: error as Error, milliseconds: milliseconds() };
  }
}

const doubling = (double: string) => `for i in 1..60 return if i = 1 then [1] else ${double}`;

describe('FEEL that would not end', () => {
  it.each([
    'count(for i in 1..n return i)',
    'count(for i in 1..1000000000 return i)',
    'some i in 1..n satisfies i < 0',
    'every i in 1..n satisfies i > 0',
    'for i in 1..10000, j in 1..10000, k in 1..10000 return 1',
    'for i in 1..200 return for j in 1..200 return for k in 1..1000 return "abc"',
    'is defined(count(for i in 1..n return i))',
    'get or else(count(for i in 1..n return i), 1)',
    'for i in 1..1000000 return partial',
    'sort([function(a, b) sort([a, b], a), function(a, b) sort([a, b], a)], function(a, b) sort([a, b], a))',
    'for i in 1..40 return if i = 1 then "aaaaaaaaaaaaaaaa" else partial[-1] + partial[-1]',
    doubling('concatenate(partial[-1], partial[-1])'),
    doubling('[partial[-1], partial[-1]]'),
    `flatten((${doubling('[partial[-1], partial[-1]]')})[-1])`,
    `string((${doubling('[partial[-1], partial[-1]]')})[-1])`,
    `(${doubling('[partial[-1], partial[-1]]')})[-1] = (${doubling('[partial[-1], partial[-1]]')})[-1]`,
    'for i in list return append(list, i)',
    'for i in list return union(list, [i])',
    'for i in list return context put({}, string(i), list)',
    'for i in 1..1000000 return { a: i }',
    'for i in 1..1000000 return i / 7',
    'for i in 1..1000000 return substring(long, 2)',
    'for i in 1..1000000 return long = long',
    'for i in 1..100000 return upper case(long)',
    'for i in 1..100000 return now() + duration("PT1S")',
    'for i in 1..100000 return date and time("2026-01-01T00:00:" + string(10 + modulo(i, 50)) + "@Europe/Berlin")',
    'string join(for i in 1..1000 return long, long)',
    'replace(long, "a", long)',
    'extract(long, "a+b|a")',
    'matches(long, "(.{0,10}){100}(x|b)")',
    'for i in 1..1000 return matches("abc", "[a-z]{900}" + string(i))',
    'contains(long + long + "b", "ba" + long)',
    'list[list contains(list, -item)]',
    'distinct values(for i in list return { a: i })',
    'floor(10 ** 9999999)',
    'decimal(1 / 3, 1000000)',
    'nested',
    'nested = nested',
    'flatten(nested)',
    'string(nested)',
  ])('ends in words: %s', (expression) => {
    const { error, milliseconds } = evaluate(expression);
    expect(error).toBeInstanceOf(FeelLimitError);
    expect(error?.message).toMatch(/^(takes|has)/);
    expect(milliseconds).toBeLessThan(mostMilliseconds);
  });

  it.each([
    '10 ** 1000000000',
    'date("2026-01-01") + duration("P999999999Y")',
    'date and time("2026-01-01T00:00:00Z") + duration("PT9999999999999S")',
    'substring("abc", -5)',
    'modulo(5, 0)',
    'log(-1)',
    'stddev([1])',
  ])('is out of range: %s', (expression) => {
    const { error } = evaluate(expression);
    expect(error).toBeInstanceOf(FeelEvaluationError);
    expect(error?.message).toContain(expression);
  });

  it.each<[string, Json]>([
    ['matches(text, "^(\\w+\\s?)*$")', false],
    ['matches(long, "^a*$")', true],
    ['count(split(long, "b"))', 1],
    ['count(sort(list, function(a, b) a > b))', 100_000],
    ['sum(list)', 4_999_950_000],
    ['count(list[item > 50000])', 49_999],
    ['count(distinct values(concatenate(list[item < 50000], list[item < 50000])))', 50_000],
    ['string(10 ** 40)', '1.000000000000000000000000000000000E+40'],
  ])('is computed where it ends: %s', (expression, expected) => {
    const { value, error, milliseconds } = evaluate(expression);
    expect(error).toBeUndefined();
    expect(value).toEqual(expected);
    expect(milliseconds).toBeLessThan(mostMilliseconds);
  });

  it('is not evaluated at load time', () => {
    for (const file of ['huge-constant', 'huge-range', 'catastrophic-pattern']) {
      const diagram = readFileSync(`test/fixtures/feel/${file}.bpmn`, 'utf8');
      const expression = /expression="=(.*?)" resultVariable/.exec(diagram)?.[1]?.replaceAll('&quot;', '"') ?? '';
      expect(() => compileFeel(expression)).not.toThrow();
    }
  });
});

describe('FEEL that nests without an end', () => {
  it.each([
    ['brackets', `${'('.repeat(5_000)}1${')'.repeat(5_000)}`],
    ['lists', `${'['.repeat(5_000)}1${']'.repeat(5_000)}`],
    ['calls that are not closed', 'f(['.repeat(2_000)],
    ['contexts', `${'{a: '.repeat(5_000)}1${'}'.repeat(5_000)}`],
    ['conditions', `${'if a then '.repeat(5_000)}1`],
    ['ranges', `1 in ${'('.repeat(5_000)}1..2`],
    ['functions', `${'function() '.repeat(5_000)}1`],
  ])('is refused: %s', (_, expression) => {
    expect(() => compileFeel(expression)).toThrow(FeelSyntaxError);
  });

  it.each<[string, string, Json]>([
    ['90 brackets', `${'('.repeat(90)}1${')'.repeat(90)}`, 1],
    ['a sum of 5,000', `1${' + 1'.repeat(4_999)}`, 5_000],
    ['1,000 branches', `${'if 1 > 2 then 1 else '.repeat(1_000)}3`, 3],
    ['1,000 steps', `{a: 1}${'.b'.repeat(1_000)}`, null],
  ])('is fine: %s', (_, expression, expected) => {
    expect(evaluate(expression).value).toEqual(expected);
  });
});
