import { UserFacingError } from '../../errors.ts';
import type { Start } from '../../starts/queries.ts';
import { message } from '../../words/message.ts';
import type { SlackContext } from '../slack-context.ts';
import { requireOverseer } from './require-cancel-right.ts';

/**
 * A start whose process has an incident, for a person who may set its variables and migrate it: supervisors of its live chat,
 * and administrators. Throws {@link UserFacingError} for others, or if there is no incident.
 */
export async function requireMendRight(
  context: SlackContext,
  startId: string,
  userId: string,
): Promise<Start & { processInstanceKey: string }> {
  const start = await requireOverseer(context, startId, userId, message('mend.notAllowed'));
  const { status, reason, processInstanceKey } = start;
  if (status !== 'running' || reason === null || processInstanceKey === null) {
    throw new UserFacingError(message('move.nothingHangs'));
  }
  return { ...start, processInstanceKey };
}
