import { UserFacingError } from '../errors.ts';
import { compileFeel, FeelSyntaxError, unknownFunction } from '../feel/feel.ts';
import { toJson } from '../feel/to-json.ts';
import { message } from '../words/message.ts';
import type { Json, Variables } from './value-types.ts';

/** The FEEL of a text that is an expression, which form-js marks with `=`; undefined for any other text. */
export function expressionIn(text: string): string | undefined {
  return text.startsWith('=') ? text.slice(1) : undefined;
}

/** Why a FEEL expression of a form cannot be evaluated, or undefined. */
export function expressionMistake(expression: string): string | undefined {
  const shown = expression.trim();
  try {
    const unknown = unknownFunction(expression);
    return unknown === undefined ? undefined : `"${shown}" calls ${unknown}(), which does not exist`;
  } catch (error) {
    if (!(error instanceof FeelSyntaxError)) throw error;
    return `FEEL syntax error in "${shown}": ${error.message}`;
  }
}

/** Evaluates an expression of a form; null where it cannot be computed. */
export type Evaluate = (expression: string, variables: Variables) => Json;

/** Milliseconds that all expressions of a form may take together, each time that it is shown or submitted. */
const patienceMs = 1000;

/**
 * Evaluates the expressions of one form. What cannot be computed is null, as in form-js.
 *
 * @throws UserFacingError once they take too long together; each one has its own bounds in FEEL
 */
export function createEvaluate(now = new Date()): Evaluate {
  let spentMs = 0;
  return (expression, variables) => {
    if (spentMs > patienceMs) throw new UserFacingError(message('form.tooSlow'));
    const begun = performance.now();
    try {
      return toJson(compileFeel(expression)(variables, now));
    } catch {
      // The syntax was checked when the form was read; what is left is a value that is not there or does not fit.
      return null;
    } finally {
      spentMs += performance.now() - begun;
    }
  };
}
