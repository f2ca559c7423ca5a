import { sql } from 'drizzle-orm';

/**
 * A mark that there is something to tell of a start. While a worker is at its activity line, its lease stands and is only
 * nudged by a microsecond: no second worker comes in, and the first one sees that there is more to tell.
 */
export const activityDue = sql`greatest(activity_due_at + interval '1 microsecond', now())`;

/**
 * Whether anybody watches a start that goes well: an activity channel, or supervisors who were told of trouble (`reason` as
 * it was, or an earlier attempt).
 */
export const isWatched = sql`(reason is not null or attempts > 1 or activity_ts is not null
  or exists (select from live_chats where live_chats.id = live_chat_id and activity_channel is not null))`;

/** The same of news that only those are interested in: most starts have none, and what nobody wants to hear costs nothing. */
export const activityDueIfWatched = sql`case when ${isWatched} then ${activityDue} else activity_due_at end`;
