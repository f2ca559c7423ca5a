import type { LiveChat } from '../../live-chats/live-chat.ts';
import { roleOf } from '../../live-chats/staff.ts';
import type { SlackContext } from '../slack-context.ts';
import { isAdministrator } from './administrator.ts';

/** Which live chats somebody works in. */
export interface HomeRights {
  /** As operator or supervisor, by name. */
  staffed: LiveChat[];
  /** Those whose starts they see, by name: supervisors their own, administrators all. */
  supervised: LiveChat[];
  isAdministrator: boolean;
}

/** Throws UnavailableError while Slack does not say who is in a user group. */
export async function homeRights(context: SlackContext, userId: string): Promise<HomeRights> {
  const { directory, identity, liveChats } = context;
  const all = [...liveChats.list(identity.teamId)].sort((a, b) => a.name.localeCompare(b.name));
  const [roles, isAdmin] = await Promise.all([
    Promise.all(all.map((liveChat) => roleOf(liveChat, userId, directory.groupMembers))),
    isAdministrator(context, userId),
  ]);
  return {
    staffed: all.filter((_, at) => roles[at] !== undefined),
    supervised: isAdmin ? all : all.filter((_, at) => roles[at] === 'supervisor'),
    isAdministrator: isAdmin,
  };
}
