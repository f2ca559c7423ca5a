import { integer, smallint, timestamp } from 'drizzle-orm/pg-core';

/** A point in time, as a Date. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
/** How often in a row a queue's item was claimed and not heard of again: see due-queue.ts. */
export const unfinished = (name = 'unfinished') => smallint(name).notNull().default(0);
/** How often a queue's item was claimed. */
export const attempts = (name = 'attempts') => integer(name).notNull().default(0);
export const createdAt = instant('created_at').notNull().defaultNow();
