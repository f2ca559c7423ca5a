import type { LiveChat } from '../../live-chats/live-chat.ts';
import { roleOf } from '../../live-chats/staff.ts';
import { getSessionWithLiveChat } from '../../sessions/queries.ts';
import type { SlackContext } from '../slack-context.ts';

/**
 * Whether clients can read a live chat's activity channel: it is a session's conversation, shared with another organisation, or
 * has a guest in it who is not staff of the live chat. Checked when the channel is chosen, but it may change afterwards. Throws
 * UnavailableError if Slack does not answer.
 */
export async function canClientsRead(
  { db, directory, identity }: Pick<SlackContext, 'db' | 'directory' | 'identity'>,
  liveChat: LiveChat | undefined,
  channelId: string,
): Promise<boolean> {
  if (await getSessionWithLiveChat(db, identity.teamId, channelId)) return true;
  if ((await directory.channel(channelId))?.isShared) return true;
  for (const { id } of await directory.guests(channelId)) {
    if (!liveChat || !(await roleOf(liveChat, id, directory.groupMembers))) return true;
  }
  return false;
}
