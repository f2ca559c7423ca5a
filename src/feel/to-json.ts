import type { Json } from '../values.ts';
import { Decimal } from './decimal.ts';
import { FeelEvaluationError } from './errors.ts';
import { Evaluation, requireNesting, sizes } from './evaluation.ts';
import { isTemporal, variableText } from './temporal-text.ts';
import { Failure, FeelFunction, FeelRange, type FeelValue, isList } from './values.ts';

/**
 * Makes the JSON of an expression's result, as it goes into a variable: dates, times and durations become ISO 8601 texts,
 * whole numbers beyond 2^53 a `bigint` of 64 bits, other numbers the nearest double.
 *
 * @throws FeelEvaluationError where the value, or one within it, could not be computed or has no JSON
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

/** JSON has no infinity: a number beyond all doubles is null. */
function numberJson(value: Decimal): number | bigint | null {
  if (!value.isWhole()) {
    const nearest = value.toNumber();
    return Number.isFinite(nearest) ? nearest : null;
  }
  const whole = value.toLong();
  return Number.isSafeInteger(Number(whole)) ? Number(whole) : whole;
}
