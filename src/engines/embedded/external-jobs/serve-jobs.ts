import { setMaxListeners } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { isUnavailable } from '../../../db/unavailable.ts';
import { reasonOf } from '../../../errors.ts';
import { parseJson, stringifyJson } from '../../../json.ts';
import type { Logger } from '../../../logger.ts';
import { jsonSchema } from '../../../processes/value-types.ts';
import { isSameSecret } from '../../../same-secret.ts';
import { InterpretationError } from '../instances/interpretation-error.ts';
import { maximumCount } from '../interpreter/expression.ts';
import type { ListenerResult } from '../interpreter/listeners.ts';
import { type ExternalJobs, JobRefusedError } from './external-jobs.ts';

/** Maximum size of a request in bytes, like that of an instance's variables. */
const maximumBody = 4_000_000;
/** Default time that a request for jobs waits, in milliseconds; the same as Camunda's. */
const defaultWaitMs = 10_000;
const longestWaitMs = 60_000;

const variables = z
  .record(z.string(), jsonSchema)
  .nullish()
  .transform((value) => value ?? {});
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
const count = z.int().min(0).max(maximumCount);

const activationSchema = z.object({
  type: z.string().min(1),
  worker: text,
  timeout: z
    .int()
    .min(1)
    .max(24 * 3600 * 1000),
  maxJobsToActivate: z
    .int()
    .min(1)
    .transform((most) => Math.min(most, 200)),
  fetchVariable: z.array(z.string()).nullish(),
  requestTimeout: z.int().nullish(),
});
const dateText = z.union([z.literal(''), z.iso.datetime({ offset: true })]);
/** Null leaves the attribute unchanged, an empty text removes it. */
const corrected = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value) => value ?? undefined);
const correctionsSchema = z.object({
  assignee: corrected(z.string()),
  candidateUsers: corrected(z.array(z.string())),
  candidateGroups: corrected(z.array(z.string())),
  dueDate: corrected(dateText),
  followUpDate: corrected(dateText),
});
const resultSchema = z
  .object({ denied: z.boolean().nullish(), deniedReason: text, corrections: correctionsSchema.nullish() })
  .nullish()
  .transform((result) => (result ? listenerResult(result) : undefined));
const completionSchema = z.object({ variables, result: resultSchema });
const failureSchema = z.object({
  retries: count.nullish().transform((value) => value ?? 0),
  errorMessage: text,
  retryBackOff: count.nullish().transform((value) => value ?? 0),
});
const errorSchema = z.object({ errorCode: z.string().min(1), errorMessage: text, variables });

/** An error response. */
class Refusal extends Error {
  readonly status: number;
  readonly title: string;
  constructor(status: number, title: string, detail: string) {
    super(detail);
    this.status = status;
    this.title = title;
  }
}

export interface JobsServerOptions {
  jobs: ExternalJobs;
  /** The workers' secret, sent as a bearer token or as the password of basic authentication. */
  token: string;
  /** How often a waiting request checks for jobs, in milliseconds. */
  everyMs: number;
  logger: Logger;
}

/** Serves jobs over HTTP below `/v2/jobs`, like the Orchestration Cluster API of Camunda 8. */
export function createJobsServer({ jobs, token, everyMs, logger }: JobsServerOptions) {
  const ending = new AbortController();
  // As many listeners as there are waiting requests.
  setMaxListeners(0, ending.signal);
  const activate = async (body: unknown, response: ServerResponse) => {
    const { timeout, maxJobsToActivate, fetchVariable, requestTimeout, ...rest } = parsed(activationSchema, body);
    const wanted = {
      ...rest,
      timeoutMs: timeout,
      maximum: maxJobsToActivate,
      fetchVariables: fetchVariable ?? undefined,
    };
    const wait = Math.min(requestTimeout || defaultWaitMs, longestWaitMs);
    const until = performance.now() + wait;
    for (;;) {
      if (response.destroyed) return undefined;
      const found = await jobs.activate(wanted);
      if (found.length > 0 || performance.now() + everyMs > until || ending.signal.aborted) return { jobs: found };
      await pause(everyMs, ending.signal);
    }
  };
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<unknown> => {
    if (!isAllowed(request.headers.authorization, token)) {
      throw new Refusal(401, 'UNAUTHORIZED', 'This needs the token of JOB_WORKERS_TOKEN');
    }
    const [, jobKey = '', action] = /^\/v2\/jobs\/(?:(\w+)\/)?(\w+)$/.exec(request.url?.split('?')[0] ?? '') ?? [];
    if (request.method !== 'POST' || action === undefined) throw new Refusal(404, 'NOT_FOUND', 'There is nothing here');
    const body = await readBody(request);
    if (jobKey === '' && action === 'activation') return activate(body, response);
    const isThere = await act(jobs, jobKey, action, body);
    if (!isThere) throw new Refusal(404, 'NOT_FOUND', `There is no job with the key ${jobKey}`);
    return undefined;
  };
  return {
    handleRequest(request: IncomingMessage, response: ServerResponse): void {
      handle(request, response).then(
        (result) => answer(response, result === undefined ? 204 : 200, result),
        (error: unknown) => {
          const refusal = refusalOf(error);
          if (refusal.status === 500) logger.error({ err: error }, 'a request of a job worker failed');
          const { status, title, message: detail } = refusal;
          const instance = request.url?.split('?')[0];
          answer(
            response,
            status,
            { type: 'about:blank', title, status, detail, instance },
            'application/problem+json',
          );
        },
      );
    },
    async stop() {
      ending.abort();
    },
  };
}

function act(jobs: ExternalJobs, jobKey: string, action: string, body: unknown): Promise<boolean> {
  switch (action) {
    case 'completion': {
      const { variables, result } = parsed(completionSchema, body);
      return jobs.complete(jobKey, variables, result);
    }
    case 'failure': {
      const { retries, errorMessage, retryBackOff } = parsed(failureSchema, body);
      return jobs.fail(jobKey, { retries, message: errorMessage, backoffMs: retryBackOff });
    }
    case 'error': {
      const { errorCode, errorMessage, variables } = parsed(errorSchema, body);
      return jobs.throwError(jobKey, { code: errorCode, message: errorMessage, variables });
    }
    default:
      throw new Refusal(404, 'NOT_FOUND', 'There is nothing here');
  }
}

function listenerResult({
  denied,
  deniedReason: reason,
  corrections,
}: {
  denied?: boolean | null | undefined;
  deniedReason: string;
  corrections?: z.infer<typeof correctionsSchema> | null | undefined;
}): ListenerResult {
  const given = Object.entries(corrections ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value === '' ? null : value]],
  );
  return { ...(denied && { denied: { reason } }), ...(given.length > 0 && { corrections: Object.fromEntries(given) }) };
}

function isAllowed(authorization: string | undefined, token: string): boolean {
  const [scheme = '', given = ''] = (authorization ?? '').split(' ');
  if (/^bearer$/i.test(scheme)) return isSameSecret(given, token);
  if (!/^basic$/i.test(scheme)) return false;
  const credentials = Buffer.from(given, 'base64').toString();
  return isSameSecret(credentials.slice(credentials.indexOf(':') + 1), token);
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > maximumBody) throw new Refusal(413, 'CONTENT_TOO_LARGE', `A request has at most ${maximumBody} bytes`);
    chunks.push(chunk as Buffer);
  }
  const text = Buffer.concat(chunks).toString();
  try {
    return text.trim() === '' ? {} : parseJson(text);
  } catch (cause) {
    throw new Refusal(400, 'INVALID_ARGUMENT', `The body is not JSON: ${reasonOf(cause)}`);
  }
}

function parsed<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Refusal(400, 'INVALID_ARGUMENT', `${issue?.path.join('.') || 'the body'}: ${issue?.message}`);
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof JobRefusedError) return new Refusal(400, 'INVALID_ARGUMENT', error.message);
  if (error instanceof InterpretationError) return new Refusal(409, 'INVALID_STATE', error.message);
  if (isUnavailable(error)) return new Refusal(503, 'RESOURCE_EXHAUSTED', 'The database is not there; try again');
  return new Refusal(500, 'INTERNAL_ERROR', 'The request failed');
}

function answer(response: ServerResponse, status: number, body: unknown, type = 'application/json'): void {
  if (response.destroyed) return;
  if (body === undefined) response.writeHead(status).end();
  else response.writeHead(status, { 'content-type': `${type}; charset=utf-8` }).end(stringifyJson(body));
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => {});
}
