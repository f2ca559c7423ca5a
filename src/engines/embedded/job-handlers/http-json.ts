import { isDeeperThan, parseJson, stringifyJson } from '../../../json.ts';
import type { Json } from '../../../processes/value-types.ts';
import { storable } from '../../../storable.ts';
import { BpmnError, type Job, JobError, type JobHandler, PermanentJobError } from '../../engine.ts';
import { applyErrorExpression, connectorResult } from './connector-expressions.ts';
import { type HttpJsonInput, inputsOf, readInputs, timeoutOf } from './http-json-input.ts';
import { buildRequest } from './http-json-request.ts';
import { HttpFailedError, type HttpLimits, HttpRefusedError, type HttpResponse, sendRequest } from './http-request.ts';
import { createSecretsResolver, type SecretsResolver } from './secrets.ts';

export interface HttpJsonHandlerOptions {
  /** Values for `{{secrets.NAME}}`, by NAME. */
  secrets: ReadonlyMap<string, string>;
  /** Private or local hosts that may be called anyway: `host` or `host:port`. */
  allowedHosts: readonly string[];
  /** Maximum size of a response in bytes. Default 4 MB, Camunda 8's limit for variables. */
  maximumBody?: number;
  /** Resolves host names; the system's resolver by default. */
  lookup?: HttpLimits['lookup'];
}

/**
 * Handles the job type `io.camunda:http-json:1`: sends an HTTP request as Camunda's REST connector does. The task headers
 * `resultVariable` and `resultExpression` map the response `{status, headers, body}` to process variables. A status other than
 * 2xx, or no response, fails the job, which is retried unless `errorExpression` decides otherwise; a request that cannot be
 * made fails it permanently. Error messages contain no secrets.
 */
export function createHttpJsonHandler(options: HttpJsonHandlerOptions): JobHandler {
  const { secrets, allowedHosts, maximumBody = 4_000_000, lookup } = options;
  const limits: HttpLimits = { allowedHosts, maximumBody, ...(lookup ? { lookup } : {}) };
  const handle: JobHandler = async (job, signal) => {
    const resolver = createSecretsResolver(secrets, job);
    const input = readInputs(resolver.resolve(inputsOf(job.variables)));
    // The URL as written in the process, without secrets, and without the query, which may contain personal data.
    const written = String(job.variables.url).replaceAll(job.secrets?.mark ?? '', '');
    const target = `${input.method} ${written.split('?')[0]?.slice(0, 200)}`;
    const result = await call(job, input, limits, signal, resolver);
    try {
      if ('failure' in result) return fail(job, result.failure, target);
      const { response } = result;
      return connectorResult(job, response);
    } catch (error) {
      throw withoutSecrets(error, resolver);
    }
  };
  return Object.assign(handle, { timeoutMs: (job: Job) => timeoutOf(job.variables) });
}

interface Response {
  [member: string]: Json;
  status: number;
  headers: { [name: string]: Json };
  body: Json;
}

interface Failure {
  /** The status, or Node's error code if there is no response. */
  code: string;
  message: string;
  isPermanent: boolean;
  response?: Response;
}

async function call(
  job: Job,
  input: HttpJsonInput,
  limits: HttpLimits,
  signal: AbortSignal,
  resolver: SecretsResolver,
): Promise<{ response: Response } | { failure: Failure }> {
  try {
    const request = await buildRequest(job, input, limits, signal);
    const response = readResponse(await sendRequest(request, limits, signal));
    if (response.status >= 200 && response.status < 300) return { response };
    const redirect = response.status >= 300 && response.status < 400 ? '; redirects are not followed' : '';
    const message = `answered ${response.status}${redirect}${excerpt(response.body, resolver)}`;
    return { failure: { code: String(response.status), message, isPermanent: false, response } };
  } catch (error) {
    if (error instanceof HttpFailedError)
      return { failure: { code: error.code, message: error.message, isPermanent: false } };
    if (error instanceof HttpRefusedError)
      return { failure: { code: 'REFUSED', message: error.message, isPermanent: true } };
    throw error;
  }
}

function fail(job: Job, { code, message, isPermanent, response }: Failure, target: string) {
  const variables = response ? { response } : {};
  const ignored = applyErrorExpression(job, { error: { code, message, variables } });
  if (ignored) return ignored;
  const text = `${target}: ${message}`;
  throw isPermanent ? new PermanentJobError(text) : new HttpJobError(text, `${target}: ${code}`);
}

/** The request failed; a retry may succeed. */
class HttpJobError extends Error {
  /** The text for the log; the message quotes the server. */
  readonly logged: string;
  constructor(message: string, logged: string) {
    super(message);
    this.logged = logged;
  }
}

/**
 * Removes secrets from an error: a server may echo its input, and expressions may put that into a reason. Creates a new error,
 * since the stack contains the message too.
 */
function withoutSecrets(error: unknown, { redact, redactAll }: SecretsResolver): unknown {
  if (!(error instanceof Error)) return error;
  const message = redact(error.message);
  if (error instanceof BpmnError) return new BpmnError(redact(error.code), message, redactAll(error.variables));
  if (error instanceof JobError) return new JobError(message, error.retries, error.timeout);
  if (error instanceof HttpJobError) return new HttpJobError(message, redact(error.logged));
  return error instanceof PermanentJobError ? new PermanentJobError(message) : new Error(message);
}

function readResponse({ status, headers, body }: HttpResponse): Response {
  return { status, headers, body: parseBody(body) };
}

/** Parses JSON with any content type, as Camunda does; anything else stays text. */
function parseBody(body: string): Json {
  if (body.trim() === '') return null;
  let value: Json;
  try {
    value = parseJson(body);
  } catch (error) {
    if (error instanceof SyntaxError) return storable(body);
    throw error instanceof RangeError ? tooDeep() : error;
  }
  if (isDeeperThan(value, maximumDepth)) throw tooDeep();
  return storable(value);
}

/** Maximum nesting of lists and objects, as in Camunda's JSON parser (Jackson). */
const maximumDepth = 1000;

function tooDeep(): HttpRefusedError {
  return new HttpRefusedError(`the answer has lists and objects more than ${maximumDepth} levels deep in each other`);
}

/** The beginning of the server's response, for the person who has to fix the problem. */
function excerpt(body: Json, resolver: SecretsResolver): string {
  if (body === null) return '';
  // Redacted before it is cut: a truncated secret would not be recognised.
  const text = resolver
    .redact(typeof body === 'string' ? body : stringifyJson(body))
    .replace(/\s+/g, ' ')
    .trim();
  return `: ${text.length > 200 ? `${text.slice(0, 200)}…` : text}`;
}
