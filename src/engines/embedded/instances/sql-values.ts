import { type SQL, sql } from 'drizzle-orm';
import { storableJson, storableText } from '../../../storable.ts';

export const json = (value: unknown): SQL => sql`${storableJson(value)}::jsonb`;

/** A text that may be absent, as Postgres can store it. */
export const storableOrNull = (text: string | undefined): string | null =>
  text === undefined ? null : storableText(text);

export const instant = (date: Date): SQL => sql`${date.toISOString()}::timestamptz`;
