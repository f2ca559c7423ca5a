import { startWorker, untilDue, type Worker } from '../db/worker.ts';
import { claimJoins, keepEarlierMessages, nextJoinDueIn, setJoinDue } from '../sessions/queries.ts';
import { transcriptLength } from '../sessions/record-event.ts';
import type { TranscriptMessage } from '../sessions/session-facts.ts';
import { backoff } from '../starts/backoff.ts';
import { platformError } from './directory.ts';
import { type MessageEvent, readMessage } from './read-message.ts';
import type { SlackContext } from './slack-context.ts';

/** A join that takes longer is made twice, which does no harm; one that a crash cut short is made soon after. */
const leaseMs = 10_000;

/** Slack's answers that no further attempt will change. */
const final = new Set([
  'channel_not_found',
  'is_archived',
  'method_not_supported_for_channel_type',
  'missing_scope',
  'not_in_channel',
]);

/**
 * Joins the public channels of sessions, for the app hears only what is said where it is a member, and reads what was said
 * before.
 */
export async function startJoinsWorker(context: SlackContext): Promise<Worker> {
  const { database, db, backgroundClient, logger } = context;
  let failures = 0;
  return startWorker({
    name: 'joins',
    database,
    signal: 'joins_due',
    logger,
    async work() {
      const due = await claimJoins(db, 5, leaseMs);
      for (const { id, channelId, isPrivate } of due) {
        try {
          if (!isPrivate) await backgroundClient.conversations.join({ channel: channelId });
          await keepEarlierMessages(db, id, await readHistory(context, channelId));
          await setJoinDue(db, id, null);
          failures = 0;
        } catch (err) {
          const reason = platformError(err);
          if (reason !== undefined && final.has(reason)) {
            logger.warn({ channelId, reason }, 'channel cannot be joined');
            await setJoinDue(db, id, null);
          } else {
            failures += 1;
            logger.warn({ err, channelId }, 'channel will be joined later');
            await setJoinDue(db, id, backoff(failures));
          }
        }
      }
      return due.length > 0 ? 0 : untilDue(await nextJoinDueIn(db));
    },
  });
}

async function readHistory({ backgroundClient }: SlackContext, channel: string): Promise<TranscriptMessage[]> {
  const { messages = [] } = await backgroundClient.conversations.history({ channel, limit: transcriptLength });
  return messages.flatMap(({ ts, text = '', ...message }) => {
    const reading = readMessage({ ...message, ts, channel } as MessageEvent);
    if (!ts || (reading.kind !== 'human' && reading.kind !== 'app')) return [];
    const [userId, authorName] = reading.kind === 'human' ? [reading.userId, null] : [null, reading.authorName ?? null];
    return [{ ts, text, userId, authorName }];
  });
}
