import { setTimeout as sleep } from 'node:timers/promises';
import { isAway } from '../db/away.ts';
import { backoff } from '../db/backoff.ts';
import { type HeldLease, type QueueWorker, startQueueWorker } from '../db/queue-worker.ts';
import { startWorker } from '../db/worker.ts';
import { recordEvent } from '../intake/record-event.ts';
import {
  type Adoption,
  adoptionQueue,
  type ClaimedAdoption,
  setAdoptionProgress,
} from '../live-chats/adoption-queries.ts';
import type { LiveChat } from '../live-chats/live-chat.ts';
import { byAge, matchConversation } from '../live-chats/match-conversation.ts';
import { listLiveChats } from '../live-chats/queries.ts';
import { queueJoin } from '../sessions/join-queue.ts';
import { type KnownConversation, listKnownConversations } from '../sessions/known-conversations.ts';
import { reassignSessions } from '../sessions/reassign-sessions.ts';
import { conversationOf, updateKnown } from './conversation-events.ts';
import { discoveryOf } from './discovered-channel.ts';
import { intakeDependencies } from './intake-dependencies.ts';
import { checkMembership, isOutdated } from './membership/check-membership.ts';
import { noticeRemoval } from './membership/notice-removal.ts';
import type { Channel } from './read-profile.ts';
import { recogniseChannel } from './recognise-channel.ts';
import type { SlackContext } from './slack-context.ts';

/** Number of channels after which the list of live chats shows progress. */
const progressStep = 20;

/**
 * Adopts the channels that match a live chat after it is saved, in the background; and at start-up those that appeared while
 * Kickoff was down. All steps are idempotent: after a crash it starts again and quickly catches up.
 */
export async function startAdoptionWorker(context: SlackContext): Promise<QueueWorker> {
  const { database, identity, timings, logger } = context;
  const { teamId } = identity;
  const stopping = new AbortController();
  const catchUp = await startCatchUp(context, stopping.signal);
  const worker = await startQueueWorker({
    name: 'adoption',
    database,
    signal: 'adoption_due',
    logger,
    // Each adoption lists all channels of the workspace.
    concurrency: 1,
    works: [
      {
        queue: adoptionQueue,
        leaseMs: timings.membership.adoptionLeaseMs,
        renewed: true,
        request: (free) => ({ limit: free, values: { teamId } }),
        handle: (adoption: ClaimedAdoption, lease) => adopt(context, adoption, lease, stopping.signal),
        ids: ({ id }: Adoption) => ({ liveChatId: id }),
      },
    ],
  });
  return {
    wake: worker.wake,
    async stop() {
      stopping.abort();
      await Promise.all([catchUp.stop(), worker.stop()]);
    },
  };
}

/** Catches up with channels that changed while Kickoff was down, and later with events that Slack withheld. */
async function startCatchUp(context: SlackContext, stopping: AbortSignal) {
  const { database, logger } = context;
  /** Milliseconds since 1970; undefined if there is nothing to catch up with. */
  let dueAt: number | undefined = 0;
  let failures = 0;
  const worker = await startWorker({
    name: 'catch-up',
    database,
    signal: 'adoption_due',
    logger,
    async work() {
      const earlyMs = dueAt === undefined ? undefined : dueAt - Date.now();
      if (earlyMs === undefined || earlyMs > 0) return earlyMs;
      dueAt = undefined;
      try {
        await catchUp(context, stopping);
        failures = 0;
        return undefined;
      } catch (err) {
        if (stopping.aborted) return undefined;
        dueAt ??= Date.now();
        failures += 1;
        const retryInMs = backoff(failures);
        logger.warn({ err, retryInMs }, 'missed messages of channels will be read later');
        return retryInMs;
      }
    },
  });
  await database.listen('catch_up_due', (payload) => {
    if (payload === undefined) return;
    dueAt = Number(payload);
    worker.wake();
  });
  return worker;
}

/** Adopts the channels that match the live chat. */
async function adopt(
  context: SlackContext,
  adoption: ClaimedAdoption,
  lease: HeldLease,
  stopping: AbortSignal,
): Promise<void> {
  const { db, identity } = context;
  // The lease is lost if the live chat is saved again or deleted in the meantime.
  const signal = AbortSignal.any([stopping, lease.signal]);
  try {
    await reassignSessions(db, identity.teamId);
    const matches = (await findMatches(context, signal)).filter(({ liveChat }) => liveChat.id === adoption.id);
    const total = matches.length;
    await setAdoptionProgress(db, adoption, { total, done: 0 });
    const known = await knownConversations(context);
    let done = 0;
    const takeInOne = async (match: Match, kind: 'created' | 'adopted') => {
      signal.throwIfAborted();
      await takeIn(context, match, known.get(match.channel.id), kind);
      done += 1;
      if (done % progressStep === 0) await setAdoptionProgress(db, adoption, { total, done });
    };
    const unsettled: Match[] = [];
    for (const match of matches) {
      const discovery = discover(match, match.liveChat.savedAt);
      if (!known.has(match.channel.id) && discovery === 'unsettled') unsettled.push(match);
      else await takeInOne(match, discovery === 'created' ? 'created' : 'adopted');
    }
    if (unsettled.length > 0) await sleep(context.timings.membership.settlingMs, undefined, { signal });
    for (const match of unsettled) await takeInOne(match, 'adopted');
    await lease.stopRenewing();
    await setAdoptionProgress(db, adoption, { total, done: total });
    await adoptionQueue.finish(db, adoption);
  } catch (error) {
    if (!signal.aborted) throw error;
    await lease.stopRenewing();
    await adoptionQueue.defer(db, adoption, 0);
  }
}

/**
 * Takes in channels that match a live chat, and closings and reopenings, whose events were missed. Channels of live chats whose
 * adoption is still due are left to that adoption.
 */
async function catchUp(context: SlackContext, stopping: AbortSignal): Promise<void> {
  const { db, identity, logger } = context;
  await reassignSessions(db, identity.teamId);
  await checkMembership(context, stopping).catch((err) => {
    stopping.throwIfAborted();
    // Membership is checked again soon. Catching up goes on if Slack answers.
    logger.warn({ err }, 'membership cannot be checked');
  });
  const matches = await findMatches(context, stopping);
  const known = await knownConversations(context);
  const attempt = async (channelId: string, work: () => Promise<void>) => {
    stopping.throwIfAborted();
    try {
      await work();
    } catch (err) {
      if (isAway(err) || stopping.aborted) throw err;
      logger.error({ err, channelId }, 'missed messages of a channel could not be read');
    }
  };
  for (const match of matches) {
    const { channel, liveChat } = match;
    const conversation = known.get(channel.id);
    if (liveChat.adoptionDueAt !== null && conversation?.liveChatId !== liveChat.id) continue;
    const kind = discover(match, undefined) === 'created' ? 'created' : 'adopted';
    await attempt(channel.id, async () => {
      await takeIn(context, match, conversation, kind);
      if (conversation && wasArchived(conversation)) await recordStatus(context, liveChat, channel, 'reopened');
    });
  }
  const listed = new Set(matches.map(({ channel }) => channel.id));
  for (const conversation of known.values()) {
    if (listed.has(conversation.channelId) || conversation.closedAt !== null) continue;
    await attempt(conversation.channelId, () => closeIfArchived(context, conversation));
  }
}

/**
 * Whether a session was closed because its channel was archived. Closed by hand, it stays closed until the client writes. In a
 * session that is marked as spam, the status does not tell; but archiving removes the app, and nobody else did.
 */
function wasArchived({ status, statusBy, closedAt, isMember, removedAt }: KnownConversation): boolean {
  if (status === 'spam') return closedAt !== null && !isMember && removedAt === null;
  return status === 'closed' && statusBy === null;
}

interface Match {
  channel: Channel;
  liveChat: LiveChat;
}

/** All unarchived channels of the workspace that belong to a live chat. */
async function findMatches({ db, directory, identity }: SlackContext, signal: AbortSignal): Promise<Match[]> {
  const liveChats = byAge(await listLiveChats(db, identity.teamId));
  if (liveChats.length === 0) return [];
  const matches: Match[] = [];
  for await (const page of directory.channelPages()) {
    signal.throwIfAborted();
    for (const channel of page) {
      const { id, name, isShared } = channel;
      const liveChat = matchConversation({ channelId: id, name, isShared }, liveChats);
      if (liveChat) matches.push({ channel, liveChat });
    }
  }
  return matches;
}

async function knownConversations({ db, identity }: SlackContext): Promise<Map<string, KnownConversation>> {
  const known = await listKnownConversations(db, identity.teamId);
  return new Map(known.map((conversation) => [conversation.channelId, conversation]));
}

const discover = ({ channel, liveChat }: Match, savedAt: Date | undefined) =>
  discoveryOf(channel, liveChat.createdAt, savedAt, new Date());

async function takeIn(
  context: SlackContext,
  { channel, liveChat }: Match,
  known: KnownConversation | undefined,
  kind: 'created' | 'adopted',
): Promise<void> {
  const { database, db, identity } = context;
  const conversation = conversationOf(identity.teamId, channel);
  if (!known) await recogniseChannel(context, identity.teamId, channel);
  if (known?.liveChatId !== liveChat.id) {
    await recordEvent(intakeDependencies(context), liveChat, conversation, { kind, at: channel.createdAt });
  }
  if (known && isOutdated(known, channel)) await updateKnown(context, identity.teamId, channel.id);
  if (!known || !conversation.mustJoin) return;
  // The app was a member: somebody removed it while Kickoff was down, or Slack sent no event.
  if (
    known.isMember &&
    (await noticeRemoval(context, { ...known, teamId: identity.teamId }, { at: new Date(), by: null }))
  ) {
    return;
  }
  await queueJoin(db, identity.teamId, channel.id);
  database.signal('joins_due');
}

/** Closes a session whose channel is not among the unarchived ones. */
async function closeIfArchived(context: SlackContext, { channelId, liveChatId }: KnownConversation): Promise<void> {
  const { directory, identity, liveChats } = context;
  const liveChat = liveChatId === null ? undefined : liveChats.get(identity.teamId, liveChatId);
  if (!liveChat) return;
  const channel = await directory.channel(channelId);
  if (channel?.isArchived) await recordStatus(context, liveChat, channel, 'closed');
}

/** Recorded with the current time; if the missed event still arrives, it is recognised as the same change. */
async function recordStatus(
  context: SlackContext,
  liveChat: LiveChat,
  channel: Channel,
  kind: 'closed' | 'reopened',
): Promise<void> {
  const at = new Date();
  const slackTs = (at.getTime() / 1000).toFixed(6);
  await recordEvent(intakeDependencies(context), liveChat, conversationOf(context.identity.teamId, channel), {
    kind,
    at,
    slackTs,
  });
}
