import { sql } from 'drizzle-orm';
import { marked } from '../db/due-queue.ts';

/** SQL: marks that the start's activity line is outdated. */
export const activityDue = marked(sql`activity_due_at`);

/** SQL: the same after a person retried the start: a line that was set aside is tried again. */
export const activityDueAgain = marked(sql`nullif(activity_due_at, 'infinity')`);

/**
 * SQL condition: somebody follows the start even if it goes well, because there is an activity line, or supervisors were told
 * of a failure (current `reason`, or an earlier attempt).
 */
export const isWatched = sql`(reason is not null or attempts > 1 or activity_ts is not null
  or exists (select from live_chats where live_chats.id = live_chat_id and activity_channel is not null))`;

/**
 * SQL: marks the line for news that only matter if somebody follows the start. Most starts are not followed, and then nothing
 * is written.
 */
export const activityDueIfWatched = sql`case when ${isWatched} then ${activityDue} else activity_due_at end`;
