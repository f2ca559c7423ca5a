import type { Decimal } from './decimal.ts';
import { type Evaluation, requireNesting, sizes } from './evaluation.ts';
import { decimalOf } from './numbers.ts';
import { isDayTimeDuration, isLocalTime, isYearMonthDuration, isZonedTime } from './temporal.ts';
import { isoDurationText, isoTimeText, isTemporal, timeText, variableText } from './temporal-text.ts';
import { textOf } from './text-of.ts';
import { type FeelValue, isContext, isList, isNull, isNumber, isString } from './values.ts';

/** The result of the function `to json`. */
export function jsonText(value: FeelValue, evaluation: Evaluation, level = 0): string {
  requireNesting(level);
  const text = written(value, evaluation, level);
  evaluation.allocate(text.length * sizes.character + sizes.item);
  return text;
}

function written(value: FeelValue, evaluation: Evaluation, level: number): string {
  if (isNull(value)) return 'null';
  if (isList(value)) return `[${value.map((item) => jsonText(item, evaluation, level + 1)).join(',')}]`;
  if (isContext(value)) {
    const entries = Object.entries(value).map(
      ([key, entry]) => `${JSON.stringify(key)}:${jsonText(entry, evaluation, level + 1)}`,
    );
    return `{${entries.join(',')}}`;
  }
  if (isNumber(value)) return typeof value === 'bigint' ? String(value) : decimalJson(value);
  if (typeof value === 'boolean') return String(value);
  if (isString(value)) return JSON.stringify(value);
  if (!isTemporal(value)) return JSON.stringify(textOf(value, evaluation));
  if (isZonedTime(value)) return JSON.stringify(isoTimeText(value));
  if (isLocalTime(value)) return JSON.stringify(timeText(value));
  if (isDayTimeDuration(value) || isYearMonthDuration(value)) return JSON.stringify(isoDurationText(value));
  return JSON.stringify(variableText(value));
}

const decimalJson = (value: number | Decimal): string =>
  typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : String(decimalOf(value));
