import { getSessionWithLiveChat } from '../../sessions/queries.ts';
import type { SlackContext } from '../slack-context.ts';

/**
 * Whether clients can read what is written in a channel: it is a session's conversation, or shared with another
 * organisation. An activity channel is checked when it is chosen, but may become either afterwards.
 */
export async function canClientsRead(
  { db, directory, identity }: Pick<SlackContext, 'db' | 'directory' | 'identity'>,
  channelId: string,
): Promise<boolean> {
  if (await getSessionWithLiveChat(db, identity.teamId, channelId)) return true;
  return (await directory.channel(channelId))?.isShared === true;
}
