import { UserFacingError } from '../../errors.ts';
import { markActivityDue } from '../../starts/activity-queue.ts';
import { getStart, retryFailedStart } from '../../starts/queries.ts';
import { message } from '../../words/message.ts';
import type { SlackContext } from '../slack-context.ts';
import { requireRetryRight } from './retry-right.ts';

/** The Retry button of a line: the workers do the rest, and the line tells how it goes. */
export async function retryFromLine(context: SlackContext, startId: string, userId: string): Promise<void> {
  const { database, db, identity } = context;
  const start = await getStart(db, identity.teamId, startId);
  if (!start) throw new UserFacingError(message('start.gone'));
  await requireRetryRight(context, start, userId);
  if (await retryFailedStart(db, identity.teamId, startId)) {
    database.signal('starts_due');
    database.signal('activity_due');
    return;
  }
  // Somebody else was quicker; the line they clicked is behind.
  await markActivityDue(db, startId);
  database.signal('activity_due');
  throw new UserFacingError(message('start.retriedAlready'));
}
