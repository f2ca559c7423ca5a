import { type CamundaClient, createCamundaClient } from '@camunda8/orchestration-cluster-api';
import { z } from 'zod';
import { reasonOf } from '../../errors.ts';
import { message } from '../../words/message.ts';
import { isUnsent, NoAnswerError, networkReason } from '../remote/answers.ts';
import { createClusterFetch } from './cluster-fetch.ts';
import { createExactNumbers } from './exact-numbers.ts';

export interface ClusterOptions {
  /** The engine's name for people. */
  engineName: string;
  /** The `CAMUNDA_…` variables: the cluster's address and authentication. */
  environment: Readonly<Record<string, string>>;
  /** Timeout of a call, in milliseconds. */
  timeoutMs: number;
  /** Additional timeout of a call for jobs, in milliseconds. */
  longPollMs: number;
}

/** The client's own types, with its branded keys as plain strings. */
type Plain<T> = T extends string & { readonly __brand: unknown }
  ? string
  : T extends File
    ? T
    : T extends readonly (infer Item)[]
      ? Plain<Item>[]
      : T extends object
        ? { [Name in keyof T]: Plain<T[Name]> }
        : T;
type Operation = {
  [Name in keyof CamundaClient]: CamundaClient[Name] extends (...input: never[]) => PromiseLike<unknown> ? Name : never;
}[keyof CamundaClient];
type Input<Name extends Operation> = Plain<Parameters<CamundaClient[Name]>[0]>;

/** Calls of Camunda's Orchestration Cluster API. They throw {@link ClusterError} and {@link NoAnswerError}. */
export interface Cluster {
  ask<T, Name extends Operation>(schema: z.ZodType<T>, operation: Name, input: Input<Name>): Promise<T>;
  /** Returns undefined if the cluster answers 404. */
  find<T, Name extends Operation>(schema: z.ZodType<T>, operation: Name, input: Input<Name>): Promise<T | undefined>;
  /** For calls whose answer is not needed. */
  send<Name extends Operation>(operation: Name, input: Input<Name>): Promise<void>;
  /** Whether instances can have a business id, as since 8.9. False if the cluster's version is unknown. */
  takesBusinessIds(): Promise<boolean>;
  /** Throws if the cluster cannot be reached or rejects the credentials. */
  check(): Promise<void>;
  /** An upper bound of the cluster's time at its latest answer. */
  now(): Date | undefined;
}

/** The cluster refused the call; it had no effect. */
export class ClusterError extends Error {
  override readonly name = 'ClusterError';
  readonly status: number;
  /** The cluster's name for the kind of error, such as `NOT_FOUND` or `INVALID_STATE`. */
  readonly title: string;
  constructor(status: number, title: string, detail: string) {
    super(detail || title);
    this.status = status;
    this.title = title;
  }
}

/** An error thrown by the client. */
const errorSchema = z.object({
  status: z.number().optional().catch(undefined),
  title: z.string().catch(''),
  detail: z.string().catch(''),
});

const topologySchema = z.object({ gatewayVersion: z.string() });

/** Turns off the client's waiting for consistent reads: Kickoff waits itself (visibility.ts). */
const asItIs = { consistency: { waitUpToMs: 0 } };

/**
 * Turns off the client's retries and backpressure: most calls are not idempotent, so Kickoff repeats calls itself, and a long
 * poll would hold back every other call.
 */
const ownPatience = { CAMUNDA_SDK_HTTP_RETRY_MAX_ATTEMPTS: 1, CAMUNDA_SDK_BACKPRESSURE_PROFILE: 'LEGACY' } as const;

export function createCluster(options: ClusterOptions): Cluster {
  const { engineName: engine, timeoutMs } = options;
  const exact = createExactNumbers();
  let latest: Date | undefined;

  const isForJobs = ({ pathname }: URL) => pathname.endsWith('/jobs/activation');
  const send = createClusterFetch({
    environment: options.environment,
    timeoutMs: (url) => timeoutMs + (isForJobs(url) ? options.longPollMs : 0),
    outward: (body) => exact.outward(body),
    inward: (url, status, text) => (isForJobs(url) && status < 300 ? exact.inward(text) : text),
    onDate(date) {
      // The header has whole seconds: the time may be up to 999 ms later.
      latest = new Date(date.getTime() + 999);
    },
  });

  const client = createCamundaClient({
    env: { CAMUNDA_OAUTH_RETRY_MAX: '1', ...options.environment },
    config: ownPatience,
    fetch: send,
    // Kickoff logs its own errors instead.
    log: { level: 'silent' },
  });

  const call = async <Name extends Operation>(operation: Name, input: Input<Name>): Promise<unknown> => {
    const method = client[operation] as unknown as (input: unknown, options: typeof asItIs) => Promise<unknown>;
    const attempt = async () => exact.unmark(await method.call(client, exact.mark(input), asItIs));
    try {
      return await attempt();
    } catch (error) {
      if (statusOf(error) !== 401) throw failure(error);
    }
    // The token may have been revoked before it expired.
    try {
      if (!(await client.forceAuthRefresh())) throw refusal();
      return await attempt();
    } catch (error) {
      throw failure(error);
    }
  };

  const refusal = (cause?: unknown) => new NoAnswerError(message('engine.refusesUs', { engine }), false, cause);

  const failure = (error: unknown): Error => {
    if (error instanceof NoAnswerError) return error;
    const { status, title, detail } = errorSchema.parse(error);
    if (status === undefined) {
      if (error instanceof Error && error.name === 'CamundaAuthError') {
        const reason = tokenServerFault(error);
        if (reason === undefined) return refusal(error);
        return new NoAnswerError(message('engine.isAway', { engine, reason }), false, error);
      }
      const cause = causeOf(error);
      const reason = networkReason(cause);
      return new NoAnswerError(message('engine.isAway', { engine, reason }), !isUnsent(cause), error);
    }
    if (status === 401 || status === 403) return refusal(error);
    if (status === 429 || status >= 500) {
      const isOverloaded = status === 429 || `${title} ${detail}`.includes('RESOURCE_EXHAUSTED');
      return new NoAnswerError(message('engine.isAway', { engine, reason: `HTTP ${status}` }), !isOverloaded, error);
    }
    return new ClusterError(status, title, detail);
  };

  const read = <T>(schema: z.ZodType<T>, answer: unknown, operation: string): T => {
    const parsed = schema.safeParse(answer);
    if (parsed.success) return parsed.data;
    const reason = `${operation}: ${parsed.error.issues[0]?.path.join('.')} ${parsed.error.issues[0]?.message}`;
    throw new NoAnswerError(message('engine.isAway', { engine, reason }), true);
  };

  // Unlike the cluster's status, its topology requires valid credentials.
  const readVersion = async () => {
    const { gatewayVersion } = read(topologySchema, await call('getTopology', undefined), 'getTopology');
    const [major = 0, minor = 0] = gatewayVersion.split('.').map(Number);
    return { major, minor };
  };
  let version: { major: number; minor: number } | undefined;

  return {
    ask: async (schema, operation, input) => read(schema, await call(operation, input), operation),
    async find(schema, operation, input) {
      try {
        return read(schema, await call(operation, input), operation);
      } catch (error) {
        if (error instanceof ClusterError && error.status === 404) return undefined;
        throw error;
      }
    },
    async send(operation, input) {
      await call(operation, input);
    },
    async takesBusinessIds() {
      version ??= await readVersion().catch(() => undefined);
      return version !== undefined && (version.major > 8 || (version.major === 8 && version.minor >= 9));
    },
    async check() {
      version = await readVersion();
    },
    now: () => latest,
  };
}

/** Why there is no token, unless the token server refused the credentials. */
function tokenServerFault(error: Error): string | undefined {
  const { cause } = error;
  if (cause instanceof TypeError) return networkReason(causeOf(error));
  return cause instanceof Error && /^HTTP (429|5\d\d)$/.test(cause.message) ? cause.message : undefined;
}

const statusOf = (error: unknown) => errorSchema.safeParse(error).data?.status;

/** The fetch error inside the client's error. */
function causeOf(error: unknown): unknown {
  let cause = error;
  while (cause instanceof Error && cause.name !== 'TypeError' && cause.cause instanceof Error) cause = cause.cause;
  const inner = cause instanceof Error ? cause.cause : undefined;
  return inner instanceof Error ? inner : (cause ?? new Error(reasonOf(error)));
}
