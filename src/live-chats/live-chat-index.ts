import { sql } from 'drizzle-orm';
import { LRUCache } from 'lru-cache';
import type { Database, Db } from '../db/client.ts';
import { notify } from '../db/query.ts';
import { liveChats } from '../db/schema.ts';
import type { Logger } from '../logger.ts';
import type { LiveChat } from './live-chat.ts';
import { type Conversation, matchConversation } from './match-conversation.ts';

/** How often the index is read again in case a signal was missed, in milliseconds. */
const refreshInterval = 30_000;

/**
 * Answers from memory which live chat a conversation belongs to, and remembers which belong to none: most deliveries
 * are about those, and cost no query.
 */
export interface LiveChatIndex {
  match(teamId: string, conversation: Conversation): LiveChat | undefined;
  get(teamId: string, liveChatId: string): LiveChat | undefined;
  /** Whether the conversation is known to belong to no live chat. */
  isIrrelevant(teamId: string, channelId: string): boolean;
  rememberIrrelevant(teamId: string, channelId: string): void;
  /** A conversation's name or sharing changed: nothing is known of it any more, on any replica. */
  forgetConversation(teamId: string, channelId: string): Promise<void>;
  /** To be called when live chats were changed: reads them again, here and on the other replicas. */
  changed(): Promise<void>;
  stop(): void;
}

export async function createLiveChatIndex(database: Database, logger: Logger): Promise<LiveChatIndex> {
  let byTeam = await loadLiveChats(database.db);
  let irrelevant = irrelevanceCache();

  const refresh = async () => {
    byTeam = await loadLiveChats(database.db);
    irrelevant = irrelevanceCache();
  };
  const refreshQuietly = () => {
    refresh().catch((err) => logger.warn({ err }, 'live chats could not be read again'));
  };
  await database.listen('live_chats_changed', (channel) => {
    if (!channel) refreshQuietly();
    else irrelevant.delete(channel);
  });
  const timer = setInterval(refreshQuietly, refreshInterval);
  timer.unref();

  return {
    match: (teamId, conversation) => matchConversation(conversation, byTeam.get(teamId) ?? []),
    get: (teamId, liveChatId) => byTeam.get(teamId)?.find((liveChat) => liveChat.id === liveChatId),
    isIrrelevant: (teamId, channelId) => irrelevant.has(key(teamId, channelId)),
    rememberIrrelevant: (teamId, channelId) => irrelevant.set(key(teamId, channelId), true),
    async forgetConversation(teamId, channelId) {
      irrelevant.delete(key(teamId, channelId));
      await notify(database.db, 'live_chats_changed', key(teamId, channelId));
    },
    async changed() {
      await refresh();
      await notify(database.db, 'live_chats_changed');
    },
    stop: () => clearInterval(timer),
  };
}

const key = (teamId: string, channelId: string) => `${teamId} ${channelId}`;

/** Bounded: a workspace can have 100,000s of channels. An hour, so that a change nobody told us of is noticed some day. */
const irrelevanceCache = () => new LRUCache<string, true>({ max: 50_000, ttl: 60 * 60 * 1000 });

async function loadLiveChats(db: Db): Promise<Map<string, LiveChat[]>> {
  const rows = await db.select().from(liveChats).orderBy(sql`created_at, id`);
  const byTeam = new Map<string, LiveChat[]>();
  for (const liveChat of rows) byTeam.set(liveChat.teamId, [...(byTeam.get(liveChat.teamId) ?? []), liveChat]);
  return byTeam;
}
