/** The expression is not valid FEEL, or is nested too deeply. The message contains the position in the text, from 1. */
export class FeelSyntaxError extends Error {
  override readonly name: string = 'FeelSyntaxError';
}

/** The expression could not be evaluated with the given variables. */
export class FeelEvaluationError extends Error {
  override readonly name: string = 'FeelEvaluationError';
}

/** The expression exceeded the limit of steps or memory for one evaluation. */
export class FeelLimitError extends FeelEvaluationError {
  override readonly name = 'FeelLimitError';
}

/** The condition of `assert` is false: the only built-in function that is meant to fail. */
export class FeelAssertionError extends FeelEvaluationError {
  override readonly name = 'FeelAssertionError';
}
