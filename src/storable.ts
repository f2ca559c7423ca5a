import { stringifyJson } from './json.ts';

/*
 * Postgres has no place for two things that a JavaScript string may hold: U+0000 and halves of surrogate pairs. Foreign
 * text is rid of them where it comes in (Slack's deliveries and answers, services' answers) and, so that no text is left
 * out, where JSON is written to the database. The rule is the same everywhere: U+0000 is left out, and half a pair becomes
 * U+FFFD, the replacement character.
 */

/** A text as Postgres can store it. */
export function storableText(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}

/** A JSON value as Postgres can store it, in all its texts and names; the value itself where nothing has to change. */
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

/** JSON text as Postgres can store it. */
export function storableJson(value: unknown): string {
  const text = stringifyJson(value);
  if (!text.includes('\\u')) return text;
  // JSON.stringify escapes just these as `\u0000` and `\ud…`; a backslash before that is one of the text's own.
  return text.replace(
    /(?<!\\)((?:\\\\)*)\\u(0000|d[89a-f][0-9a-f]{2})/g,
    (_, before: string, code: string) => `${before}${code === '0000' ? '' : '\ufffd'}`,
  );
}
