import { UserFacingError } from '../../errors.ts';
import { type Role, roleOf } from '../../live-chats/staff.ts';
import { message } from '../../words/message.ts';
import type { SlackContext } from '../slack-context.ts';
import { isAdministrator } from './administrator.ts';
import { findSession, howToChange, type OperatedSession } from './require-operator.ts';

export interface AccessedSession extends OperatedSession {
  /** Undefined: an administrator who is neither operator nor supervisor. */
  role: Role | undefined;
  isAdministrator: boolean;
}

/**
 * The session of a conversation, for a person who may see and change it: operators and supervisors of its live chat, and
 * administrators. To be called at every step: a view can be forged, or the person's rights removed since it was opened. Throws
 * {@link UserFacingError} with the reason why not.
 */
export async function accessSession(
  context: SlackContext,
  channelId: string,
  userId: string,
): Promise<AccessedSession> {
  const [found, isAdmin] = await Promise.all([findSession(context, channelId), isAdministrator(context, userId)]);
  if (!found) {
    throw new UserFacingError(message('session.noLiveChat', { change: await howToChange(context, userId) }));
  }
  const role = await roleOf(found.liveChat, userId, context.directory.groupMembers);
  if (!role && !isAdmin) throw new UserFacingError(message('session.staffOnly'));
  return { ...found, role, isAdministrator: isAdmin };
}
