import { describe, expect, it } from 'vitest';
import { compileFeel, FeelEvaluationError } from '../../src/feel/feel.ts';
import { toJson } from '../../src/feel/to-json.ts';
import { matchesField } from '../../src/patterns.ts';
import type { Json } from '../../src/processes/value-types.ts';

/** Passes patterns as variables, so that FEEL's escapes do not apply to them. */
const evaluate = (expression: string, pattern: string, text: string, other = ''): Json =>
  toJson(compileFeel(expression)({ pattern, text, other }, new Date()));
const matches = (pattern: string, text: string, flags = '') =>
  evaluate('matches(text, pattern, other)', pattern, text, flags);
const replace = (pattern: string, text: string, replacement: string) =>
  evaluate('replace(text, pattern, other)', pattern, text, replacement);

describe('regular expressions as Java has them', () => {
  it.each<[pattern: string, text: string, flags: string, found: boolean]>([
    ['^a.c$', 'a\u2028c', '', false],
    ['^a.c$', 'a\nc', 's', true],
    ['^b', 'a\nb', '', false],
    ['^b', 'a\nb', 'm', true],
    ['a$', 'a\n', '', true],
    ['a\\z', 'a\n', '', false],
    ['ä', 'Ä', 'i', false],
    ['k', '\u212a', 'i', false],
    ['[^a]', 'A', 'i', false],
    ['a b # words', 'ab', 'x', true],
    ['(?i)ABC(?-i)d', 'abcd', '', true],
    ['(?i:A)B', 'ab', '', false],
    ['\\s', '\u000b', '', true],
    ['\\s', '\u00a0', '', false],
    ['\\h', '\u00a0', '', true],
    ['a\\Rb', 'a\r\nb', '', true],
    ['\\p{Alpha}\\p{Punct}', 'a!', '', true],
    ['\\p{IsCyrillic}\\p{Lu}', 'жЖ', '', true],
    ['[a[0-9]]', '5', '', true],
    ['[[:alpha:]]', 'x', '', false],
    ['[\\w-]+', '-', '', true],
    ['[]a]', ']', '', true],
    ['\\Qa.b\\E', 'axb', '', false],
    ['\\u0041\\x42\\t', 'AB\t', '', true],
    ['\\bä', 'ä', '', false],
  ])('%j in %j with %j: %j', (pattern, text, flags, found) => {
    expect(matches(pattern, text, flags)).toBe(found);
  });

  it.each([
    ['(?=a)', 'looking ahead'],
    ['(?<!a)b', 'looking ahead or behind'],
    ['(a)\\1', 'reference back'],
    ['(?<x>a)\\k<x>', 'reference back'],
    ['a++', 'possessive'],
    ['(?>a)', 'atomic'],
    ['[a-z&&[^b]]', 'intersection'],
    ['(?U)a', 'flags U'],
    ['(a{100}){100}', 'repeat'],
    ['a{2', 'count in braces'],
    ['(', 'not closed'],
    ['a)', 'not open'],
    ['[a', 'not closed'],
    ['*a', 'nothing for'],
    ['\\', 'nothing follows'],
    ['a'.repeat(1_001), 'more than 1000 characters'],
  ])('%s cannot be run: %s', (pattern, reason) => {
    expect(() => matches(pattern, 'a')).toThrow(FeelEvaluationError);
    expect(() => matches(pattern, 'a')).toThrow(reason);
  });

  it.each([
    ['b*', 'abc', '-', '-a--c-'],
    ['(a)(b)?', 'a', '$1$2!', 'a!'],
    ['(?<first>a)', 'ab', '\u0024{first}\u0024{first}', 'aab'],
    ['(a)', 'a', '$10', 'a0'],
    ['a', 'a', '\\$1', '$1'],
    ['x', 'a', '$9', 'a'],
  ])('%s in %s is replaced by %s: %s', (pattern, text, replacement, expected) => {
    expect(replace(pattern, text, replacement)).toBe(expected);
  });

  it.each(['$9', '$', '\u0024{none}', '\\'])('the replacement %s refers to no group', (replacement) => {
    expect(() => replace('a', 'a', replacement)).toThrow(/replacement/);
  });

  it('finds characters beyond 16 bits whole', () => {
    expect(evaluate('extract(text, pattern)', '.', '😀a')).toEqual(['😀', 'a']);
  });
});

describe('a form field’s pattern', () => {
  it.each([
    ['^[A-Z]{2}\\d+$', 'AB12', true],
    ['^[A-Z]{2}\\d+$', 'ab12', false],
    ['^\\/a$', '/a', true],
    ['^(?<year>\\d{4})$', '2026', true],
  ])('%s for %s: %j', (pattern, value, found) => {
    expect(matchesField(pattern, value)).toBe(found);
  });

  it('ends, whatever the value', () => {
    expect(matchesField('^(a+)+$', `${'a'.repeat(3_000)}!`)).toBe(false);
    expect(matchesField('(.{0,10}){100}x', 'a'.repeat(1_000_000))).toBe(false);
  });
});
