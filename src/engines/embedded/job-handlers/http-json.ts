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
  /** `{{secrets.NAME}}`, by NAME. */
  secrets: ReadonlyMap<string, string>;
  /** Private or local hosts that may be called all the same: `host` or `host:port`. */
  allowedHosts: readonly string[];
  /** Bytes of a response. Default 4 MB: it becomes a variable, and Camunda 8 takes 4 MB of those. */
  maximumBody?: number;
  /** Resolves host names; the system's resolver by default. */
  lookup?: HttpLimits['lookup'];
}

/**
 * The job type `io.camunda:http-json:1`: an HTTP request as Camunda's REST connector makes it. The response
 * `{status, headers, body}` goes into the process by the task headers `resultVariable` and `resultExpression`. A status
 * other than 2xx and a server that does not answer fail the job, which is tried again, unless `errorExpression` makes
 * something else of it; a request that cannot be made fails it for good. Secrets are in no error's text.
 */
export function createHttpJsonHandler(options: HttpJsonHandlerOptions): JobHandler {
  const { secrets, allowedHosts, maximumBody = 4_000_000, lookup } = options;
  const limits: HttpLimits = { allowedHosts, maximumBody, ...(lookup ? { lookup } : {}) };
  const handle: JobHandler = async (job, signal) => {
    const resolver = createSecretsResolver(secrets, job);
    const input = readInputs(resolver.resolve(inputsOf(job.variables)));
    // The URL as the process has it: its secrets are not filled in, and what follows a `?` may be somebody's data.
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
  /** The status, or Node's code where there is no response. */
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

/** The request failed, and may succeed the next time. */
class HttpJobError extends Error {
  /** The text of the log line; the message quotes the server. */
  readonly logged: string;
  constructor(message: string, logged: string) {
    super(message);
    this.logged = logged;
  }
}

/** A server may send back what it was sent, and expressions may put it into a reason. Made anew, for its stack tells too. */
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

/** Parses JSON whatever the content type, as Camunda does; anything else stays text. */
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

/** Levels of lists and objects in each other: as many as Camunda's JSON parser takes (Jackson). */
const maximumDepth = 1000;

function tooDeep(): HttpRefusedError {
  return new HttpRefusedError(`the answer has lists and objects more than ${maximumDepth} levels deep in each other`);
}

/** The beginning of what the server said, for the person who has to mend it. */
function excerpt(body: Json, resolver: SecretsResolver): string {
  if (body === null) return '';
  // Redacted before it is cut, for half a secret would not be found.
  const text = resolver
    .redact(typeof body === 'string' ? body : stringifyJson(body))
    .replace(/\s+/g, ' ')
    .trim();
  return `: ${text.length > 200 ? `${text.slice(0, 200)}…` : text}`;
}
