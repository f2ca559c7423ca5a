import { UserFacingError } from '../../errors.ts';
import type { LiveChat } from '../../live-chats/live-chat.ts';
import { roleOf } from '../../live-chats/staff.ts';
import { getSession } from '../../sessions/queries.ts';
import type { Start } from '../../starts/queries.ts';
import { message } from '../../words/message.ts';
import type { SlackContext } from '../slack-context.ts';
import { isAdministrator } from './administrator.ts';

/**
 * Throws {@link UserFacingError} unless the person may retry the start. Supervisors and administrators may retry every start;
 * operators those that they started, or all if the live chat has no supervisors. Nobody may where nothing can start.
 */
export async function requireRetryRight(context: SlackContext, start: Start, userId: string): Promise<void> {
  const session = await getSession(context.db, start.sessionId);
  if (session?.status === 'spam') {
    throw new UserFacingError(message('session.isSpam'));
  }
  const liveChat = start.liveChatId ? context.liveChats.get(start.teamId, start.liveChatId) : undefined;
  if (liveChat && (await mayAsStaff(context, liveChat, start, userId))) return;
  if (await isAdministrator(context, userId)) return;
  throw new UserFacingError(message('start.retryNotAllowed'));
}

async function mayAsStaff({ directory }: SlackContext, liveChat: LiveChat, start: Start, userId: string) {
  const role = await roleOf(liveChat, userId, directory.groupMembers);
  return role === 'supervisor' || (role === 'operator' && (start.startedBy === userId || !hasSupervisors(liveChat)));
}

/** Whether a live chat names supervisors, or groups of them. */
export function hasSupervisors({ supervisors, supervisorGroups }: LiveChat): boolean {
  return supervisors.length > 0 || supervisorGroups.length > 0;
}
