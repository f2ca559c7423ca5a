import { UserFacingError } from '../../errors.ts';
import type { LiveChat } from '../../live-chats/live-chat.ts';
import { getLiveChat } from '../../live-chats/queries.ts';
import { message } from '../../words/message.ts';
import type { SlackContext } from '../slack-context.ts';

/** A live chat of this workspace. Throws a UserFacingError if it was deleted since the view was opened. */
export async function requireLiveChat(
  { db, identity }: Pick<SlackContext, 'db' | 'identity'>,
  liveChatId: string,
): Promise<LiveChat> {
  const liveChat = await getLiveChat(db, identity.teamId, liveChatId);
  if (!liveChat) throw new UserFacingError(message('liveChat.gone'));
  return liveChat;
}
