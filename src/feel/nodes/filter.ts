import { typeOf } from '../compare.ts';
import { type Evaluation, sizes } from '../evaluation.ts';
import { add, compareNumbers, intOf } from '../numbers.ts';
import { ContextScope, type Scope, VariableScope } from '../scope.ts';
import {
  Failure,
  type FeelList,
  type FeelNumber,
  type FeelValue,
  isContext,
  isError,
  isList,
  isNull,
  isNumber,
} from '../values.ts';
import type { Code } from './code.ts';

/** The item at a position, from 1, or from -1 backwards; null if there is none. */
export function itemAt(list: FeelList, place: FeelNumber, evaluation: Evaluation): FeelValue {
  const index = add(place, compareNumbers(place, 0) > 0 ? -1 : list.length, evaluation);
  if (compareNumbers(index, 0) < 0 || compareNumbers(index, list.length) >= 0) return null;
  return list[intOf(index)] ?? null;
}

/**
 * `list[filter]`. `mayBeIndex`: Camunda first evaluates such a filter without an item, to see if it is a number. In any case, a
 * filter that is a number for the first item is an index.
 */
export function filtered(
  list: FeelValue,
  filter: Code,
  mayBeIndex: boolean,
  scope: Scope,
  evaluation: Evaluation,
): FeelValue {
  // The items of a missing list are null, without an error.
  if (isNull(list)) return list instanceof Failure ? new Failure(list.reason) : null;
  if (!isList(list)) return new Failure(`a ${typeOf(list)} is not a list with items`);
  if (mayBeIndex) {
    const index = filter(scope, evaluation);
    if (isNumber(index)) return itemAt(list, index, evaluation);
  }
  const found: FeelValue[] = [];
  for (let index = 0; index < list.length; index++) {
    const item = list[index] ?? null;
    const isFound = filter(itemScope(scope, item), evaluation);
    if (isError(isFound)) return new Failure(isFound.reason);
    if (index === 0 && isNumber(isFound)) return itemAt(list, isFound, evaluation);
    // Camunda marks excluded items by "_", and so also excludes this text itself, except as the first item.
    if (isFound !== true || (item === '_' && index > 0)) continue;
    evaluation.allocate(sizes.item);
    found.push(item);
  }
  return found;
}

/** The scope of a filter: the item, and its entries if it is a context. */
function itemScope(scope: Scope, item: FeelValue): Scope {
  const inner = new VariableScope(scope, 'item', item);
  return isContext(item) ? new ContextScope(inner, item) : inner;
}
