import { z } from 'zod';
import { compileFeel, type FeelFunctions } from '../../../feel/feel.ts';
import { toJson } from '../../../feel/to-json.ts';
import { FeelFunction, type FeelValue, isNull, isNumber, newContext } from '../../../feel/values.ts';
import { type Json, jsonSchema, type Variables } from '../../../processes/value-types.ts';
import { BpmnError, type Job, JobError, PermanentJobError } from '../../engine.ts';
import { addDuration } from '../interpreter/iso-time.ts';

/**
 * The variables that a connector's task headers take from its response: `resultVariable` names one for the whole response;
 * `resultExpression` is a FEEL expression over `response` and its members that returns a context of variables. Throws {@link
 * PermanentJobError}: the connector's work is done, and a retry would repeat it.
 */
function resultVariables(headers: Record<string, string>, response: Variables): Variables {
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

/**
 * The job's variables for a response: those of the error expression if it ignores an error, else those of the result
 * expression. Throws as {@link applyErrorExpression} and the result expression do. The error expression is evaluated first, and
 * sees the result's variables if there are any.
 */
export function connectorResult(job: Job, response: Variables): Variables {
  let result: Variables | undefined;
  let failure: unknown;
  try {
    result = resultVariables(job.headers, response);
  } catch (error) {
    failure = error;
  }
  const ignored = applyErrorExpression(job, { ...response, ...result, response });
  if (ignored) return ignored;
  if (result) return result;
  throw failure;
}

const outcomeSchema = z.discriminatedUnion('errorType', [
  z.object({
    errorType: z.literal('bpmnError'),
    code: z.string().nullish(),
    message: z.string().nullish(),
    variables: jsonSchema.optional(),
  }),
  z.object({
    errorType: z.literal('jobError'),
    message: z.string(),
    retries: z.int().nonnegative(),
    timeout: z.string().refine((text) => addDuration(new Date(0), text) !== undefined),
  }),
  z.object({ errorType: z.literal('ignoreError'), variables: jsonSchema }),
]);

/**
 * Checks the expressions of a connector's task headers when a process is loaded. Throws an Error that names the header
 * and the reason.
 */
export function assertConnectorExpressions(headers: Record<string, string>): void {
  const { resultExpression, errorExpression } = headers;
  if (resultExpression?.trim()) permanently('resultExpression', () => compileFeel(withoutSign(resultExpression)));
  if (errorExpression?.trim()) {
    permanently('errorExpression', () => compileFeel(withoutSign(errorExpression), errorFunctions));
  }
}

/** A function that returns a context with an `errorType`. Only its first parameter is required. */
function errorFunction(parameters: string[], entries: (values: FeelValue[]) => Record<string, FeelValue>) {
  const invoke = (values: FeelValue[]) => newContext(Object.entries(entries(values)));
  return parameters.map((_, left) => new FeelFunction(parameters.slice(0, parameters.length - left), invoke));
}

const orElse = (value: FeelValue | undefined, fallback: FeelValue): FeelValue =>
  value === undefined || isNull(value) ? fallback : value;

/** The functions that Camunda adds to FEEL in an error expression, with its defaults. */
const errorFunctions: FeelFunctions = new Map([
  [
    'bpmnError',
    errorFunction(['code', 'message', 'variables'], ([code = null, message, variables]) => ({
      errorType: 'bpmnError',
      code: isNumber(code) ? String(code) : code,
      message: orElse(message, null),
      variables: orElse(variables, null),
    })),
  ],
  [
    'jobError',
    errorFunction(['message', 'variables', 'retries', 'timeout'], ([message = null, , retries, timeout]) => ({
      errorType: 'jobError',
      message,
      retries: orElse(retries, 0),
      timeout: orElse(timeout, 'PT0S'),
    })),
  ],
  [
    'ignoreError',
    errorFunction(['variables'], ([variables]) => ({ errorType: 'ignoreError', variables: orElse(variables, null) })),
  ],
]);

/**
 * Evaluates the task header `errorExpression` for a response (`response`, its members and the result's variables) or a failure
 * (`error` with `code`, `message`, `variables`); `job.retries` is the job's number of retries. Throws {@link BpmnError} for
 * `bpmnError(code, message, variables)` and {@link JobError} for `jobError(message, variables, retries, timeout)`. Returns the
 * variables of `ignoreError(variables)`, which completes the job, and undefined if there is no expression or its result is null
 * or an empty context.
 */
export function applyErrorExpression(
  { headers, retries }: Pick<Job, 'headers' | 'retries'>,
  context: Variables,
): Variables | undefined {
  const expression = headers.errorExpression;
  if (!expression?.trim()) return undefined;
  const scope = { ...context, job: { retries: retries ?? 0 } };
  const result = permanently('errorExpression', () =>
    toJson(compileFeel(withoutSign(expression), errorFunctions)(scope, new Date())),
  );
  if (result === null || (typeof result === 'object' && Object.keys(result).length === 0)) return undefined;
  // A context with a `code` is a BPMN error too.
  const isPlain = typeof result === 'object' && !Array.isArray(result) && 'code' in result && !('errorType' in result);
  const outcome = outcomeSchema.safeParse(isPlain ? { ...result, errorType: 'bpmnError' } : result);
  if (!outcome.success)
    throw new PermanentJobError('errorExpression must give bpmnError, jobError, ignoreError or null');
  switch (outcome.data.errorType) {
    case 'bpmnError': {
      const { code, message, variables } = outcome.data;
      if (!code) return undefined;
      throw new BpmnError(code, message ?? '', variablesOf(variables ?? null));
    }
    case 'jobError':
      throw new JobError(outcome.data.message, outcome.data.retries, outcome.data.timeout);
    case 'ignoreError':
      return variablesOf(outcome.data.variables);
  }
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
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PermanentJobError(`${what}: ${reason}`, { cause });
  }
}
