import type { Conversation } from '../../live-chats/match-conversation.ts';
import type { Directory } from '../directory.ts';
import type { Channel } from '../read-profile.ts';

/**
 * A channel that the app can see; undefined for a private one that it is not in. A channel cached as invisible is asked for
 * again: the person may have invited the app since.
 */
export async function currentChannel(directory: Directory, channelId: string): Promise<Channel | undefined> {
  const channel = visible(await directory.channel(channelId));
  if (channel) return channel;
  directory.forgetChannel(channelId);
  return visible(await directory.channel(channelId));
}

function visible(channel: Channel | undefined): Channel | undefined {
  return channel?.isMember || channel?.isPrivate === false ? channel : undefined;
}

export function asConversation({ id, name, isShared }: Channel): Conversation {
  return { channelId: id, name, isShared };
}
