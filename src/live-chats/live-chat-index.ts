import { isDeepStrictEqual } from 'node:util';
import { sql } from 'drizzle-orm';
import { LRUCache } from 'lru-cache';
import { atMost } from '../cache-size.ts';
import type { Database, Db } from '../db/client.ts';
import type { Logger } from '../logger.ts';
import type { Timings } from '../timings.ts';
import type { LiveChat } from './live-chat.ts';
import { type Conversation, matchConversation } from './match-conversation.ts';
import { liveChats } from './tables.ts';

/**
 * Finds the live chat of a conversation in memory, and remembers which one it is. Most deliveries are about conversations that
 * belong to none, and so cost no query.
 */
export interface LiveChatIndex {
  match(teamId: string, conversation: Conversation): LiveChat | undefined;
  get(teamId: string, liveChatId: string): LiveChat | undefined;
  /** All live chats of a workspace, oldest first. */
  list(teamId: string): readonly LiveChat[];
  /**
   * The cached answer for a conversation; null: it belongs to none; undefined: not cached. A live chat may be outdated, if the
   * event that moved the conversation was missed: the session says whether it still is that live chat's.
   */
  recall(teamId: string, channelId: string): LiveChat | null | undefined;
  /** Like {@link LiveChatIndex.match}, but caches the answer. */
  find(teamId: string, conversation: Conversation): LiveChat | undefined;
  /** Drops a conversation from the cache on every replica, after its name or sharing changed. */
  forgetConversation(teamId: string, channelId: string): void;
  /** Reloads live chats on this and the other replicas; to be called after they changed. */
  changed(): Promise<void>;
  stop(): void;
}

/** Maximum number of conversations, with and without a live chat each. */
const mostRemembered = 50_000;

export async function createLiveChatIndex(
  database: Database,
  { refreshEveryMs }: Timings['liveChats'],
  logger: Logger,
): Promise<LiveChatIndex> {
  let byTeam = await loadLiveChats(database.db);
  // Bounded, because a workspace can have 100,000s of channels.
  const idOf = new LRUCache<string, string>(atMost(mostRemembered));
  const ofNone = new LRUCache<string, true>(atMost(mostRemembered));

  const refresh = async () => {
    byTeam = await loadLiveChats(database.db);
    idOf.clear();
    ofNone.clear();
  };
  /** Keeps what it can: otherwise messages of quiet conversations would hardly ever find theirs. */
  const check = async () => {
    const before = byTeam;
    byTeam = await loadLiveChats(database.db);
    if (!isDeepStrictEqual(sourcesOf(byTeam), sourcesOf(before))) idOf.clear();
    // A conversation may belong to a live chat since an event that was missed.
    ofNone.clear();
  };
  const quietly = (reading: Promise<void>) => {
    reading.catch((err) => logger.warn({ err }, 'live chats could not be refreshed'));
  };
  await database.listen('live_chats_changed', (channel) => {
    if (!channel) return quietly(refresh());
    idOf.delete(channel);
    ofNone.delete(channel);
  });
  const timer = setInterval(() => quietly(check()), refreshEveryMs);
  timer.unref();

  const match = (teamId: string, conversation: Conversation) =>
    matchConversation(conversation, byTeam.get(teamId) ?? []);

  const get = (teamId: string, liveChatId: string | undefined) =>
    byTeam.get(teamId)?.find((liveChat) => liveChat.id === liveChatId);

  return {
    match,
    get,
    list: (teamId) => byTeam.get(teamId) ?? [],
    recall(teamId, channelId) {
      const channel = key(teamId, channelId);
      return ofNone.get(channel) ? null : get(teamId, idOf.get(channel));
    },
    find(teamId, conversation) {
      const liveChat = match(teamId, conversation);
      const channel = key(teamId, conversation.channelId);
      if (liveChat) idOf.set(channel, liveChat.id);
      else ofNone.set(channel, true);
      (liveChat ? ofNone : idOf).delete(channel);
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

/** The parts of live chats that decide which conversations are theirs. */
const sourcesOf = (byTeam: ReadonlyMap<string, LiveChat[]>) =>
  [...byTeam.values()]
    .flat()
    .map(({ id, teamId, source, prefixes, channels }) => [id, teamId, source, prefixes, channels]);

const key = (teamId: string, channelId: string) => `${teamId} ${channelId}`;

async function loadLiveChats(db: Db): Promise<Map<string, LiveChat[]>> {
  const rows = await db.select().from(liveChats).orderBy(sql`created_at, id`);
  const byTeam = new Map<string, LiveChat[]>();
  for (const liveChat of rows) byTeam.set(liveChat.teamId, [...(byTeam.get(liveChat.teamId) ?? []), liveChat]);
  return byTeam;
}
