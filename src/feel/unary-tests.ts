import type { Variables } from '../values.ts';
import { FeelSyntaxError } from './errors.ts';
import { compileFeel } from './feel.ts';
import type { FeelValue } from './values.ts';

/** Whether a value passes the tests of a decision table's cell. Throws FeelEvaluationError if they cannot be evaluated. */
export type CompiledTests = (input: FeelValue, variables: Variables, now: Date) => boolean;

/** Camunda's variable name for the input value inside a cell's tests. */
const inputName = 'cellInput';

/**
 * Compiles the tests of a decision table's cell, such as `"a", "b"`, `[1..5]`, `not(< 3)` or `-`.
 *
 * @throws FeelSyntaxError
 */
export function compileUnaryTests(text: string): CompiledTests {
  const tests = text.trim();
  if (tests === '' || tests === '-') return () => true;
  const test = compileNegation(tests) ?? compileFeel(`${inputName} in (${tests})`);
  return (input, variables, now) => test({ ...variables, [inputName]: input } as Variables, now) === true;
}

function compileNegation(tests: string) {
  const inner = /^not\s*\((.*)\)$/s.exec(tests)?.[1];
  if (inner === undefined) return undefined;
  try {
    return compileFeel(`not(${inputName} in (${inner}))`);
  } catch (error) {
    // The brackets do not belong to a single negation, as in `not(a) or not(b)`.
    if (error instanceof FeelSyntaxError) return undefined;
    throw error;
  }
}
