import type { Json } from '../values.ts';
import { Decimal } from './decimal.ts';
import { FeelEvaluationError } from './errors.ts';
import { Evaluation, requireNesting, sizes } from './evaluation.ts';
import { isTemporal, variableText } from './temporal-text.ts';
import { Failure, FeelFunction, FeelRange, type FeelValue, isList } from './values.ts';

/**
 * Converts an expression's result to JSON for a variable: dates, times and durations become ISO 8601 texts, integers beyond
 * 2^53 a `bigint` of 64 bits, other numbers the nearest double.
 *
 * @throws FeelEvaluationError if the value, or one inside it, could not be computed or has no JSON
 */
export function toJson(value: unknown): Json {
  return jsonOf(value as FeelValue, new Evaluation(new Date(0)), 0);
}

function jsonOf(value: FeelValue | undefined, evaluation: Evaluation, level: number): Json {
  evaluation.allocate(sizes.item);
  if (value instanceof Failure) throw new FeelEvaluationError(value.reason);
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if (value instanceof Decimal) return numberJson(value);
  if (isTemporal(value)) {
    evaluation.allocate(sizes.temporal);
    return variableText(value);
  }
  if (value instanceof FeelFunction) throw new FeelEvaluationError('the result is a function, not a value');
  if (value instanceof FeelRange) throw new FeelEvaluationError('the result is a range, not a value');
  requireNesting(level);
  evaluation.allocate(sizes.list);
  if (isList(value)) return value.map((item) => jsonOf(item, evaluation, level + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, jsonOf(entry as FeelValue, evaluation, level + 1)]),
  );
}

/** Null for a number beyond the range of doubles, since JSON has no infinity. */
function numberJson(value: Decimal): number | bigint | null {
  if (!value.isWhole()) {
    const nearest = value.toNumber();
    return Number.isFinite(nearest) ? nearest : null;
  }
  const whole = value.toLong();
  return Number.isSafeInteger(Number(whole)) ? Number(whole) : whole;
}
