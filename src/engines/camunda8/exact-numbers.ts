import { randomUUID } from 'node:crypto';
import { parseJson } from '../../json.ts';
import type { Json } from '../../processes/value-types.ts';

/**
 * Carries integers beyond 2^53 through Camunda's client, which reads JSON numbers only as `number`: inside the client they are
 * strings with a secret random prefix, on the wire they are numbers.
 */
export interface ExactNumbers {
  /** `bigint` → marked text. */
  mark(value: unknown): unknown;
  /** Marked text → `bigint`. */
  unmark(value: unknown): unknown;
  /** A request's body: marked texts → numbers. */
  outward(body: string): string;
  /** An answer's body: numbers → marked texts. */
  inward(body: string): string;
}

export function createExactNumbers(): ExactNumbers {
  const prefix = `number-${randomUUID()}-`;
  const marked = new RegExp(`"${prefix}(-?\\d+)"`, 'g');
  const toText = (value: unknown) => (typeof value === 'bigint' ? prefix + value : value);
  return {
    mark: (value) => deepMap(value, toText),
    unmark: (value) =>
      deepMap(value, (one) =>
        typeof one === 'string' && one.startsWith(prefix) ? BigInt(one.slice(prefix.length)) : one,
      ),
    outward: (body) => body.replaceAll(marked, '$1'),
    inward: (body) => JSON.stringify(parseJson(body), (_, value: Json) => toText(value)),
  };
}

/** Applies a change to all values in plain objects and lists; other objects, such as a file, stay as they are. */
function deepMap(value: unknown, change: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => deepMap(item, change));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) {
    return change(value);
  }
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, deepMap(member, change)]));
}
