import { UserFacingError } from '../../errors.ts';
import { isAway } from '../../live-chats/absences.ts';
import type { LiveChat } from '../../live-chats/live-chat.ts';
import { roleOf } from '../../live-chats/staff.ts';
import { getSessionByChannel, getSessionWithLiveChat } from '../../sessions/queries.ts';
import { recordEvent, type Session } from '../../sessions/record-event.ts';
import { english } from '../../words/words.ts';
import { conversationOf } from '../conversation-events.ts';
import { isAdministrator } from '../live-chat-config/administrator.ts';
import type { SlackContext } from '../slack-context.ts';

export interface OperatedSession {
  session: Session;
  liveChat: LiveChat;
}

/**
 * The session of a conversation, for a person who may start processes in it. To be called at every step: a view can be
 * forged, or the person's rights be gone since it was opened. Throws {@link UserFacingError} with the reason why not.
 */
export async function requireOperator(
  context: SlackContext,
  channelId: string,
  userId: string,
): Promise<OperatedSession> {
  const found = await findSession(context, channelId);
  if (!found) throw new UserFacingError(await noLiveChatText(context, userId));
  const { session, liveChat } = found;
  if (!(await roleOf(liveChat, userId, context.directory.groupMembers))) {
    throw new UserFacingError('Only operators and supervisors of this live chat can start processes here.');
  }
  if (session.status === 'spam') {
    throw new UserFacingError('This session is marked as spam, so no process can be started from it.');
  }
  if (await isAway(context.db, liveChat.id, userId)) {
    throw new UserFacingError(english('away.mayNotStart', { liveChat: liveChat.name }));
  }
  return found;
}

/** The conversation's session; opened, without starting anything, if nobody has written since its live chat exists. */
export async function findSession(context: SlackContext, channelId: string): Promise<OperatedSession | undefined> {
  const { db, directory, identity, liveChats } = context;
  const { teamId } = identity;
  const known = await getSessionWithLiveChat(db, teamId, channelId);
  if (known) return known;
  const channel = await directory.channel(channelId);
  if (!channel) return undefined;
  const conversation = conversationOf(teamId, channel);
  const liveChat = liveChats.match(teamId, conversation);
  if (!liveChat) return undefined;
  await recordEvent(context.database, liveChat, conversation, { kind: 'adopted', at: new Date() });
  const session = await getSessionByChannel(db, teamId, channelId);
  return session && { session, liveChat };
}

async function noLiveChatText(context: SlackContext, userId: string): Promise<string> {
  const text = 'This conversation belongs to no live chat, so no process can be started from it.';
  return (await isAdministrator(context, userId))
    ? `${text} You can change that with \`/livechat-config\`. If it is a private channel, add Kickoff to it first.`
    : `${text} An administrator can change that.`;
}
