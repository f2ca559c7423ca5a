import { z } from 'zod';

/** Slack's ids are short tokens of capital letters and digits. */
export const slackId = z.string().regex(/^[A-Z0-9]{1,32}$/);

/** A `ts`: seconds since 1970 (before 2286, which is as far as the database's calendar is written), and microseconds. */
export const slackTs = z.string().regex(/^\d{1,10}(?:\.\d{1,9})?$/);
