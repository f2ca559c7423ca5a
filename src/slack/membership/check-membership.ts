import { isAway } from '../../db/away.ts';
import { backoff } from '../../db/backoff.ts';
import { startWorker, type Worker } from '../../db/worker.ts';
import { type KnownConversation, listKnownConversations } from '../../sessions/known-conversations.ts';
import { markPresent } from '../../sessions/removals.ts';
import { updateKnown } from '../conversation-events.ts';
import type { Channel } from '../read-profile.ts';
import type { SlackContext } from '../slack-context.ts';
import { noticeRemoval } from './notice-removal.ts';

/** Periodically checks whether the app is still in the conversations of open sessions, and the kind of each channel. */
export async function startMembershipWorker(context: SlackContext): Promise<Worker> {
  const { database, logger } = context;
  const everyMs = context.timings.membership.checkEveryMs;
  const stopping = new AbortController();
  let dueAt = Date.now() + everyMs;
  let failures = 0;
  const worker = await startWorker({
    name: 'membership',
    database,
    logger,
    async work() {
      const earlyMs = dueAt - Date.now();
      if (earlyMs > 0) return earlyMs;
      try {
        await checkMembership(context, stopping.signal);
        failures = 0;
        dueAt = Date.now() + everyMs;
        return everyMs;
      } catch (err) {
        if (stopping.signal.aborted) return undefined;
        failures += 1;
        const retryInMs = backoff(failures);
        dueAt = Date.now() + retryInMs;
        logger.warn({ err, retryInMs }, 'membership will be checked later');
        return retryInMs;
      }
    },
  });
  return {
    ...worker,
    async stop() {
      stopping.abort();
      await worker.stop();
    },
  };
}

/** Compares Slack's list of the app's channels with the sessions. */
export async function checkMembership(context: SlackContext, stopping: AbortSignal): Promise<void> {
  const { db, directory, identity, logger } = context;
  const asOf = new Date();
  const own = new Map<string, Channel>();
  for await (const page of directory.ownChannelPages()) {
    stopping.throwIfAborted();
    for (const channel of page) own.set(channel.id, channel);
  }
  for (const conversation of await listKnownConversations(db, identity.teamId)) {
    stopping.throwIfAborted();
    const { channelId, liveChatId } = conversation;
    if (liveChatId === null) continue;
    try {
      await compare(context, conversation, own.get(channelId), asOf);
    } catch (err) {
      if (isAway(err)) throw err;
      logger.error({ err, channelId }, 'membership of a channel cannot be checked');
    }
  }
}

async function compare(
  context: SlackContext,
  conversation: KnownConversation,
  channel: Channel | undefined,
  asOf: Date,
): Promise<void> {
  const { database, db, identity } = context;
  const { id, channelId, isMember, removedAt, joinDueAt, status, statusBy } = conversation;
  if (!channel) {
    // Archiving removes the app as well, closing by hand does not.
    const isArchived = status === 'closed' && statusBy === null;
    if (!isMember || joinDueAt !== null || isArchived) return;
    await noticeRemoval(context, { ...conversation, teamId: identity.teamId }, { at: new Date(), by: null });
    return;
  }
  if (!isMember || removedAt !== null) {
    await markPresent(db, id, asOf);
    database.signal('joins_due');
  }
  if (isOutdated(conversation, channel)) await updateKnown(context, identity.teamId, channelId);
}

/** Whether a session's data differs from its conversation in Slack. */
export const isOutdated = (
  known: Pick<KnownConversation, 'name' | 'isPrivate' | 'isShared'>,
  channel: Pick<Channel, 'name' | 'isPrivate' | 'isShared'>,
): boolean =>
  known.name !== channel.name || known.isPrivate !== channel.isPrivate || known.isShared !== channel.isShared;
