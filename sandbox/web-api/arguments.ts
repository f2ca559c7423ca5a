import type { IncomingMessage } from 'node:http';
import { isObject, type JsonObject } from '../json.ts';
import { invalidArguments, SlackError } from '../slack-error.ts';

/** Arguments with JSON values, also in form-encoded requests. */
const jsonArguments = new Set(['attachments', 'blocks', 'view', 'metadata', 'user_auth_blocks', 'unfurls', 'files']);

/** Maximum size of the body of a call, in bytes, as in Slack. */
const maxBody = 4 * 1024 * 1024;

/** The body of a request exceeds the limit. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}

/** Reads the whole body of a request as text. Throws {@link TooLargeError}. */
export async function readBody(request: IncomingMessage): Promise<string> {
  return (await readBytes(request, maxBody)).toString('utf8');
}

/** Reads the whole body of a request of at most `limit` bytes. Throws {@link TooLargeError}. */
export async function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop must not destroy the connection, which is needed for the answer.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += (chunk as Buffer).length;
    if (size > limit) throw new TooLargeError();
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

function fromForm(params: URLSearchParams): JsonObject {
  // No prototype: arguments can have any name.
  const args: JsonObject = Object.create(null);
  for (const [key, value] of params) {
    args[key] = value;
    if (!jsonArguments.has(key)) continue;
    try {
      args[key] = JSON.parse(value);
    } catch {
      // Kept as text; the method reports the error.
    }
  }
  return args;
}

/** Parses the arguments of a Web API request: query, form or JSON body. */
export function parseArguments(request: IncomingMessage, body: string, query: URLSearchParams): JsonObject {
  const fromQuery = fromForm(query);
  if (!(request.headers['content-type'] ?? '').includes('application/json')) {
    return { ...fromQuery, ...fromForm(new URLSearchParams(body)) };
  }
  try {
    const json: unknown = body === '' ? {} : JSON.parse(body);
    if (isObject(json)) return { ...fromQuery, ...json };
  } catch {
    throw new SlackError('invalid_json');
  }
  throw new SlackError('json_not_object');
}

/** Reads the typed arguments of a call; throws Slack's `invalid_arguments` for wrong ones. */
export class Args {
  readonly all: JsonObject;

  constructor(all: JsonObject) {
    this.all = all;
  }

  has(name: string): boolean {
    return this.all[name] !== undefined && this.all[name] !== null;
  }

  string(name: string): string {
    const value = this.optionalString(name);
    if (value === undefined || value === '') {
      throw invalidArguments([`[ERROR] missing required field: ${name}`]);
    }
    return value;
  }

  optionalString(name: string): string | undefined {
    const value = this.all[name];
    if (value === undefined || value === null) return undefined;
    return Array.isArray(value) ? value.join(',') : String(value);
  }

  boolean(name: string): boolean {
    const value = this.all[name];
    return value === true || value === 'true' || value === '1' || value === 1;
  }

  integer(name: string, fallback: number): number {
    const value = this.optionalString(name);
    if (value === undefined || value === '') return fallback;
    const number = Number(value);
    if (!Number.isInteger(number)) throw invalidArguments([`[ERROR] must provide an integer [json-pointer:/${name}]`]);
    return number;
  }
}

/** One page of a list, as in Slack: `limit` (default 100, at most 1000) and an opaque cursor. */
export function page<T>(items: T[], args: Args, defaultLimit = 100): { items: T[]; next: string } {
  const limit = args.integer('limit', defaultLimit) || defaultLimit;
  if (limit < 1 || limit > 1000) throw new SlackError('invalid_limit');
  const cursor = args.optionalString('cursor');
  let start = 0;
  if (cursor) {
    const decoded = /^next:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString());
    if (!decoded) throw new SlackError('invalid_cursor');
    start = Number(decoded[1]);
  }
  const end = start + limit;
  const next = end < items.length ? Buffer.from(`next:${end}`).toString('base64') : '';
  return { items: items.slice(start, end), next };
}
