import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileFeel, FeelEvaluationError, FeelSyntaxError } from '../../src/feel/feel.ts';
import { toJson } from '../../src/feel/to-json.ts';
import type { Json, Variables } from '../../src/processes/value-types.ts';

/** The result of an expression in Camunda 8.8's own engine, whose JSON writer rounds whole numbers to doubles. */
interface Case {
  expression: string;
  /** The name of the set of variables. */
  variables: string;
  camunda: { value: Json } | { incident: true } | { refused: true };
}

const folder = 'test/fixtures/feel';
const variables = JSON.parse(readFileSync(`${folder}/variables.json`, 'utf8')) as Record<string, Variables>;
const cases = readFileSync(`${folder}/camunda-values.jsonl`, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Case);

/** docs/feel.md: functions that Camunda has since 8.9. */
const isNewer = ({ expression }: Case) => /^(?:to|from) json\(/.test(expression);
/** docs/feel.md: where Camunda returns null for an error, also within a value, there is an incident here. */
const mayFail = (value: Json) => JSON.stringify(value).includes('null');

const evaluate = ({ expression, variables: set }: Case): Json => {
  const value = toJson(compileFeel(expression)(variables[set] ?? {}, new Date('2026-03-04T05:06:07Z')));
  return typeof value === 'bigint' ? Number(value) : value;
};

function outcomeOf(known: Case): Json | Error {
  try {
    return evaluate(known);
  } catch (error) {
    return error as Error;
  }
}

describe('FEEL, as Camunda 8.8 computes it', () => {
  it('is compared by 917 expressions, all but 2 of which Camunda 8.8 has the functions for', () => {
    expect(cases).toHaveLength(917);
    expect(cases.filter(isNewer)).toHaveLength(2);
  });

  it.each(cases.filter((known) => !isNewer(known)))('$variables: $expression', (known) => {
    const { camunda } = known;
    const outcome = outcomeOf(known);
    if ('refused' in camunda) expect(outcome).toBeInstanceOf(FeelSyntaxError);
    else if ('incident' in camunda) expect(outcome).toBeInstanceOf(FeelEvaluationError);
    else if (!(outcome instanceof FeelEvaluationError && mayFail(camunda.value)))
      expect(outcome).toEqual(camunda.value);
  });
});
