import { stringifyJson } from './json.ts';

/*
 * Postgres cannot store two things that a JavaScript string may contain: U+0000 and unpaired surrogates. Text from outside is
 * cleaned where it comes in (Slack's deliveries and answers, services' answers) and again where JSON is written to the
 * database. The rule is the same everywhere: U+0000 is removed, and an unpaired surrogate becomes U+FFFD, the replacement
 * character.
 */

/** The text in a form that Postgres can store. */
export function storableText(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}

/** A JSON value with all texts and names in a form that Postgres can store; the same value if nothing has to change. */
export function storable<Value>(value: Value): Value {
  return isStorable(value) ? value : (mended(value) as Value);
}

function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0');
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isStorable);
  return Object.entries(value).every(([name, member]) => isStorable(name) && isStorable(member));
}

function mended(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(mended);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [storableText(name), mended(member)]));
}

/** JSON text that Postgres can store. */
export function storableJson(value: unknown): string {
  const text = stringifyJson(value);
  if (!text.includes('\\u')) return text;
  // JSON.stringify escapes exactly these as `\u0000` and `\ud…`; a preceding backslash belongs to the text itself.
  return text.replace(
    /(?<!\\)((?:\\\\)*)\\u(0000|d[89a-f][0-9a-f]{2})/g,
    (_, before: string, code: string) => `${before}${code === '0000' ? '' : '\ufffd'}`,
  );
}
