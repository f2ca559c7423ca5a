import { type Evaluation, requireNesting, sizes } from './evaluation.ts';
import { decimalOf } from './numbers.ts';
import { feelText, isTemporal } from './temporal-text.ts';
import { FeelFunction, FeelRange, type FeelValue, isContext, isList, isNull, isNumber, isString } from './values.ts';

/** The result of the function `string`; nested texts are in quotes. */
export function textOf(value: FeelValue, evaluation: Evaluation, level = 0): string {
  requireNesting(level);
  const text = written(value, evaluation, level);
  evaluation.allocate(text.length * sizes.character + sizes.item);
  return text;
}

function written(value: FeelValue, evaluation: Evaluation, level: number): string {
  const inner = (item: FeelValue) => textOf(item, evaluation, level + 1);
  if (isNull(value)) return 'null';
  if (isString(value)) return `"${value}"`;
  if (isNumber(value))
    return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : String(decimalOf(value));
  if (isTemporal(value)) return feelText(value);
  if (isList(value)) return `[${value.map(inner).join(', ')}]`;
  if (isContext(value)) {
    return `{${Object.entries(value)
      .map(([key, entry]) => `${key}:${inner(entry)}`)
      .join(', ')}}`;
  }
  if (value instanceof FeelRange) {
    const { start, end } = value;
    return `${start.isClosed ? '[' : '('}${inner(start.value)}..${inner(end.value)}${end.isClosed ? ']' : ')'}`;
  }
  return value instanceof FeelFunction ? `function(${value.parameters.join(', ')})` : String(value);
}
