import { sql } from 'drizzle-orm';
import { marked } from '../db/due-queue.ts';

/** A mark that there is something to tell of a start. */
export const activityDue = marked(sql`activity_due_at`);

/** The same once a person has retried the start: its line is tried again, also if it was set aside. */
export const activityDueAgain = marked(sql`nullif(activity_due_at, 'infinity')`);

/**
 * Whether anybody watches a start that goes well: an activity channel, or supervisors who were told of trouble (`reason` as
 * it was, or an earlier attempt).
 */
export const isWatched = sql`(reason is not null or attempts > 1 or activity_ts is not null
  or exists (select from live_chats where live_chats.id = live_chat_id and activity_channel is not null))`;

/** The same of news that only those are interested in: most starts have none, and what nobody wants to hear costs nothing. */
export const activityDueIfWatched = sql`case when ${isWatched} then ${activityDue} else activity_due_at end`;
