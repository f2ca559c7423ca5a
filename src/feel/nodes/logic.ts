import { typeOf } from '../compare.ts';
import type { FeelValue } from '../values.ts';
import { Failure, isBoolean, isNull } from '../values.ts';
import type { Code } from './code.ts';

/** The first branch whose condition is true; a condition that is neither true nor false is not. */
export function conditional(branches: [condition: Code, value: Code][], otherwise: Code): Code {
  return (scope, evaluation) => {
    for (const [condition, value] of branches) {
      if (condition(scope, evaluation) === true) return value(scope, evaluation);
    }
    return otherwise(scope, evaluation);
  };
}

/**
 * `and` (`decisive` false) and `or` (true): the decisive value as soon as an operand has it, else null if an operand is
 * no boolean, else the other value.
 */
export function logical(decisive: boolean, operands: Iterable<() => FeelValue>): boolean | null | Failure {
  let result: boolean | null | Failure = !decisive;
  for (const operand of operands) {
    const value = operand();
    if (value === decisive) return decisive;
    if (isBoolean(value) || isNull(result)) continue;
    result = isNull(value) ? value : new Failure(`a ${typeOf(value)} is neither true nor false`);
  }
  return result;
}

export function junction(decisive: boolean, operands: Code[]): Code {
  return (scope, evaluation) => {
    function* values() {
      for (const operand of operands) yield () => operand(scope, evaluation);
    }
    return logical(decisive, values());
  };
}

/** The opposite of a boolean; what is none stays null, for its own reason. */
export const negated = (value: FeelValue): FeelValue => {
  if (isBoolean(value)) return !value;
  return isNull(value) ? value : new Failure(`a ${typeOf(value)} is neither true nor false`);
};
