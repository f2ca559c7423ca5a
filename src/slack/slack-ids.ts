import { z } from 'zod';

/** Slack's ids: up to 32 capital letters and digits. */
export const slackId = z.string().regex(/^[A-Z0-9]{1,32}$/);

/**
 * A `ts`: seconds since 1970 (before 2286, the range of the database's calendar functions), and a fraction that makes it
 * unique.
 */
export const slackTs = z.string().regex(/^\d{1,10}(?:\.\d{1,9})?$/);
