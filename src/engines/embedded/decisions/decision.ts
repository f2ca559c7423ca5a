import { type CompiledFeel, FeelEvaluationError } from '../../../feel/feel.ts';
import { toJson } from '../../../feel/to-json.ts';
import type { FeelValue } from '../../../feel/values.ts';
import type { Json, Variables } from '../../../processes/value-types.ts';
import type { EvaluatedDecision } from '../../engine.ts';
import { type DecisionTable, outputOf } from './decision-table.ts';
import { hitPolicies } from './hit-policies.ts';

/** A decision of a DMN file, compiled. */
export interface Decision {
  id: string;
  name: string;
  /** The variable names of its result in the decisions that require it. */
  resultNames: string[];
  /** The required decisions, in evaluation order. */
  required: Decision[];
  logic: { kind: 'literal'; expression: CompiledFeel } | ({ kind: 'table' } & DecisionTable);
}

export interface Outcome {
  result: Json;
  /** All evaluated decisions: the required ones, and last the decision itself. */
  evaluated: EvaluatedDecision[];
}

/** @throws FeelEvaluationError */
export function evaluateDecision(decision: Decision, variables: Variables, now: Date): Outcome {
  const evaluated: EvaluatedDecision[] = [];
  const results = new Map<Decision, FeelValue>();
  const spend = timeLimit();
  const evaluate = (one: Decision): FeelValue => {
    const known = results.get(one);
    if (known !== undefined) return known;
    let seen = variables;
    for (const required of one.required) {
      const result = evaluate(required);
      for (const name of required.resultNames) seen = { ...seen, [name]: result as Json };
    }
    const { result, ...details } = decide(one, seen, now, spend);
    results.set(one, result);
    evaluated.push({ id: one.id, name: one.name, ...details, result: toJson(result) });
    return result;
  };
  const result = toJson(evaluate(decision));
  return { result, evaluated };
}

/**
 * Time limit of a decision with all that it requires, in milliseconds. Each expression has its own limit, but there may be
 * many.
 */
const longestDecision = 1000;

function timeLimit(): () => void {
  const end = performance.now() + longestDecision;
  return () => {
    if (performance.now() > end) throw new FeelEvaluationError('it takes more than a second');
  };
}

function decide({ logic, name }: Decision, variables: Variables, now: Date, spend: () => void) {
  try {
    if (logic.kind === 'literal') return { result: logic.expression(variables, now), inputs: [], matchedRules: [] };
    return decideTable(logic, variables, now, spend);
  } catch (cause) {
    if (!(cause instanceof FeelEvaluationError)) throw cause;
    throw new FeelEvaluationError(`decision “${name}”: ${cause.message}`, { cause });
  }
}

function decideTable(table: DecisionTable, variables: Variables, now: Date, spend: () => void) {
  const inputs = table.inputs.map(({ label, expression }) => {
    spend();
    return { label, value: expression(variables, now) };
  });
  const matched = table.rules.flatMap(({ id, tests, outputs }, index) => {
    spend();
    if (!tests.every((test, column) => test(inputs[column]?.value ?? null, variables, now))) return [];
    return { id, index: index + 1, outputs: outputs.map((output) => output(variables, now)) };
  });
  const priorities = table.outputs.map(({ values }) => values?.(variables, now));
  const apply = hitPolicies[table.hitPolicy];
  const chosen = matched.length > 0 ? apply({ table, matched, priorities }) : withoutMatch(table, variables, now);
  return {
    result: chosen,
    inputs: inputs.map(({ label, value }) => ({ label, value: toJson(value) })),
    matchedRules: matched.map(({ id, index, outputs }) => ({ id, index, outputs: outputs.map(toJson) })),
  };
}

/** The result of a table in which no rule matches. */
function withoutMatch({ outputs, aggregation }: DecisionTable, variables: Variables, now: Date): FeelValue {
  if (aggregation === 'COUNT') return 0;
  if (outputs.every(({ defaultValue }) => defaultValue === undefined)) return null;
  return outputOf(
    outputs,
    outputs.map(({ defaultValue }) => defaultValue?.(variables, now) ?? null),
  );
}
