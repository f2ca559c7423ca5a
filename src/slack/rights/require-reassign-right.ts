import { UserFacingError } from '../../errors.ts';
import { roleOf } from '../../live-chats/staff.ts';
import type { Start } from '../../starts/queries.ts';
import { message } from '../../words/message.ts';
import type { SlackContext } from '../slack-context.ts';
import { isAdministrator } from './administrator.ts';

/**
 * Throws {@link UserFacingError} unless the person may reassign the task: its holder, operators and supervisors of its live
 * chat, and administrators.
 */
export async function requireReassignRight(
  context: SlackContext,
  { start, holder }: { start: Start; holder: string | undefined },
  userId: string,
): Promise<void> {
  const { directory, liveChats } = context;
  if (holder === userId) return;
  const liveChat = start.liveChatId ? liveChats.get(start.teamId, start.liveChatId) : undefined;
  if (liveChat && (await roleOf(liveChat, userId, directory.groupMembers))) return;
  if (await isAdministrator(context, userId)) return;
  throw new UserFacingError(message('tasks.mayNotReassign'));
}
