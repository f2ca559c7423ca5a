import type { LiveChat, LiveChatSettings } from './live-chat.ts';

/** The data that decides which live chat a conversation belongs to. */
export interface Conversation {
  channelId: string;
  name: string;
  /** Shared with another organisation (Slack Connect). */
  isShared: boolean;
}

type Source = Pick<LiveChatSettings, 'source' | 'prefixes' | 'channels'>;

/**
 * The live chat that a conversation belongs to: chosen beats the longest matching prefix beats Slack Connect. The first of
 * equal matches wins; saving refuses such clashes (`sourceClash`).
 */
export function matchConversation<Chat extends Source>(
  conversation: Conversation,
  liveChats: Chat[],
): Chat | undefined {
  let best: Chat | undefined;
  let bestRank = 0;
  for (const liveChat of liveChats) {
    const rank = matchRank(conversation, liveChat);
    if (rank > bestRank) {
      best = liveChat;
      bestRank = rank;
    }
  }
  return best;
}

/** Sorts live chats oldest first, so that the older of two equal matches gets the conversation. */
export function byAge(liveChats: LiveChat[]): LiveChat[] {
  return liveChats.toSorted(
    (one, other) => one.createdAt.getTime() - other.createdAt.getTime() || (one.id < other.id ? -1 : 1),
  );
}

/** 0: no match; 1: Slack Connect; 1 + length of the longest matching prefix; infinity: a chosen channel. */
function matchRank(conversation: Conversation, { source, prefixes, channels }: Source): number {
  switch (source) {
    case 'channels':
      return channels.includes(conversation.channelId) ? Number.POSITIVE_INFINITY : 0;
    case 'prefix': {
      const name = conversation.name.toLowerCase();
      const lengths = prefixes.filter((prefix) => name.startsWith(prefix)).map((prefix) => prefix.length);
      return lengths.length > 0 ? 1 + Math.max(...lengths) : 0;
    }
    case 'connect':
      return conversation.isShared ? 1 : 0;
  }
}

/**
 * Why two live chats cannot both have these sources: the same prefix, the same chosen channel, or Slack Connect twice. Returns
 * undefined if they can. `what` is the prefix or channel id that both name.
 */
export function sourceClash(one: Source, other: Source): { what: string } | undefined {
  if (one.source !== other.source) return undefined;
  switch (one.source) {
    case 'channels': {
      const shared = one.channels.find((channel) => other.channels.includes(channel));
      return shared === undefined ? undefined : { what: shared };
    }
    case 'prefix': {
      const shared = one.prefixes.find((prefix) => other.prefixes.includes(prefix));
      return shared === undefined ? undefined : { what: shared };
    }
    case 'connect':
      return { what: 'Slack Connect channels' };
  }
}
