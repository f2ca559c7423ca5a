import { z } from 'zod';
import { rereadSessions } from '../sessions/join-queue.ts';
import { tellDirectoryChange } from './directory-changes.ts';
import type { SlackContext } from './slack-context.ts';
import { slackId } from './slack-ids.ts';

/** Slack's notice, an outer type of its own, that it withholds events after more than 30,000 in an hour. */
const withheldEventsSchema = z.object({
  type: z.literal('app_rate_limited'),
  team_id: slackId,
  /** Seconds since 1970. Repeated for each minute. */
  minute_rate_limited: z.number().int().nonnegative().max(9_999_999_999),
});

export type WithheldEvents = z.infer<typeof withheldEventsSchema>;

/** Undefined: another delivery, or malformed. */
export function readWithheldEvents(body: unknown): WithheldEvents | undefined {
  // A parse that fails costs as much as all other checks of a delivery.
  const isNotice = typeof body === 'object' && body !== null && 'type' in body && body.type === 'app_rate_limited';
  return isNotice ? withheldEventsSchema.safeParse(body).data : undefined;
}

/** How long Slack withholds events at a time, in milliseconds. */
const minuteMs = 60_000;

/** After the minute is over, reads missed messages in the channels of open sessions, and checks which channels exist. */
export async function catchUpWithWithheld(
  {
    database,
    db,
    identity,
    timings,
    logger,
  }: Pick<SlackContext, 'database' | 'db' | 'identity' | 'timings' | 'logger'>,
  { team_id: teamId, minute_rate_limited: minute }: WithheldEvents,
): Promise<void> {
  if (teamId !== identity.teamId) return;
  const { settlingMs } = timings.deliveries;
  const began = minute * 1000;
  const overAt = Math.max(Date.now(), began + minuteMs + settlingMs);
  tellDirectoryChange(database, 'all');
  await rereadSessions(db, { teamId, since: new Date(began - settlingMs), from: new Date(overAt) });
  database.signal('joins_due');
  database.signal('catch_up_due', String(overAt));
  logger.warn(
    { since: new Date(began).toISOString() },
    'Slack withholds events: there were more than 30,000 in an hour. Missed messages are read from the channels',
  );
}
