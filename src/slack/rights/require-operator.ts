import { UserFacingError } from '../../errors.ts';
import { recordEvent } from '../../intake/record-event.ts';
import { isAway } from '../../live-chats/absences.ts';
import type { LiveChat } from '../../live-chats/live-chat.ts';
import { roleOf } from '../../live-chats/staff.ts';
import { getSessionByChannel, getSessionWithLiveChat } from '../../sessions/queries.ts';
import type { Session } from '../../sessions/session.ts';
import { type Message, message } from '../../words/message.ts';
import { conversationOf } from '../conversation-events.ts';
import { intakeDependencies } from '../intake-dependencies.ts';
import { recogniseChannel } from '../recognise-channel.ts';
import type { SlackContext } from '../slack-context.ts';
import { isAdministrator } from './administrator.ts';

export interface OperatedSession {
  session: Session;
  liveChat: LiveChat;
}

/**
 * The session of a conversation, for a person who may start processes in it. To be called at every step: a view can be forged,
 * or the person's rights removed since it was opened. Throws {@link UserFacingError} with the reason why not.
 */
export async function requireOperator(
  context: SlackContext,
  channelId: string,
  userId: string,
): Promise<OperatedSession> {
  const found = await findSession(context, channelId);
  if (!found) {
    throw new UserFacingError(message('startProcess.noLiveChat', { change: await howToChange(context, userId) }));
  }
  const { session, liveChat } = found;
  if (!(await roleOf(liveChat, userId, context.directory.groupMembers))) {
    throw new UserFacingError(message('startProcess.onlyStaff'));
  }
  if (session.status === 'spam') {
    throw new UserFacingError(message('session.isSpam'));
  }
  if (await isAway(context.db, liveChat.id, userId)) {
    throw new UserFacingError(message('away.mayNotStart', { liveChat: liveChat.name }));
  }
  return found;
}

/** The conversation's session; opened, without starting anything, if nobody has written since its live chat was created. */
export async function findSession(context: SlackContext, channelId: string): Promise<OperatedSession | undefined> {
  const { db, directory, identity, liveChats } = context;
  const { teamId } = identity;
  const known = await getSessionWithLiveChat(db, teamId, channelId);
  if (known) return known;
  const channel = await directory.channel(channelId);
  if (!channel) return undefined;
  if (await recogniseChannel(context, teamId, channel)) return getSessionWithLiveChat(db, teamId, channelId);
  const conversation = conversationOf(teamId, channel);
  const liveChat = liveChats.match(teamId, conversation);
  if (!liveChat) return undefined;
  await recordEvent(intakeDependencies(context), liveChat, conversation, { kind: 'adopted', at: new Date() });
  const session = await getSessionByChannel(db, teamId, channelId);
  return session && { session, liveChat };
}

/** The hint where to set up live chats, for administrators. */
export async function howToChange(context: SlackContext, userId: string): Promise<Message> {
  return message((await isAdministrator(context, userId)) ? 'session.changeInConfig' : 'session.askAdministrator');
}
