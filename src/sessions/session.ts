import type { sessions } from './tables.ts';

/** A session as it is stored. */
export type Session = typeof sessions.$inferSelect;
