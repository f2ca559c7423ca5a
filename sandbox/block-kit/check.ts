import { isObject, type JsonObject } from '../json.ts';

/** Collects the errors found in a document from the app, in Slack's words. */
export class Findings {
  readonly messages: string[] = [];

  add(at: string, message: string): void {
    this.messages.push(`[ERROR] ${message} [json-pointer:${at}]`);
  }
}

/** Checks one value of a JSON document; `at` is its JSON pointer. */
export type Check = (value: unknown, at: string, found: Findings) => void;

/** A string between `min` (1 by default) and `max` characters. */
export function string(max: number, min = 1): Check {
  return (value, at, found) => {
    if (typeof value !== 'string') found.add(at, 'must provide a string');
    else if (value.length < min) found.add(at, `must be more than ${min - 1} characters`);
    else if (value.length > max) found.add(at, `must be less than ${max + 1} characters`);
  };
}

export const boolean: Check = (value, at, found) => {
  if (typeof value !== 'boolean') found.add(at, 'must provide a boolean');
};

export function integer(min: number, max: number): Check {
  return (value, at, found) => {
    if (typeof value !== 'number' || !Number.isInteger(value)) found.add(at, 'must provide an integer');
    else if (value < min) found.add(at, `must be greater than or equal to ${min}`);
    else if (value > max) found.add(at, `must be less than or equal to ${max}`);
  };
}

export function oneOf(...allowed: string[]): Check {
  return (value, at, found) => {
    if (typeof value !== 'string' || !allowed.includes(value)) found.add(at, `must be one of ${allowed.join(', ')}`);
  };
}

export function matching(pattern: RegExp, what: string): Check {
  return (value, at, found) => {
    if (typeof value !== 'string' || !pattern.test(value)) found.add(at, `must provide a valid ${what}`);
  };
}

/** An array of `min` to `max` items, each checked. */
export function list(item: Check, min: number, max: number): Check {
  return (value, at, found) => {
    if (!Array.isArray(value)) {
      found.add(at, 'must provide an array');
      return;
    }
    if (value.length < min) found.add(at, `no fewer than ${min} items allowed`);
    if (value.length > max) found.add(at, `no more than ${max} items allowed`);
    value.forEach((entry, index) => {
      item(entry, `${at}/${index}`, found);
    });
  };
}

/** An object with exactly these properties; `more` checks how they fit together. */
export function object(
  required: Record<string, Check>,
  optional: Record<string, Check> = {},
  more?: (value: JsonObject, at: string, found: Findings) => void,
): Check {
  const all = { ...optional, ...required };
  return (value, at, found) => {
    if (!isObject(value)) {
      found.add(at, 'must provide an object');
      return;
    }
    for (const key of Object.keys(required)) {
      if (value[key] === undefined || value[key] === null) found.add(at, `missing required field: ${key}`);
    }
    for (const [key, item] of Object.entries(value)) {
      const check = Object.hasOwn(all, key) ? all[key] : undefined;
      if (!check) found.add(at, `invalid additional property: ${key}`);
      else if (item !== undefined && item !== null) check(item, `${at}/${key}`, found);
    }
    more?.(value, at, found);
  };
}

/** An object whose `type` says which of these checks applies. */
export function byType(checks: Record<string, Check>): Check {
  return (value, at, found) => {
    if (!isObject(value)) {
      found.add(at, 'must provide an object');
      return;
    }
    const type = value.type;
    const check = typeof type === 'string' && Object.hasOwn(checks, type) ? checks[type] : undefined;
    if (type === undefined) found.add(at, 'missing required field: type');
    else if (check) check(value, at, found);
    else found.add(`${at}/type`, `unsupported type: ${String(type)}`);
  };
}

export const anything: Check = () => {};
