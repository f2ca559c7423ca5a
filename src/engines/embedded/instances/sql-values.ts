import { type SQL, sql } from 'drizzle-orm';
import { storableText } from '../interpreter/storable-text.ts';

export const json = (value: unknown): SQL => sql`${storableJson(value)}::jsonb`;

/**
 * As JSON that Postgres can keep. Its jsonb has no place for U+0000 and for halves of surrogate pairs, which an HTTP answer may well contain.
 * JSON.stringify writes just these as `\\u0000` and `\\ud…`; a backslash before them is one of the text's own.
 */
export function storableJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /(?<!\\)((?:\\\\)*)\\u(0000|d[89a-f][0-9a-f]{2})/g,
    (_, before: string, code: string) => `${before}${code === '0000' ? '' : '\ufffd'}`,
  );
}

/** A text that may be absent, as far as Postgres has a place for it. */
export const storable = (text: string | undefined): string | null => (text === undefined ? null : storableText(text));

export const instant = (date: Date): SQL => sql`${date.toISOString()}::timestamptz`;
