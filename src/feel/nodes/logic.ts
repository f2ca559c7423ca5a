import { typeOf } from '../compare.ts';
import type { FeelValue } from '../values.ts';
import { Failure, isBoolean, isNull } from '../values.ts';
import type { Code } from './code.ts';

/** Evaluates the first branch whose condition is true; a condition that is not a boolean counts as false. */
export function conditional(branches: [condition: Code, value: Code][], otherwise: Code): Code {
  return (scope, evaluation) => {
    for (const [condition, value] of branches) {
      if (condition(scope, evaluation) === true) return value(scope, evaluation);
    }
    return otherwise(scope, evaluation);
  };
}

type Truth = boolean | null | Failure;

/**
 * Adds an operand to `and` (`decisive` false) or `or` (`decisive` true), which start with the opposite value. The decisive
 * value ends the evaluation; otherwise the result is null if an operand is not a boolean.
 */
export function joined(decisive: boolean, soFar: Truth, operand: FeelValue): Truth {
  if (operand === decisive) return decisive;
  if (isBoolean(operand) || isNull(soFar)) return soFar;
  return isNull(operand) ? operand : new Failure(`a ${typeOf(operand)} is neither true nor false`);
}

export function junction(decisive: boolean, operands: Code[]): Code {
  return (scope, evaluation) => {
    let result: Truth = !decisive;
    for (const operand of operands) {
      result = joined(decisive, result, operand(scope, evaluation));
      if (result === decisive) break;
    }
    return result;
  };
}

/** Negates a boolean; any other value becomes null, with its own reason. */
export const negated = (value: FeelValue): FeelValue => {
  if (isBoolean(value)) return !value;
  return isNull(value) ? value : new Failure(`a ${typeOf(value)} is neither true nor false`);
};
