import { type SQL, sql } from 'drizzle-orm';
import { storableJson, storableText } from '../../../storable.ts';

/** A value as jsonb. */
export const json = (value: unknown): SQL => sql`${storableJson(value)}::jsonb`;

/** A text that may be absent, as Postgres can store it. */
export const storableOrNull = (text: string | undefined): string | null =>
  text === undefined ? null : storableText(text);

/** A date as timestamptz. */
export const instant = (date: Date): SQL => sql`${date.toISOString()}::timestamptz`;
