import type { Claimed } from '../db/due-queue.ts';
import { type QueueWorker, startQueueWorker } from '../db/queue-worker.ts';
import { keepEarlierMessages } from '../intake/keep-earlier-messages.ts';
import { type ClaimedJoin, type DueJoin, finishJoin, joinQueue } from '../sessions/join-queue.ts';
import { instantOf } from '../sessions/properties.ts';
import { type DueRemoval, removalQueue } from '../sessions/removals.ts';
import type { TranscriptMessage } from '../sessions/session-facts.ts';
import { transcriptLength } from '../sessions/transcript.ts';
import type { ConversationEvent } from './conversation-event-schema.ts';
import { handleConversationEvent } from './conversation-events.ts';
import { noticeRemoval } from './membership/notice-removal.ts';
import { tellOfRemoval } from './membership/tell-of-removal.ts';
import { readContent } from './read-message.ts';
import { refusalOf } from './refusal.ts';
import type { SlackContext } from './slack-context.ts';
import { whoseMessage } from './whose-message.ts';

/** Slack's errors that mean there is nothing to join. Other refusals are shown at the session. */
const pointless = new Set([
  'channel_not_found',
  'is_archived',
  'method_not_supported_for_channel_type',
  'not_in_channel',
]);

/**
 * Joins the public channels of sessions, since the app only receives messages where it is a member, and reads their history.
 * Client messages since the session was opened count as received: joining can take a while.
 */
export async function startJoinsWorker(context: SlackContext): Promise<QueueWorker> {
  const { database, db, timings, logger } = context;
  const { joinLeaseMs: leaseMs } = timings.membership;
  return startQueueWorker({
    name: 'joins',
    database,
    signal: 'joins_due',
    logger,
    // Bulk work; Slack counts its calls together.
    concurrency: 1,
    works: [
      {
        queue: removalQueue,
        leaseMs,
        renewed: true,
        async handle(removal: Claimed<DueRemoval>, lease) {
          await tellOfRemoval(context, removal);
          await lease.stopRenewing();
          await removalQueue.finish(db, removal);
        },
        ids: ({ id, channelId }: DueRemoval) => ({ sessionId: id, channelId }),
      },
      {
        queue: joinQueue,
        leaseMs,
        renewed: true,
        async handle(join: ClaimedJoin, lease) {
          let isMember = false;
          try {
            isMember = await joinChannel(context, join);
          } catch (error) {
            const reason = refusalOf(error);
            if (reason === undefined) throw error;
            logger.warn({ channelId: join.channelId, reason }, 'channel cannot be joined');
            if (!pointless.has(reason)) {
              await lease.stopRenewing();
              return joinQueue.setAside(db, join);
            }
          }
          await lease.stopRenewing();
          await finishJoin(db, join, isMember);
        },
        ids: ({ id, channelId }: DueJoin) => ({ sessionId: id, channelId }),
      },
    ],
  });
}

/** Returns whether the app is in the channel. */
async function joinChannel(context: SlackContext, join: DueJoin): Promise<boolean> {
  const { db, directory, bulkClient } = context;
  const { id, teamId, channelId, isPrivate } = join;
  const unheardSince = join.unheardSince === null ? undefined : new Date(join.unheardSince);
  const channel = await directory.channel(channelId);
  if (channel?.isArchived) return false;
  if (join.isMember && !channel?.isMember && (await noticeRemoval(context, join, { at: new Date(), by: null })))
    return false;
  if (!isPrivate && !channel?.isMember) {
    await bulkClient.conversations.join({ channel: channelId });
    directory.forgetChannel(channelId);
  }
  const said = await readHistory(context, channelId, unheardSince);
  const isUnheard = ({ ts }: Said) => unheardSince !== undefined && instantOf(ts) >= unheardSince;
  const unheard = said.filter(isUnheard);
  // An app that was a member all the time missed only the unheard ones.
  const missed = join.isMember && unheardSince ? unheard : said;
  const transcript = await Promise.all(missed.map((one) => transcribed(context, one)));
  await keepEarlierMessages(db, id, transcript.flat().slice(-transcriptLength));
  // The conversation may still be remembered as one without a live chat, whose messages are ignored.
  if (unheard.length > 0) context.liveChats.forgetConversation(teamId, channelId);
  for (const message of unheard) await handleConversationEvent(context, teamId, message);
  return true;
}

type Said = Extract<ConversationEvent, { type: 'message' }>;

/** The conversation's last messages, oldest first: as many as a transcript has, and all since `since`. */
async function readHistory({ bulkClient }: SlackContext, channel: string, since: Date | undefined): Promise<Said[]> {
  const said: Said[] = [];
  let cursor: string | undefined;
  do {
    const page = await bulkClient.conversations.history({
      channel,
      limit: transcriptLength,
      ...(cursor && { cursor }),
    });
    for (const { ts, ...message } of page.messages ?? []) {
      if (ts) said.unshift({ ...message, type: 'message', channel, channel_type: 'channel', ts, event_ts: ts } as Said);
    }
    cursor = page.response_metadata?.next_cursor || undefined;
  } while (cursor && since && said[0] && instantOf(said[0].ts) >= since);
  return said;
}

async function transcribed(context: SlackContext, message: Said): Promise<TranscriptMessage[]> {
  const { ts } = message;
  const { text } = readContent(message);
  const reading = await whoseMessage(context, message);
  if (reading.kind === 'human') return [{ ts, text, userId: reading.userId, authorName: null }];
  return reading.kind === 'app' ? [{ ts, text, userId: null, authorName: reading.authorName ?? null }] : [];
}
