import type { sessions } from '../db/schema.ts';

/** A session as it is stored. */
export type Session = typeof sessions.$inferSelect;
