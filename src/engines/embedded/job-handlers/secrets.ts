import type { Json, Variables } from '../../../processes/value-types.ts';
import { PermanentJobError } from '../../engine.ts';

/** Camunda's two ways to write one: `{{secrets.NAME}}` anywhere in a text, and `secrets.NAME` as the whole text. */
const inBraces = /\{\{\s*secrets\.([\w/-]+)\s*\}\}/g;
const bare = /^\s*secrets\.([\w/-]+)\s*$/;

export interface SecretsResolver {
  /** The value with its secrets filled in, in every text of it. Throws {@link PermanentJobError} for an unknown one. */
  resolve(value: Json): Json;
  /** The text without the values of the secrets that were filled in. */
  redact(text: string): string;
}

/**
 * Fills secrets into a job's inputs. `data` are the variables that the process carries along: a text of theirs that looks
 * like a secret was written by a person, a client even, and stays as it is wherever it turns up in an input.
 */
export function createSecretsResolver(secrets: ReadonlyMap<string, string>, data: Variables): SecretsResolver {
  const written = textsOf(data).filter((text) => text.search(inBraces) >= 0 || bare.test(text));
  const used = new Map<string, string>();

  function secret(name: string): string {
    const value = secrets.get(name);
    if (value === undefined) throw new PermanentJobError(`there is no secret ${name} (set SECRET_${name})`);
    used.set(name, value);
    return value;
  }

  function fill(text: string): string {
    const whole = bare.exec(text)?.[1];
    if (whole !== undefined) return written.includes(text) ? text : secret(whole);
    const literal = written.flatMap((part) => occurrences(text, part));
    return text.replace(inBraces, (match, name: string, at: number) =>
      literal.some(([from, to]) => from <= at && at + match.length <= to) ? match : secret(name),
    );
  }

  function resolve(value: Json): Json {
    if (typeof value === 'string') return fill(value);
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, resolve(member)]));
  }

  return {
    resolve,
    redact(text) {
      // The longest first: one secret may be a part of another.
      const byLength = [...used].filter(([, value]) => value !== '').sort(([, a], [, b]) => b.length - a.length);
      return byLength.reduce((result, [name, value]) => result.replaceAll(value, () => `{{secrets.${name}}}`), text);
    },
  };
}

function textsOf(value: Json): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsOf);
}

function occurrences(text: string, part: string): [from: number, to: number][] {
  const found: [number, number][] = [];
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) found.push([at, at + part.length]);
  return found;
}
