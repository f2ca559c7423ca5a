import { UserFacingError } from '../../errors.ts';
import { markActivityDue } from '../../starts/activity-queue.ts';
import { getStart, retryFailedStart, type Start } from '../../starts/queries.ts';
import { message } from '../../words/message.ts';
import { requireRetryRight } from '../rights/require-retry-right.ts';
import type { SlackContext } from '../slack-context.ts';

/**
 * Retries a failed start, or resolves the incidents of its process; workers do the rest, and the line shows the result. Throws
 * {@link UserFacingError} if the person may not, or there is nothing to retry.
 */
export async function retryStart(context: SlackContext, startId: string, userId: string): Promise<void> {
  const { database, db, identity, homes } = context;
  const start = await getStart(db, identity.teamId, startId);
  if (!start) throw new UserFacingError(message('start.gone'));
  await requireRetryRight(context, start, userId);
  const isTried =
    start.status === 'running' ? await resolveIncidents(context, start) : await startAgain(context, start);
  // Somebody else was quicker: the line that was clicked is outdated.
  if (!isTried) await markActivityDue(db, startId);
  database.signal('activity_due');
  homes.note({ liveChatId: start.liveChatId });
  if (!isTried) throw new UserFacingError(message('start.retriedAlready'));
}

async function startAgain({ database, db, identity }: SlackContext, { id }: Start): Promise<boolean> {
  const isTried = await retryFailedStart(db, identity.teamId, id);
  if (isTried) database.signal('starts_due');
  return isTried;
}

/**
 * Resolves the incidents of a process. Returns false if it has none. Throws {@link UserFacingError} if the process stops at
 * once for the same reason, which then needs a change elsewhere.
 */
export async function resolveIncidents(
  { engine }: Pick<SlackContext, 'engine'>,
  { processInstanceKey }: Pick<Start, 'processInstanceKey'>,
): Promise<boolean> {
  const incidents = processInstanceKey === null ? [] : await engine.listIncidents(processInstanceKey);
  for (const { key } of incidents) await engine.resolveIncident(key);
  if (processInstanceKey === null || incidents.length === 0) return false;
  const left = await engine.listIncidents(processInstanceKey);
  const same = left.find((one) => incidents.some(({ key, reason }) => key === one.key && reason === one.reason));
  if (same) throw new UserFacingError(message('start.stuckAgain', { reason: same.reason }));
  return true;
}
