import { isEqual } from './compare.ts';
import { type Evaluation, sizes } from './evaluation.ts';
import { decimalOf } from './numbers.ts';
import { type FeelList, type FeelValue, isNull, isNumber, isString } from './values.ts';

/** The distinct values of a list with their counts, in the order of first occurrence. */
export function distinctValues(list: FeelList, evaluation: Evaluation): { value: FeelValue; count: number }[] {
  const found: { value: FeelValue; count: number }[] = [];
  /** Values by a key: only values with the same key can be equal, so only those are compared. */
  const byKey = new Map<string, { value: FeelValue; count: number }[]>();
  for (const value of list) {
    evaluation.allocate(sizes.entry);
    const key = keyOf(value);
    const candidates = byKey.get(key) ?? [];
    const same = candidates.find((candidate) => isEqual(candidate.value, value, evaluation));
    if (same) {
      same.count += 1;
      continue;
    }
    const added = { value, count: 1 };
    found.push(added);
    candidates.push(added);
    byKey.set(key, candidates);
  }
  return found;
}

function keyOf(value: FeelValue): string {
  if (isString(value)) return `"${value}`;
  if (isNumber(value)) return String(decimalOf(value).toNumber());
  if (typeof value === 'boolean' || isNull(value)) return value === true || value === false ? String(value) : 'null';
  return 'other';
}
