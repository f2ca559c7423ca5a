import { sql } from 'drizzle-orm';

/**
 * A mark that a start's activity line is behind. While a worker is at the line, its lease stands and is only nudged by a
 * microsecond: no second worker comes in, and the first one sees that there is more to tell.
 */
export const activityDue = sql`greatest(activity_due_at + interval '1 microsecond', now())`;
