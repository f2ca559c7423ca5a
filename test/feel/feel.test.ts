import { describe, expect, it } from 'vitest';
import { compileFeel, FeelEvaluationError, FeelSyntaxError } from '../../src/feel/feel.ts';
import { toJson } from '../../src/feel/to-json.ts';
import type { Json, Variables } from '../../src/processes/value-types.ts';

const now = new Date('2026-03-04T05:06:07Z');
const evaluate = (expression: string, variables: Variables = {}) => toJson(compileFeel(expression)(variables, now));

describe('FEEL', () => {
  it.each<[string, Variables, Json]>([
    ['missing', {}, null],
    ['a.missing.too', { a: {} }, null],
    ['a.b', { a: null }, null],
    ['missing = null', {}, true],
    ['missing = "x"', {}, false],
    ['if a > 1 then "large" else "small"', { a: 2 }, 'large'],
    ['for i in items return i.price * n', { items: [{ price: 1 }, { price: 2 }], n: 2 }, [2, 4]],
    ['items[price > 1].name', { items: [{ price: 1 }, { price: 2, name: 'b' }] }, ['b']],
    ['some i in items satisfies i = n', { items: [1, 2], n: 2 }, true],
    ['{ a: x, b: a + 1 }', { x: 1 }, { a: 1, b: 2 }],
    ['{ f: function(n) n + 1, x: f(1) }.x', {}, 2],
    ['`name`', { name: 'Ann' }, 'Ann'],
    ['sum(count)', { count: [1, 2] }, 3],
    ['date', { date: 'today' }, 'today'],
    ['now()', {}, '2026-03-04T05:06:07Z'],
    ['today() + duration("P1D")', {}, '2026-03-05'],
    ['x // the answer', { x: 42 }, 42],
  ])('%s with %j', (expression, variables, expected) => {
    expect(evaluate(expression, variables)).toEqual(expected);
  });

  it.each<[string, Json]>([
    ['get or else(missing, 1)', 1],
    ['get or else(value: null, default: 1)', 1],
    ['get or else(missing + 1, 0)', 0],
    ['is defined(missing)', false],
    ['is defined(text)', true],
    ['trim(text)', 'a b'],
    ['is blank("  ")', true],
    ['is empty([])', true],
    ['to base64("FEEL")', 'RkVFTA=='],
    ['string join(["a", null, "b"], ", ", "<", ">")', '<a, b>'],
    ['string join(["a", "b"])', 'ab'],
    ['from json("{\\"a\\": [1]}").a', [1]],
    ['to json({ a: 1 })', '{"a":1}'],
    ['extract("A1 b2", "[0-9]")', ['1', '2']],
    ['partition([1, 2, 3], 2)', [[1, 2], [3]]],
    ['duplicate values([1, 2, 1, 1])', [1]],
    ['last day of month(date("2024-02-03"))', '2024-02-29'],
    ['context put({ a: 1 }, "b", 2)', { a: 1, b: 2 }],
    ['random number() < 1', true],
    ['matches(uuid(), "^[0-9a-f-]{36}$")', true],
    ['assert(text, text != null)', ' a b '],
  ])('has Camunda’s built-in: %s', (expression, expected) => {
    expect(evaluate(expression, { text: ' a b ' })).toEqual(expected);
  });

  it.each<[string, Json]>([
    // Results of Camunda's own engine, 8.8 and 8.9.
    ['duration("PT1H") * 1.5', 'PT1H'],
    ['2 * duration("P8M")', 'P1Y4M'],
    ['duration("PT1H") / 7', 'PT8M34S'],
    ['duration("P1Y") / 1.5', 'P8M'],
    ['duration("PT1H") / duration("PT7M")', 8],
    ['duration("P1D") - duration("P1D")', 'P0D'],
    ['duration("P1Y") - duration("P1Y")', 'P0Y'],
    ['duration("-PT1.5S")', '-PT2S'],
    ['time("12:30:00")', '12:30'],
    ['time("12:30:00.5")', '12:30:00.500'],
    ['time("12:30:00Z")', '12:30:00Z'],
    ['null > 1', null],
    ['missing > 1 or true', true],
    ['"b" > "a"', true],
    ['date("2026-01-02") >= date("2026-01-02")', true],
    ['duration("P1M") < duration("P1Y")', true],
    ['if missing then 1 else 2', 2],
    ['items[name = "b"].price', [20]],
    ['items[contains(name, "a")].price', [5]],
    ['items[not(price > 10)].price', [5]],
    ['items[(price > 10)].price', [20]],
    ['items[price * 2 > 10 and price < 30].price', [20]],
    ['items[if price > 10 then true else false].name', ['b']],
    ['[1, 2, 3, 4][odd(item)]', [1, 3]],
    ['[1, 2, 3, 4][item > 2][1]', 3],
    ['[{ d: true }, { d: false }][item.d]', [{ d: true }]],
    ['items[count(items)].name', 'b'],
    ['items[missing > 1]', []],
    ['min("b", "a")', 'a'],
    ['max([date("2026-01-02"), date("2026-01-03")])', '2026-01-03'],
    ['max([duration("P1Y"), duration("P20M")])', 'P1Y8M'],
    ['remove([1, 2, 3], -1)', [1, 2]],
    ['insert before([1, 3], -1, 2)', [1, 2, 3]],
    ['insert before([1], 5, 2)', [1, 2]],
    ['list contains([[1], [2]], [2])', true],
    ['list contains([1, null], null)', true],
    ['index of([[1], [2], 1], [1])', [1]],
    ['now() instance of date and time', true],
    ['duration("P1Y") instance of years and months duration', true],
  ])('answers as Camunda does: %s', (expression, expected) => {
    const items = [
      { name: 'a', price: 5 },
      { name: 'b', price: 20 },
    ];
    expect(evaluate(expression, { items })).toEqual(expected);
  });

  it.each<[string, Json]>([
    ['0.1 + 0.2', 0.3],
    ['0.1 + 0.2 = 0.3', true],
    ['1.1 * 1.1', 1.21],
    ['3 * (0.1 + 0.2) - 0.9', 0],
    ['sum([0.1, 0.2, 0.3])', 0.6],
    ['sum(for line in lines return line.price * line.count)', 100.1],
    ['product(0.1, 3)', 0.3],
    ['mean([0.1, 0.2])', 0.15],
    ['modulo(5.5, 1.1)', 0],
    ['round half up(1.005, 2)', 1.01],
    ['decimal(2.5, 0)', 2],
    ['decimal(1234.5, -2)', 1200],
    ['1 / 3', 1 / 3],
    ['x * 1', 0.1234567890123456],
    ['9007199254740991 + 0', 9007199254740991],
    ['sum([])', null],
    ['get or else(0.1 + missing, 0.5)', 0.5],
    ['a-b', -1],
  ])('counts as decimals do: %s', (expression, expected) => {
    const lines = Array.from({ length: 1001 }, () => ({ price: 0.1, count: 1 }));
    expect(evaluate(expression, { lines, x: 0.1234567890123456, a: 1, b: 2 })).toEqual(expected);
  });

  it('writes the time zone’s offset in results', () => {
    expect(evaluate('date and time("2026-06-01T12:00:00@Europe/Berlin")')).toBe(
      '2026-06-01T12:00:00+02:00[Europe/Berlin]',
    );
  });

  it.each([
    ['1 + missing'],
    ['"a" - 1'],
    ['date("nonsense")'],
    ['abs(wrong: 1)'],
    ['assert(missing, missing != null, "it is missing")'],
    ['1 / 0'],
    ['trim(1)'],
    ['min([1, "a"])'],
    ['sum([1, "a"])'],
    ['remove([1], 0)'],
    ['from json("nonsense")'],
    ['frobnicate(1)'],
    ['count(count)'],
  ])('fails if a value cannot be computed, where Camunda returns null: %s', (expression) => {
    expect(() => evaluate(expression)).toThrow(FeelEvaluationError);
    expect(() => evaluate(expression)).toThrow(expression);
  });

  it.each(['{ a: 1 + missing }', '[1 / 0]', 'for i in [1, "a"] return i + 1'])(
    'fails within a value too: %s',
    (expression) => {
      expect(() => evaluate(expression)).toThrow(FeelEvaluationError);
    },
  );

  it.each([
    ['1 +', /not complete at character 4/],
    ['', /not complete at character 1/],
    ['1) + (2', /at character 2/],
    ['a b', /at character 3/],
    ['a + in', /at character 5/],
    ['f(1', /not complete at character 4/],
  ])('refuses to parse %j', (expression, reason) => {
    expect(() => compileFeel(expression)).toThrow(FeelSyntaxError);
    expect(() => compileFeel(expression)).toThrow(reason);
  });

  it('forgets the errors of the previous evaluation', () => {
    const compiled = compileFeel('a + 1');
    expect(() => compiled({}, now)).toThrow(FeelEvaluationError);
    expect(compiled({ a: 1 }, now)).toBe(2);
  });

  it('has no JSON for functions and ranges', () => {
    expect(() => evaluate('function(a) a')).toThrow('a function');
    expect(() => evaluate('{ f: function(r) r, x: f([1..3]) }.x')).toThrow('a range');
  });
});
