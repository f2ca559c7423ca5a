import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileFeel, FeelSyntaxError } from '../../src/feel/feel.ts';
import { toJson } from '../../src/feel/to-json.ts';

/** `| expression | result in Camunda | result here |`; the expression in backticks, optionally followed by words. */
const row =
  /^\| (?:`` (?<quoting>.+?) ``|`(?<plain>[^`]+)`)[^|]*\| [^|]+ \| (?:`(?<value>[^`]+)`|(?<outcome>[^|]+)) \|$/;

const differences = readFileSync('docs/feel.md', 'utf8')
  .split('\n')
  .flatMap((line) => {
    const { quoting, plain, value, outcome } = row.exec(line)?.groups ?? {};
    const expression = quoting ?? plain;
    return expression === undefined ? [] : [{ expression, here: value ?? outcome ?? '' }];
  });

describe('the differences from Camunda in docs/feel.md', () => {
  it('are found in the file', () => {
    expect(differences.length).toBeGreaterThan(10);
  });

  it.each(differences)('$expression: $here', ({ expression, here }) => {
    if (here === 'refused') {
      expect(() => compileFeel(expression)).toThrow(FeelSyntaxError);
      return;
    }
    const compiled = compileFeel(expression);
    const evaluate = () => toJson(compiled({}, new Date()));
    if (here === 'incident') expect(evaluate).toThrow();
    else expect(evaluate()).toEqual(JSON.parse(here));
  });
});
