import { z } from 'zod';
import { parseJson, stringifyJson } from '../../json.ts';
import { jsonSchema } from '../../processes/value-types.ts';
import { message } from '../../words/message.ts';
import { NoAnswerError } from '../remote/answers.ts';
import { sendRequest } from '../remote/http-request.ts';

export interface WebApiOptions {
  /** The engine's name for people. */
  engineName: string;
  /** `https://company.elma365.com`. */
  url: string;
  token: string;
  /** Timeout of a call, in milliseconds. */
  timeoutMs: number;
}

/** ELMA365 refused the call; it had no effect. */
export class WebApiError extends Error {
  override readonly name = 'WebApiError';
  readonly status: number;
  constructor(status: number, said: string) {
    super(said);
    this.status = status;
  }
}

/** An instance as ELMA365 returns it: its context variables, and ELMA365's own fields, which begin with `__`. */
const itemSchema = z.record(z.string(), jsonSchema).and(z.object({ __id: z.string() }));
export type ElmaItem = z.infer<typeof itemSchema>;

export interface ListInstances {
  ids?: string[];
  filter?: Record<string, string>;
  size: number;
}

/** Identifies a process in the API. `templateId`: used if listing its instances requires it. */
export interface ProcessAddress {
  namespace: string;
  code: string;
  templateId?: string | undefined;
}

/** The part of ELMA365's Web API that is about processes. Calls throw {@link WebApiError} and {@link NoAnswerError}. */
export interface WebApi {
  /** Starts an instance and returns its id. */
  run(process: ProcessAddress, context: Record<string, unknown>): Promise<string>;
  /** Returns undefined if there is no such instance. */
  get(instanceId: string): Promise<ElmaItem | undefined>;
  /** Lists instances, newest first. */
  list(process: ProcessAddress, request: ListInstances): Promise<ElmaItem[]>;
}

const answerSchema = z.object({ success: z.boolean().optional(), error: z.string().nullish() });
const startedSchema = z.object({ context: z.object({ __id: z.string() }) });
// The documentation does not say what the property is called.
const foundSchema = z.union([
  z.object({ data: itemSchema }).transform(({ data }) => data),
  z.object({ item: itemSchema }).transform(({ item }) => item),
  z.object({ context: itemSchema }).transform(({ context }) => context),
]);
const listedSchema = z.object({ result: z.object({ result: z.array(itemSchema).nullish() }) });

export function createWebApi({ engineName, url, token, timeoutMs }: WebApiOptions): WebApi {
  const base = url.replace(/\/+$/, '');
  const away = (reason: string, mayHaveHappened: boolean) =>
    new NoAnswerError(message('engine.isAway', { engine: engineName, reason }), mayHaveHappened);

  const call = async <T>(schema: z.ZodType<T>, path: string, body: unknown): Promise<T> => {
    const { status, ok, text } = await sendRequest(engineName, new URL(`${base}/pub/v1/bpm/${path}`), {
      method: 'POST',
      headers: { accept: 'application/json', authorization: `Bearer ${token}` },
      body: stringifyJson(body),
      timeoutMs,
    });
    if (status === 401 || status === 403) {
      throw new NoAnswerError(message('engine.refusesToken', { engine: engineName }), false);
    }
    if (status >= 500) throw away(`HTTP ${status}`, true);
    const answer = jsonOf(text);
    const said = answerSchema.safeParse(answer).data;
    // ELMA365 sometimes refuses a call with a success status.
    if (!ok || said?.success === false) throw new WebApiError(status, said?.error || text.trim() || `HTTP ${status}`);
    const parsed = schema.safeParse(answer);
    if (!parsed.success) throw away(`${path}: ${parsed.error.issues[0]?.message}`, true);
    return parsed.data;
  };

  return {
    async run({ namespace, code }, context) {
      return (await call(startedSchema, `template/${namespace}/${code}/run`, { context })).context.__id;
    },
    async get(instanceId) {
      try {
        return await call(foundSchema, `instance/${encodeURIComponent(instanceId)}/get`, {});
      } catch (error) {
        if (error instanceof WebApiError && error.status === 404) return undefined;
        throw error;
      }
    },
    async list({ namespace, code, templateId }, { ids, filter, size }) {
      const path = templateId === undefined ? `bytemplate/${namespace}/${code}` : `bytemplateid/${templateId}`;
      const { result } = await call(listedSchema, `instance/${path}/list`, {
        from: 0,
        size,
        sortExpressions: [{ ascending: false, field: '__createdAt' }],
        ...(ids && { ids }),
        ...(filter && { filter: { tf: filter } }),
      });
      return result.result ?? [];
    },
  };
}

function jsonOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
