import { camundaBuiltins } from '@camunda/feel-builtins';
import { describe, expect, it } from 'vitest';
import { compileFeel } from '../../src/feel/feel.ts';
import { toJson } from '../../src/feel/to-json.ts';
import type { Json } from '../../src/processes/value-types.ts';

interface Example {
  expression: string;
  /** The documented result, as FEEL or in words. */
  result: string;
}

const now = new Date('2026-03-04T05:06:07Z');
const evaluate = (expression: string) => toJson(compileFeel(expression)({}, now));
/** Results that depend on time or chance, and a local time that the documentation reads as Berlin's. */
const differing = ['now()', 'today()', 'random number()', 'uuid()', 'date and time(@"2020-07-31T14:27:30", "Z")'];
const functions = [...new Set(camundaBuiltins.map(({ name }) => name))];
const examples = camundaBuiltins.flatMap(({ info }) => examplesOf(info ?? ''));

/** Reads the documentation's examples: an expression, with its result in a comment below. */
function examplesOf(html: string): Example[] {
  const code = /<strong>Examples?<\/strong><\/p>\s*<pre><code[^>]*>([\s\S]*?)<\/code>/.exec(html)?.[1] ?? '';
  const entities: Record<string, string> = { quot: '"', lt: '<', gt: '>', '#39': "'", amp: '&' };
  const text = code.replace(/&(quot|lt|gt|#39|amp);/g, (_, name: string) => entities[name] ?? '');
  const found: Example[] = [];
  let lines: string[] = [];
  for (const line of text.split('\n')) {
    const result = /^\s*\/\/ (.*)$/.exec(line)?.[1];
    if (result === undefined) lines.push(line);
    else if (lines.join('').trim()) found.push({ expression: lines.join('\n').trim(), result });
    if (result !== undefined) lines = [];
  }
  return found;
}

/** Evaluates the documented result; undefined if it is in words. */
function toldBy(result: string): Json | undefined {
  try {
    return evaluate(result);
  } catch {
    return undefined;
  }
}

const decided = examples.flatMap(({ expression, result }) => {
  const expected = toldBy(result);
  return expected === undefined || differing.includes(expression) ? [] : [{ expression, expected }];
});

describe('FEEL, by Camunda’s own list of built-ins', () => {
  it.each(functions)('has %s', (name) => {
    expect(() => compileFeel(`${name}(x)`)).not.toThrow();
  });

  it('finds examples in the documentation', () => {
    expect(decided.length).toBeGreaterThan(230);
  });

  it.each(decided)('$expression', ({ expression, expected }) => {
    expect(evaluate(expression)).toEqual(expected);
  });
});
