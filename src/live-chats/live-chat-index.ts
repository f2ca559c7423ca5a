import { sql } from 'drizzle-orm';
import { LRUCache } from 'lru-cache';
import type { Database, Db } from '../db/client.ts';
import type { Logger } from '../logger.ts';
import type { Timings } from '../timings.ts';
import type { LiveChat } from './live-chat.ts';
import { type Conversation, matchConversation } from './match-conversation.ts';
import { liveChats } from './tables.ts';

/**
 * Finds the live chat of a conversation in memory and caches conversations that belong to none. Most deliveries are about
 * those, and so cost no query.
 */
export interface LiveChatIndex {
  match(teamId: string, conversation: Conversation): LiveChat | undefined;
  get(teamId: string, liveChatId: string): LiveChat | undefined;
  /** All live chats of a workspace, oldest first. */
  list(teamId: string): readonly LiveChat[];
  /** The cached answer for a conversation; null: it belongs to none; undefined: not cached. */
  recall(teamId: string, channelId: string): LiveChat | null | undefined;
  /** Like {@link LiveChatIndex.match}, but caches the answer. */
  find(teamId: string, conversation: Conversation): LiveChat | undefined;
  /** Drops a conversation from the cache on every replica, after its name or sharing changed. */
  forgetConversation(teamId: string, channelId: string): void;
  /** Reloads live chats on this and the other replicas; to be called after they changed. */
  changed(): Promise<void>;
  stop(): void;
}

export async function createLiveChatIndex(
  database: Database,
  { refreshEveryMs }: Timings['liveChats'],
  logger: Logger,
): Promise<LiveChatIndex> {
  let byTeam = await loadLiveChats(database.db);
  // Bounded, because a workspace can have 100,000s of channels.
  const remembered = new LRUCache<string, { liveChat: LiveChat | null }>({ max: 50_000 });

  const refresh = async () => {
    byTeam = await loadLiveChats(database.db);
    // So that no entry stays that an event which was missed should have dropped.
    remembered.clear();
  };
  const refreshQuietly = () => {
    refresh().catch((err) => logger.warn({ err }, 'live chats could not be refreshed'));
  };
  await database.listen('live_chats_changed', (channel) => {
    if (!channel) refreshQuietly();
    else remembered.delete(channel);
  });
  const timer = setInterval(refreshQuietly, refreshEveryMs);
  timer.unref();

  const match = (teamId: string, conversation: Conversation) =>
    matchConversation(conversation, byTeam.get(teamId) ?? []);

  return {
    match,
    get: (teamId, liveChatId) => byTeam.get(teamId)?.find((liveChat) => liveChat.id === liveChatId),
    list: (teamId) => byTeam.get(teamId) ?? [],
    recall: (teamId, channelId) => remembered.get(key(teamId, channelId))?.liveChat,
    find(teamId, conversation) {
      const liveChat = match(teamId, conversation);
      remembered.set(key(teamId, conversation.channelId), { liveChat: liveChat ?? null });
      return liveChat;
    },
    forgetConversation: (teamId, channelId) => database.signal('live_chats_changed', key(teamId, channelId)),
    async changed() {
      await refresh();
      database.signal('live_chats_changed');
    },
    stop: () => clearInterval(timer),
  };
}

const key = (teamId: string, channelId: string) => `${teamId} ${channelId}`;

async function loadLiveChats(db: Db): Promise<Map<string, LiveChat[]>> {
  const rows = await db.select().from(liveChats).orderBy(sql`created_at, id`);
  const byTeam = new Map<string, LiveChat[]>();
  for (const liveChat of rows) byTeam.set(liveChat.teamId, [...(byTeam.get(liveChat.teamId) ?? []), liveChat]);
  return byTeam;
}
