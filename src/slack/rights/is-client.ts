import { roleOf } from '../../live-chats/staff.ts';
import type { Start } from '../../starts/queries.ts';
import type { SlackContext } from '../slack-context.ts';

/** The facts that decide who is a client, of a session or a start. */
export interface Served {
  teamId: string;
  liveChatId: string | null;
  clientUserId: string | null;
}

/** The same facts of a start. */
export const servedBy = ({ teamId, liveChatId, facts: { clientUserId } }: Start): Served => ({
  teamId,
  liveChatId,
  clientUserId,
});

/** Whether a person is a client and not staff. Clients must not see what a process does, whomever it names. */
export async function isClient(
  { directory, liveChats }: Pick<SlackContext, 'directory' | 'liveChats'>,
  { teamId, liveChatId, clientUserId }: Served,
  userId: string,
): Promise<boolean> {
  const liveChat = liveChatId ? liveChats.get(teamId, liveChatId) : undefined;
  if (liveChat && (await roleOf(liveChat, userId, directory.groupMembers))) return false;
  return userId === clientUserId || (await directory.person(userId))?.isExternal === true;
}
