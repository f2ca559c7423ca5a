import { UserFacingError } from '../errors.ts';
import { compileFeel, FeelSyntaxError, unknownFunction } from '../feel/feel.ts';
import { toJson } from '../feel/to-json.ts';
import { message } from '../words/message.ts';
import type { Json, Variables } from './value-types.ts';

/** The FEEL expression in a text that form-js marks with `=`; undefined for any other text. */
export function expressionIn(text: string): string | undefined {
  return text.startsWith('=') ? text.slice(1) : undefined;
}

/** Why a FEEL expression of a form is invalid; undefined if it is valid. */
export function expressionMistake(expression: string): string | undefined {
  const shown = expression.trim();
  try {
    const unknown = unknownFunction(expression, 'form');
    return unknown === undefined ? undefined : `"${shown}" calls ${unknown}(), which does not exist`;
  } catch (error) {
    if (!(error instanceof FeelSyntaxError)) throw error;
    return `FEEL syntax error in "${shown}": ${error.message}`;
  }
}

/** Evaluates an expression of a form; null if it cannot be computed. */
export type Evaluate = (expression: string, variables: Variables) => Json;

/** Time limit in milliseconds for all expressions of a form together, each time it is shown or submitted. */
const patienceMs = 1000;

/**
 * Creates an evaluator for one form. Expressions that cannot be computed are null, as in form-js.
 *
 * @throws UserFacingError if they take too long together; FEEL limits each one as well
 */
export function createEvaluate(now = new Date()): Evaluate {
  let spentMs = 0;
  return (expression, variables) => {
    if (spentMs > patienceMs) throw new UserFacingError(message('form.tooSlow'));
    const begun = performance.now();
    try {
      return toJson(compileFeel(expression, undefined, 'form')(variables, now));
    } catch {
      // The syntax was checked when the form was read; what remains is a missing or unsuitable value.
      return null;
    } finally {
      spentMs += performance.now() - begun;
    }
  };
}
