import { evaluate, SyntaxError as FeelinSyntaxError, type Warning } from 'feelin';
import { z } from 'zod';
import type { Json, Variables } from '../../../processes/value-types.ts';
import { BpmnError, PermanentJobError } from '../../engine.ts';
import { compileFeel } from '../feel.ts';
import { camundaBuiltins } from '../feel-builtins.ts';
import { toJson } from '../feel-values.ts';

/**
 * The variables that a connector's task headers make of its response: `resultVariable` names one for all of it,
 * `resultExpression` is FEEL over `response` and its members and gives a context of variables. Throws
 * {@link PermanentJobError}: what the connector did is done, and to try again would do it twice.
 */
export function resultVariables(headers: Record<string, string>, response: Variables): Variables {
  const { resultVariable, resultExpression } = headers;
  const whole = resultVariable?.trim() ? { [resultVariable.trim()]: response } : {};
  if (!resultExpression?.trim()) return whole;
  const result = permanently('resultExpression', () =>
    toJson(compileFeel(withoutSign(resultExpression))({ ...response, response }, new Date())),
  );
  if (result === null || typeof result !== 'object' || Array.isArray(result)) {
    throw new PermanentJobError('resultExpression must give a context, like {id: response.body.id}');
  }
  return { ...whole, ...result };
}

const outcomeSchema = z.discriminatedUnion('errorType', [
  z.object({ errorType: z.literal('bpmnError'), code: z.string(), message: z.string().nullish(), variables: z.json() }),
  z.object({ errorType: z.literal('jobError'), message: z.string(), retries: z.number().nullish() }),
  z.object({ errorType: z.literal('ignoreError'), variables: z.json() }),
]);

/**
 * Checks the expressions of a connector's task headers when a process is loaded. Throws an Error that names the header
 * and the reason.
 */
export function assertConnectorExpressions(headers: Record<string, string>): void {
  const { resultExpression, errorExpression } = headers;
  if (resultExpression?.trim()) permanently('resultExpression', () => compileFeel(withoutSign(resultExpression)));
  if (errorExpression?.trim()) {
    permanently('errorExpression', () =>
      evaluateWithErrorFunctions(withoutSign(errorExpression), {}, ['NO_FUNCTION_FOUND']),
    );
  }
}

/** The functions that Camunda adds to FEEL in an error expression. */
const errorFunctions = {
  bpmnError: (code: unknown, message?: unknown, variables: unknown = null) => ({
    errorType: 'bpmnError',
    code: typeof code === 'number' ? String(code) : code,
    message,
    variables,
  }),
  jobError: (message: unknown, _variables?: unknown, retries?: unknown) => ({
    errorType: 'jobError',
    message,
    retries,
  }),
  ignoreError: (variables: unknown = null) => ({ errorType: 'ignoreError', variables }),
};

/**
 * What the task header `errorExpression` makes of a response (`response` and its members) or a failure (`error` with
 * `code`, `message`, `variables`): throws {@link BpmnError} for `bpmnError(code, message, variables)`, an Error for
 * `jobError(message, variables, retries)` (for good with 0 retries), returns the variables of `ignoreError(variables)`,
 * which completes the job, and undefined where there is no expression or it gives null.
 */
export function applyErrorExpression(headers: Record<string, string>, context: Variables): Variables | undefined {
  const expression = headers.errorExpression;
  if (!expression?.trim()) return undefined;
  const result = permanently('errorExpression', () =>
    evaluateWithErrorFunctions(withoutSign(expression), context, ['NO_FUNCTION_FOUND', 'FUNCTION_INVOCATION_FAILURE']),
  );
  if (result === null) return undefined;
  const outcome = outcomeSchema.safeParse(result);
  if (!outcome.success)
    throw new PermanentJobError('errorExpression must give bpmnError, jobError, ignoreError or null');
  switch (outcome.data.errorType) {
    case 'bpmnError':
      throw new BpmnError(outcome.data.code, outcome.data.message ?? '', variablesOf(outcome.data.variables));
    case 'jobError':
      if (outcome.data.retries === 0) throw new PermanentJobError(outcome.data.message);
      throw new Error(outcome.data.message);
    case 'ignoreError':
      return variablesOf(outcome.data.variables);
  }
}

function evaluateWithErrorFunctions(expression: string, context: Variables, failures: Warning['type'][]): Json {
  // feelin takes functions from the context only when it parses with it, so this cannot be compiled once.
  const scope = { ...camundaBuiltins, ...errorFunctions, ...context };
  const { value, warnings } = evaluate(expression, scope, 'camunda');
  const failure = warnings.find(({ type }) => failures.includes(type));
  if (failure) throw new Error(failure.message);
  return toJson(value);
}

function variablesOf(value: Json): Variables {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
}

function withoutSign(expression: string): string {
  return expression.trim().replace(/^=/, '');
}

function permanently<T>(what: string, evaluation: () => T): T {
  try {
    return evaluation();
  } catch (cause) {
    const at = cause instanceof FeelinSyntaxError ? ` at character ${cause.position.from + 1}` : '';
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PermanentJobError(`${what}: ${reason}${at}`, { cause });
  }
}
