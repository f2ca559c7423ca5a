import { UserFacingError } from '../../errors.ts';
import { roleOf } from '../../live-chats/staff.ts';
import { getStart, type Start } from '../../starts/queries.ts';
import { type Message, message } from '../../words/message.ts';
import type { SlackContext } from '../slack-context.ts';
import { isAdministrator } from './administrator.ts';

/**
 * The start, for a person who may cancel it: supervisors of its live chat, and administrators. Throws {@link UserFacingError}
 * for others.
 */
export function requireCancelRight(context: SlackContext, startId: string, userId: string): Promise<Start> {
  return requireOverseer(context, startId, userId, message('home.mayNotCancel'));
}

/** @param refusal the message for anybody else */
export async function requireOverseer(
  context: SlackContext,
  startId: string,
  userId: string,
  refusal: Message,
): Promise<Start> {
  const { db, directory, identity, liveChats } = context;
  const start = await getStart(db, identity.teamId, startId);
  if (!start) throw new UserFacingError(message('start.gone'));
  const liveChat = start.liveChatId ? liveChats.get(start.teamId, start.liveChatId) : undefined;
  if (liveChat && (await roleOf(liveChat, userId, directory.groupMembers)) === 'supervisor') return start;
  if (await isAdministrator(context, userId)) return start;
  throw new UserFacingError(refusal);
}
