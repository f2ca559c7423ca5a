import type { LiveChat } from '../../live-chats/live-chat.ts';
import { roleOf } from '../../live-chats/staff.ts';
import type { SlackContext } from '../slack-context.ts';
import { isAdministrator } from './administrator.ts';

/** The live chats in which a person has a role. */
export interface HomeRights {
  /** Live chats that the person operates or supervises, by name. */
  staffed: LiveChat[];
  /** Live chats whose starts the person may see, by name: a supervisor's own, all for administrators. */
  supervised: LiveChat[];
  isAdministrator: boolean;
}

/** Throws UnavailableError if Slack does not say who is in a user group. */
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
