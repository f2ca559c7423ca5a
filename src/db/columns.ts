import { integer, smallint, timestamp } from 'drizzle-orm/pg-core';

/** A timestamp column, read as a Date. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
/** Column: how many claims in a row ended without a report, see due-queue.ts. */
export const unfinished = (name = 'unfinished') => smallint(name).notNull().default(0);
/** Column: how often an item was claimed. */
export const attempts = (name = 'attempts') => integer(name).notNull().default(0);
export const createdAt = instant('created_at').notNull().defaultNow();
