import { sql } from 'drizzle-orm';
import { LRUCache } from 'lru-cache';
import type { Database, Db } from '../db/client.ts';
import type { Logger } from '../logger.ts';
import type { Timings } from '../timings.ts';
import type { LiveChat } from './live-chat.ts';
import { type Conversation, matchConversation } from './match-conversation.ts';
import { liveChats } from './tables.ts';

/**
 * Answers from memory which live chat a conversation belongs to, and remembers which belong to none: most deliveries
 * are about those, and cost no query.
 */
export interface LiveChatIndex {
  match(teamId: string, conversation: Conversation): LiveChat | undefined;
  get(teamId: string, liveChatId: string): LiveChat | undefined;
  /** All of a workspace, oldest first. */
  list(teamId: string): readonly LiveChat[];
  /** The live chat that the conversation belonged to when last asked; null: none; undefined: not remembered. */
  recall(teamId: string, channelId: string): LiveChat | null | undefined;
  /** As {@link LiveChatIndex.match}, and remembers the answer. */
  find(teamId: string, conversation: Conversation): LiveChat | undefined;
  /** A conversation's name or sharing changed: nothing is known of it any more, on any replica. */
  forgetConversation(teamId: string, channelId: string): void;
  /** To be called when live chats were changed: reads them again, here and on the other replicas. */
  changed(): Promise<void>;
  stop(): void;
}

export async function createLiveChatIndex(
  database: Database,
  { refreshEveryMs }: Timings['liveChats'],
  logger: Logger,
): Promise<LiveChatIndex> {
  let byTeam = await loadLiveChats(database.db);
  let remembered = conversationCache();

  const refresh = async () => {
    byTeam = await loadLiveChats(database.db);
    remembered = conversationCache();
  };
  const refreshQuietly = () => {
    refresh().catch((err) => logger.warn({ err }, 'live chats could not be read again'));
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

/** Bounded: a workspace can have 100,000s of channels. Every refresh begins with an empty one, so nothing in it grows old. */
const conversationCache = () => new LRUCache<string, { liveChat: LiveChat | null }>({ max: 50_000 });

async function loadLiveChats(db: Db): Promise<Map<string, LiveChat[]>> {
  const rows = await db.select().from(liveChats).orderBy(sql`created_at, id`);
  const byTeam = new Map<string, LiveChat[]>();
  for (const liveChat of rows) byTeam.set(liveChat.teamId, [...(byTeam.get(liveChat.teamId) ?? []), liveChat]);
  return byTeam;
}
