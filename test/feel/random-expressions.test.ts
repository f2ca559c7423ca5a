import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileFeel, FeelEvaluationError, FeelSyntaxError } from '../../src/feel/feel.ts';
import { toJson } from '../../src/feel/to-json.ts';

const functions = (
  'abs,all,any,append,before,ceiling,concatenate,contains,context,context merge,context put,count,date,date and time,' +
  'decimal,distinct values,duplicate values,duration,even,exp,extract,flatten,floor,from json,get entries,' +
  'get or else,get value,includes,index of,insert before,is blank,is defined,last day of month,list contains,log,' +
  'lower case,matches,max,mean,median,min,mode,modulo,not,number,odd,or,overlaps,partition,product,remove,replace,' +
  'reverse,round half up,sort,split,sqrt,stddev,string,string join,string length,sublist,substring,substring before,' +
  'sum,time,to base64,to json,trim,union,upper case,week of year,years and months duration,nonsense'
).split(',');

const literals = [
  '0',
  '-1',
  '1.50',
  '9999999999999999999999999999999999999',
  '1000000000',
  '"a"',
  '"^(\\\\w+\\\\s?)*$"',
  '"2026-01-02T03:04:05@Europe/Berlin"',
  '"__proto__"',
  'null',
  'true',
  '@"2026-01-02"',
  '@"P1D"',
  '@"P1Y"',
  '@"10:00:00+02:00"',
  '?',
  'x',
  'n',
  'list',
  'items',
  'item',
  'missing',
];

const { expression } = fc.letrec<{ expression: string }>((tie) => {
  const inner = tie('expression');
  return {
    expression: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'expression' },
      fc.constantFrom(...literals),
      fc
        .tuple(fc.constantFrom(...functions), fc.array(inner, { maxLength: 4 }))
        .map(([name, values]) => `${name}(${values.join(', ')})`),
      fc
        .tuple(inner, fc.constantFrom('+', '-', '*', '/', '**', '=', '!=', '<', '>=', 'and', 'or', 'in'), inner)
        .map(([a, sign, b]) => `(${a}) ${sign} (${b})`),
      fc.array(inner, { maxLength: 3 }).map((values) => `[${values.join(', ')}]`),
      fc
        .array(fc.tuple(fc.constantFrom('a', '"b c"', '__proto__', 'item'), inner), { maxLength: 3 })
        .map((entries) => `{${entries.map(([key, value]) => `${key}: ${value}`).join(', ')}}`),
      fc.tuple(inner, inner).map(([list, filter]) => `(${list})[${filter}]`),
      fc.tuple(inner, fc.constantFrom('a', 'year', 'days', 'time offset')).map(([value, key]) => `(${value}).${key}`),
      fc.tuple(inner, inner, inner).map(([a, b, c]) => `if ${a} then ${b} else ${c}`),
      fc.tuple(inner, inner).map(([list, body]) => `for x in (${list}) return ${body}`),
      fc.tuple(inner, inner, inner).map(([from, to, body]) => `for x in (${from})..(${to}) return ${body}`),
      fc.tuple(inner, inner).map(([list, body]) => `some x in (${list}) satisfies ${body}`),
      fc.tuple(inner, inner).map(([list, body]) => `sort(${list}, function(x, n) ${body})`),
      fc.tuple(inner, inner, inner).map(([value, from, to]) => `(${value}) in [${from}..${to})`),
    ),
  };
});

const variables = { x: 2, n: 1_000_000_000, list: [3, 1, 2], items: [{ a: 1, item: 'b' }, { a: null }, 'c'] };

it('every random expression is computed, refused or an evaluation error, in bounded time', () => {
  fc.assert(
    fc.property(expression, (text) => {
      const begun = process.cpuUsage();
      try {
        JSON.stringify(toJson(compileFeel(text)(variables, new Date('2026-03-04T05:06:07Z'))), (_, value) =>
          typeof value === 'bigint' ? String(value) : value,
        );
      } catch (error) {
        if (!(error instanceof FeelEvaluationError || error instanceof FeelSyntaxError)) throw error;
        // The evaluator's own bugs must not pass as errors of the expression.
        if (error.cause instanceof TypeError || error.cause instanceof ReferenceError) throw error;
        expect(error.message).not.toMatch(/call stack/);
      }
      const { user, system } = process.cpuUsage(begun);
      expect((user + system) / 1000).toBeLessThan(1_500);
    }),
    { numRuns: 2_000 },
  );
}, 60_000);

it('random characters are parsed, or refused with a position', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      ...' ()[]{}.,:+-*/<>=!"\\`@?',
      'if ',
      ' then ',
      'for ',
      ' in ',
      ' return ',
      '..',
      'function',
      '//',
      '/*',
    ),
    fc.string({ maxLength: 3, unit: 'binary' }),
    fc.constantFrom(...literals),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      try {
        compileFeel(pieces.join(''));
      } catch (error) {
        if (!(error instanceof FeelSyntaxError)) throw error;
        expect(error.cause).toBeUndefined();
      }
    }),
    { numRuns: 3_000 },
  );
});
