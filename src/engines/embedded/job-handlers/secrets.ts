import type { Json } from '../../../processes/value-types.ts';
import { type Job, PermanentJobError } from '../../engine.ts';

export interface SecretsResolver {
  /** Fills in the secrets in every text of a value. Throws {@link PermanentJobError} for an unknown secret. */
  resolve(value: Json): Json;
  /** Replaces the values of filled-in secrets in a text, also in their encoded forms. */
  redact(text: string): string;
  /** Redacts every text in a value. */
  redactAll<Value extends Json>(value: Value): Value;
}

/**
 * Fills secrets into a job's inputs, but only for placeholders of the diagram itself, which carry the job's mark. Other
 * placeholders were written by people, even clients, and stay text.
 */
export function createSecretsResolver(
  secrets: ReadonlyMap<string, string>,
  { secrets: granted }: Pick<Job, 'secrets'>,
): SecretsResolver {
  const placeholder = granted && new RegExp(`\\{\\{secrets\\.([\\w/-]+)${granted.mark}\\}\\}`, 'g');
  /** Texts to redact, longest first: one secret may contain another. */
  let hidden: [text: string, name: string][] = [];

  function secret(name: string): string {
    const value = secrets.get(name);
    if (value === undefined) throw new PermanentJobError(`there is no secret ${name} (set SECRET_${name})`);
    const forms = [...new Set(formsOf(value))].map((form): [string, string] => [form, name]);
    hidden = [...hidden, ...forms].sort(([a], [b]) => b.length - a.length);
    return value;
  }

  function fill(text: string): string {
    if (!granted || !placeholder) return text;
    return text
      .replace(placeholder, (match, name: string) => (granted.names.includes(name) ? secret(name) : match))
      .replaceAll(granted.mark, '');
  }

  const redact = (text: string) =>
    hidden.reduce((result, [form, name]) => result.replaceAll(form, () => `{{secrets.${name}}}`), text);

  return { resolve: (value) => mapTexts(value, fill), redact, redactAll: (value) => mapTexts(value, redact) };
}

function mapTexts<Value extends Json>(value: Value, map: (text: string) => string): Value;
function mapTexts(value: Json, map: (text: string) => string): Json {
  if (typeof value === 'string') return map(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, map));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, mapTexts(member, map)]));
}

/** Shorter forms would match arbitrary text. */
const shortestBase64 = 8;

/** The forms in which a value may appear in a server's message: plain, in JSON, in a URL or a form, in Base64. */
function formsOf(value: string): string[] {
  if (value === '') return [];
  const form = new URLSearchParams({ value }).toString().slice('value='.length);
  const base64 = base64Forms(value).filter((text) => text.length >= shortestBase64);
  const base64Url = base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
  return [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value), form, ...base64, ...base64Url];
}

/**
 * The Base64 forms of a value at any position in an encoded text (`user:password`), without the characters shared with its
 * neighbours.
 */
function base64Forms(value: string): string[] {
  const bytes = Buffer.from(value);
  return [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    return text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
  });
}
