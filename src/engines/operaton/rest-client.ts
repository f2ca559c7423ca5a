import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { parseJson, stringifyJson } from '../../json.ts';
import { own } from '../../own.ts';
import { type Message, message } from '../../words/message.ts';
import { NoAnswerError } from '../remote/answers.ts';
import { sendRequest } from '../remote/http-request.ts';

export interface RestClientOptions {
  /** The engine's name for people. */
  engineName: string;
  /** `https://host/engine-rest`. */
  url: string;
  username: string | undefined;
  password: string | undefined;
  /** Timeout of a call, in milliseconds. */
  timeoutMs: number;
}

export type Query = Record<string, string | number | boolean | undefined>;

export interface Call {
  query?: Query;
  body?: unknown;
  /** In milliseconds; absent: the client's. */
  timeoutMs?: number;
}

/** The engine's REST API. Calls throw {@link RestError} and {@link NoAnswerError}. */
export interface RestClient {
  get<T>(schema: z.ZodType<T>, path: string, query?: Query): Promise<T>;
  /** Returns undefined if the engine answers 404. */
  find<T>(schema: z.ZodType<T>, path: string, query?: Query): Promise<T | undefined>;
  /** Returns the answer as text. */
  text(path: string, query?: Query): Promise<string>;
  post<T>(schema: z.ZodType<T>, path: string, call?: Call): Promise<T>;
  /** For calls whose answer is not needed. */
  send(method: 'POST' | 'PUT' | 'DELETE', path: string, call?: Call): Promise<void>;
  /** The engine's time at its latest answer. */
  now(): Date | undefined;
}

/** The engine refused the call; it had no effect. */
export class RestError extends Error {
  override readonly name = 'RestError';
  readonly status: number;
  /** The engine's name for the kind of error, such as `InvalidRequestException`. */
  readonly type: string;
  /** Whether a concurrent transaction changed the same data (optimistic locking). */
  readonly isOvertaken: boolean;
  constructor(status: number, type: string, said: string, isOvertaken = false) {
    super(said);
    this.isOvertaken = isOvertaken;
    this.status = status;
    this.type = type;
  }
}

/** An answer that tells of a lost database: the engine's, or one that a process uses. */
export class DatabaseFaultError extends NoAnswerError {
  /** The engine's message. */
  readonly detail: string;
  constructor(said: Message, mayHaveHappened: boolean, detail: string) {
    super(said, mayHaveHappened);
    this.detail = detail;
  }
}

const errorSchema = z.object({
  type: z.string().catch(''),
  message: z.string().nullish(),
  code: z.number().nullish().catch(undefined),
});
/** The engine's code for a change that a concurrent transaction made first (optimistic locking). */
const optimisticLockingCode = 1;
/** Maximum number of tries of a call that fails by optimistic locking; a failed try has no effect. */
const mostTries = 6;

/**
 * Spring's exceptions for a database that is away, by their names in an engine's answer, and whether the call may have taken
 * effect: the first two come before a transaction begins, the others may come from its commit.
 */
const databaseFaults: Readonly<Record<string, { mayHaveHappened: boolean }>> = {
  CannotCreateTransactionException: { mayHaveHappened: false },
  CannotGetJdbcConnectionException: { mayHaveHappened: false },
  DataAccessResourceFailureException: { mayHaveHappened: true },
  TransientDataAccessResourceException: { mayHaveHappened: true },
  TransactionSystemException: { mayHaveHappened: true },
};

/** How long no calls are made after a 401, in milliseconds: with every wrong password, the engine locks the user longer. */
const lockMs = 3000;

export function createRestClient(options: RestClientOptions): RestClient {
  const { engineName: engine, username, password } = options;
  const base = options.url.replace(/\/+$/, '');
  const authorization =
    username === undefined
      ? undefined
      : `Basic ${Buffer.from(`${username}:${password ?? ''}`, 'utf8').toString('base64')}`;
  let lockedUntil = 0;
  let latest: Date | undefined;

  const call = async (method: string, path: string, request: Call): Promise<string> => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await callOnce(method, path, request);
      } catch (error) {
        if (!(error instanceof RestError && error.isOvertaken) || tries === mostTries) throw error;
        await delay(20 * 2 ** tries * Math.random());
      }
    }
  };

  const callOnce = async (method: string, path: string, { query = {}, body, timeoutMs }: Call): Promise<string> => {
    if (performance.now() < lockedUntil) throw new NoAnswerError(message('engine.refusesUs', { engine }), false);
    const url = new URL(base + path);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const response = await sendRequest(engine, url, {
      method,
      headers: {
        accept: 'application/json, text/plain;q=0.5, */*;q=0.1',
        ...(authorization && { authorization }),
      },
      body: body === undefined ? undefined : stringifyJson(body),
      timeoutMs: timeoutMs ?? options.timeoutMs,
    });
    const date = response.headers.get('date');
    if (date) latest = new Date(date);
    if (response.ok) return response.text;
    throw refusal(response.status, response.text);
  };

  const refusal = (status: number, text: string): Error => {
    if (status === 401 || status === 403) {
      // A user who was locked because somebody else used a wrong password gets 401 as well, for some seconds.
      if (status === 401) lockedUntil = performance.now() + lockMs;
      return new NoAnswerError(message('engine.refusesUs', { engine }), false);
    }
    const said = errorSchema.safeParse(jsonOf(text)).data;
    const isEngines = said !== undefined && said.type !== '';
    // An answer that does not come from the engine comes from a proxy, which may have passed the call on.
    if (status === 429 || (status >= 500 && !isEngines)) {
      return new NoAnswerError(message('engine.isAway', { engine, reason: `HTTP ${status}` }), status !== 429);
    }
    const databaseFault = own(databaseFaults, said?.type ?? '');
    const databaseAway = message('engine.isAway', { engine, reason: message('engine.databaseAway') });
    if (databaseFault) {
      return new DatabaseFaultError(databaseAway, databaseFault.mayHaveHappened, said?.message ?? said?.type ?? '');
    }
    const isOvertaken =
      said?.code === optimisticLockingCode || /ENGINE-03005|OptimisticLocking/.test(`${said?.type} ${said?.message}`);
    return new RestError(status, said?.type ?? '', said?.message ?? `HTTP ${status}`, isOvertaken);
  };

  const read = <T>(schema: z.ZodType<T>, text: string, path: string): T => {
    const parsed = schema.safeParse(jsonOf(text));
    if (parsed.success) return parsed.data;
    const reason = `${path}: ${parsed.error.issues[0]?.path.join('.')} ${parsed.error.issues[0]?.message}`;
    throw new NoAnswerError(message('engine.isAway', { engine, reason }), true);
  };

  return {
    get: async (schema, path, query = {}) => read(schema, await call('GET', path, { query }), path),
    async find(schema, path, query = {}) {
      try {
        return read(schema, await call('GET', path, { query }), path);
      } catch (error) {
        if (error instanceof RestError && error.status === 404) return undefined;
        throw error;
      }
    },
    text: (path, query = {}) => call('GET', path, { query }),
    post: async (schema, path, request = {}) => read(schema, await call('POST', path, request), path),
    async send(method, path, request = {}) {
      await call(method, path, request);
    },
    now: () => latest,
  };
}

function jsonOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** Encodes one segment of a path. */
export const segment = (text: string): string => encodeURIComponent(text);
