/** An expression is not FEEL, at the place in its text that the message tells (from 1), or nests too deeply. */
export class FeelSyntaxError extends Error {
  override readonly name: string = 'FeelSyntaxError';
}

/** An expression could not be evaluated with the variables that it met. */
export class FeelEvaluationError extends Error {
  override readonly name: string = 'FeelEvaluationError';
}

/** An expression took more steps or memory than one evaluation may. */
export class FeelLimitError extends FeelEvaluationError {
  override readonly name = 'FeelLimitError';
}

/** `assert` was given a condition that does not hold: the one built-in that is there to fail. */
export class FeelAssertionError extends FeelEvaluationError {
  override readonly name = 'FeelAssertionError';
}
