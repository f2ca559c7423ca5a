import { setTimeout as sleep } from 'node:timers/promises';
import { backoff } from '../db/backoff.ts';
import { startWorker, type Worker } from '../db/worker.ts';
import { recordEvent } from '../intake/record-event.ts';
import {
  type AdoptionClaim,
  claimAdoptions,
  continueAdoption,
  finishAdoption,
  type KnownConversation,
  listKnownConversations,
  nextAdoptionDueIn,
  postponeAdoption,
  queueJoin,
} from '../live-chats/adoption-queries.ts';
import type { LiveChat } from '../live-chats/live-chat.ts';
import { matchConversation } from '../live-chats/match-conversation.ts';
import { listLiveChats } from '../live-chats/queries.ts';
import { byAge, reassignSessions } from '../live-chats/reassign-sessions.ts';
import { conversationOf } from './conversation-events.ts';
import { discoveryOf } from './discovered-channel.ts';
import type { Channel } from './read-profile.ts';
import type { SlackContext } from './slack-context.ts';

/** Longer than Slack makes us wait between two pages of channels. */
const leaseMs = 3 * 60_000;

/** After how many channels the list of live chats shows progress. */
const progressStep = 20;

/** How long an event that tells of a channel may be on its way to us, in milliseconds. */
const settlingMs = 2000;

/**
 * Takes in the channels that match a live chat when it is saved, in the background; and once at start-up those that
 * appeared while nobody listened. Every step can be repeated, so after a crash it begins anew and is soon where it was.
 */
export async function startAdoptionWorker(context: SlackContext): Promise<Worker> {
  const { db, database, identity, logger } = context;
  const stopping = new AbortController();
  let catchUpAt = 0;
  let failures = 0;
  const worker = await startWorker({
    name: 'adoption',
    database,
    signal: 'adoption_due',
    logger,
    async work() {
      const claims = await claimAdoptions(db, identity.teamId, leaseMs);
      const catchUp = Date.now() >= catchUpAt;
      if (claims.length === 0 && !catchUp) return nextAdoptionDueIn(db, identity.teamId);
      const adoption = new Adoption(context, claims, stopping.signal, catchUp);
      try {
        await adoption.run();
        catchUpAt = Number.POSITIVE_INFINITY;
        failures = 0;
        return 0;
      } catch (err) {
        if (stopping.signal.aborted) {
          await adoption.postpone(0);
          return undefined;
        }
        failures += 1;
        const delay = backoff(failures);
        logger.warn({ err, retryInMs: delay }, 'channels will be taken in later');
        if (catchUp) catchUpAt = Date.now() + delay;
        await adoption.postpone(delay);
        return delay;
      }
    },
  });
  return {
    wake: worker.wake,
    async stop() {
      stopping.abort();
      await worker.stop();
    },
  };
}

interface Match {
  channel: Channel;
  liveChat: LiveChat;
}

/** One run over all channels of the workspace. */
class Adoption {
  readonly #context: SlackContext;
  readonly #stopping: AbortSignal;
  /** Whether to make up for what happened while Kickoff was down. */
  readonly #catchUp: boolean;
  /** By live chat's id. */
  readonly #claims: Map<string, AdoptionClaim>;
  /** Ids of the live chats that were just saved. */
  readonly #saved: Set<string>;
  readonly #total = new Map<string, number>();
  readonly #done = new Map<string, number>();

  constructor(context: SlackContext, claims: AdoptionClaim[], stopping: AbortSignal, catchUp: boolean) {
    this.#catchUp = catchUp;
    this.#context = context;
    this.#stopping = stopping;
    this.#claims = new Map(claims.map((claim) => [claim.liveChatId, claim]));
    this.#saved = new Set(claims.map(({ liveChatId }) => liveChatId));
  }

  async run(): Promise<void> {
    const { db, identity } = this.#context;
    await reassignSessions(db, identity.teamId);
    const liveChats = byAge(await listLiveChats(db, identity.teamId));
    if (liveChats.length === 0) return;
    const matches = await this.#findMatches(liveChats);
    for (const { liveChat } of matches) count(this.#total, liveChat.id);
    await this.#showProgress();
    const known = new Map(
      (await listKnownConversations(db, identity.teamId)).map((conversation) => [conversation.channelId, conversation]),
    );
    const unsettled: Match[] = [];
    for (const match of matches) {
      const discovery = this.#discoveryOf(match);
      if (!known.has(match.channel.id) && discovery === 'unsettled') unsettled.push(match);
      else await this.#takeIn(match, known.get(match.channel.id), discovery === 'created' ? 'created' : 'adopted');
    }
    if (unsettled.length > 0) await sleep(settlingMs, undefined, { signal: this.#stopping });
    for (const match of unsettled) await this.#takeIn(match, undefined, 'adopted');
    if (this.#catchUp) await this.#closeArchived(known, new Set(matches.map(({ channel }) => channel.id)));
    for (const claim of this.#claims.values()) {
      await finishAdoption(db, claim, this.#total.get(claim.liveChatId) ?? 0);
    }
  }

  async postpone(delayMs: number): Promise<void> {
    for (const claim of this.#claims.values()) await postponeAdoption(this.#context.db, claim, delayMs);
  }

  async #findMatches(liveChats: LiveChat[]): Promise<Match[]> {
    const matches: Match[] = [];
    for await (const page of this.#context.directory.channelPages()) {
      for (const channel of page) {
        const { id, name, isShared } = channel;
        const liveChat = matchConversation({ channelId: id, name, isShared }, liveChats);
        if (liveChat) matches.push({ channel, liveChat });
      }
      await this.#prolong();
    }
    return matches;
  }

  #discoveryOf({ channel, liveChat }: Match) {
    const savedAt = this.#saved.has(liveChat.id) ? liveChat.savedAt : undefined;
    return discoveryOf(channel, liveChat.createdAt, savedAt, new Date());
  }

  async #takeIn(
    { channel, liveChat }: Match,
    known: KnownConversation | undefined,
    kind: 'created' | 'adopted',
  ): Promise<void> {
    this.#stopping.throwIfAborted();
    const { db, identity } = this.#context;
    const conversation = conversationOf(identity.teamId, channel);
    if (known?.liveChatId !== liveChat.id)
      await recordEvent(this.#context.database, liveChat, conversation, { kind, at: channel.createdAt });
    if (this.#catchUp && known?.status === 'closed') await this.#recordStatus(liveChat, channel, 'reopened');
    if (known && conversation.mustJoin) {
      await queueJoin(db, identity.teamId, channel.id);
      this.#context.database.signal('joins_due');
    }
    if (count(this.#done, liveChat.id) % progressStep === 0) await this.#showProgress();
  }

  /** Sessions that are open, though their channel is not among those that are not archived. */
  async #closeArchived(known: Map<string, KnownConversation>, listed: Set<string>): Promise<void> {
    const { directory, identity, liveChats } = this.#context;
    for (const { channelId, liveChatId, status } of known.values()) {
      const liveChat = liveChatId === null ? undefined : liveChats.get(identity.teamId, liveChatId);
      if (!liveChat || status !== 'open' || listed.has(channelId)) continue;
      this.#stopping.throwIfAborted();
      const channel = await directory.channel(channelId);
      if (channel?.isArchived) await this.#recordStatus(liveChat, channel, 'closed');
    }
  }

  /** As of now: should the event that we missed come after all, it is the same change. */
  async #recordStatus(liveChat: LiveChat, channel: Channel, kind: 'closed' | 'reopened'): Promise<void> {
    const at = new Date();
    const conversation = conversationOf(this.#context.identity.teamId, channel);
    const slackTs = (at.getTime() / 1000).toFixed(6);
    await recordEvent(this.#context.database, liveChat, conversation, { kind, at, slackTs });
  }

  /** Keeps the leases while channels are still being found. */
  async #prolong(): Promise<void> {
    await this.#continue(() => ({ total: null, done: 0 }));
  }

  async #showProgress(): Promise<void> {
    await this.#continue((id) => ({ total: this.#total.get(id) ?? 0, done: this.#done.get(id) ?? 0 }));
  }

  async #continue(progress: (liveChatId: string) => { total: number | null; done: number }): Promise<void> {
    this.#stopping.throwIfAborted();
    for (const [id, claim] of this.#claims) {
      const continued = await continueAdoption(this.#context.db, claim, leaseMs, progress(id));
      if (continued) this.#claims.set(id, continued);
      // Saved again or deleted: the next run takes it up.
      else this.#claims.delete(id);
    }
  }
}

function count(counts: Map<string, number>, id: string): number {
  const next = (counts.get(id) ?? 0) + 1;
  counts.set(id, next);
  return next;
}
